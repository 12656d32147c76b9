"""Every road on which an address from outside is opened, each down to the real way out. A road gives what the person
at its end reads, and the stable word for it."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pytest

from tests.conformance.pretend_internet import CLOSES, LMS_URL, Internet
from tests.lti.paper_lms import rsa_key
from tests.lti.recorded_platforms import moodle
from tests.lti.rough_server import reply
from tests.lti.service_desk import CountedTokens
from tool.errors import PassbackError
from tool.lti.connector import Connector
from tool.lti.dynamic_registration import register
from tool.lti.errors import LaunchRefused, RegistrationRefused, ServiceError
from tool.lti.key_set import KeySets
from tool.lti.line_items import create_line_item, find_line_item, read_line_item, read_line_items
from tool.lti.memberships import read_members
from tool.lti.platform_configuration import fetch_configuration, read_configuration
from tool.lti.results import read_results
from tool.lti.scores import Score, post_score
from tool.lti.tool_keys import SigningKey
from tool.outbound import OutboundError, read_address
from tool.registration.checks.asking import FreshTokens
from tool.registration.refusals import words_for

Told = tuple[str, str]
"""The stable word, and what a person reads."""
Road = Callable[[Internet, str], Told]


class _NothingKept:
    def load(self, *_: object) -> None:
        return None

    def save(self, *_: object) -> None:
        raise AssertionError("keys from inside were kept")


def configuration(net: Internet, url: str) -> Told:
    """Dynamic registration asks the LMS what it is; a token of the LMS's goes along."""
    with pytest.raises(RegistrationRefused) as caught:
        fetch_configuration(net.outbound, url, "token", allows_loopback=net.allows_loopback)
    return caught.value.code, " ".join(words_for(caught.value))


def registration(net: Internet, url: str) -> Told:
    """The registration is sent to a place that was judged before, and that may lie elsewhere by now."""
    from_lms = moodle(LMS_URL, registration_endpoint=f"{LMS_URL}/registrations")
    described = read_configuration(f"{LMS_URL}/configuration", from_lms, allows_loopback=net.allows_loopback)
    object.__setattr__(described, "registration_url", url)
    with pytest.raises(RegistrationRefused) as caught:
        register(net.outbound, described, {}, "token")
    return caught.value.code, " ".join(words_for(caught.value))


def key_set(net: Internet, url: str) -> Told:
    """A launch needs the LMS's keys."""
    facts = net.facts(key_set=None, key_set_url=url)
    with pytest.raises(LaunchRefused) as caught:
        KeySets(net.outbound, _NothingKept()).find_key(facts, "any")
    return caught.value.code, _words(caught.value)


def token(net: Internet, url: str) -> Told:
    """A score needs an access token: our signed assertion goes out."""
    facts = net.facts(auth_token_url=url)
    tokens = FreshTokens(SigningKey("kid", rsa_key("tool")), net.outbound)
    with pytest.raises(ServiceError) as caught:
        read_members(Connector(facts, tokens, net.outbound), f"{LMS_URL}/members")
    return caught.value.reason, _words(caught.value)


def _with_token(call: Callable[[Connector, str], object]) -> Road:
    """A service whose host an operator has confirmed, so that only the connection is left to refuse it."""

    def go(net: Internet, url: str) -> Told:
        with pytest.raises(ServiceError) as caught:
            call(Connector(net.facts(), CountedTokens(), net.outbound, _confirmed(url)), url)
        return caught.value.reason, _words(caught.value)

    return go


def _after_a_page(call: Callable[[Connector, str], object], first: object) -> Road:
    """The LMS's own list begins well, and its header says where it goes on."""

    def go(net: Internet, url: str) -> Told:
        page = reply(200, json.dumps(first), {"Link": f'<{url}>; rel="next"'} | CLOSES)
        for path in ("/list", "/list/results"):
            net.lms.on(path, page)
        with pytest.raises(ServiceError) as caught:
            call(Connector(net.facts(), CountedTokens(), net.outbound, _confirmed(url)), f"{LMS_URL}/list")
        return caught.value.reason, _words(caught.value)

    return go


def _confirmed(url: str) -> frozenset[str]:
    try:
        return frozenset({read_address(url).host})
    except OutboundError:
        return frozenset()


def _words(error: PassbackError) -> str:
    return f"{error.message} {error.hint}"


def _send(connector: Connector, url: str) -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    five = Decimal(5)
    post_score(
        connector, url, Score("ben", five, five, at, None, None, is_new_submission=True, keeps_hand_typed_grade=False)
    )


def _find(connector: Connector, url: str) -> None:
    find_line_item(connector, url, resource_link_id="link", resource_id="fractions", tag="passback")


def _make(connector: Connector, url: str) -> None:
    wanted = {"label": "Fractions", "maximum": Decimal(10), "resource_id": "fractions", "tag": "passback"}
    create_line_item(connector, url, resource_link_id=None, **wanted)  # type: ignore[arg-type]


FIRST_CALLS: Final[Mapping[str, Road]] = {
    "the configuration document": configuration,
    "the registration endpoint": registration,
    "the key set": key_set,
    "the token request": token,
    "a score": _with_token(_send),
    "a line item": _with_token(read_line_item),
    "the line items": _with_token(read_line_items),
    "a line item looked for": _with_token(_find),
    "a line item made": _with_token(_make),
    "the results": _with_token(read_results),
    "the members": _with_token(read_members),
}
NEXT_LINKS: Final[Mapping[str, Road]] = {
    "the next line items": _after_a_page(read_line_items, []),
    "the next results": _after_a_page(read_results, []),
    "the next members": _after_a_page(read_members, {"members": []}),
}
EVERY_ROAD: Final[Mapping[str, Road]] = {**FIRST_CALLS, **NEXT_LINKS}
