"""Tests the connection to a platform, step by step, for an operator and for an invited administrator of the LMS.

No transaction is open while somebody is asked. Everything goes out through connections and tokens of the test's own, so
nothing that is kept hides a trouble, and nothing is written but whose turn it is.
"""

from contextlib import closing

from tool.db import Database
from tool.errors import PassbackError
from tool.language import gettext
from tool.lti.connector import Connector
from tool.registration.checks import history, ourselves
from tool.registration.checks.addresses import check_addresses
from tool.registration.checks.asking import BoundedOutbound, FreshTokens
from tool.registration.checks.course import check_course, skip_course
from tool.registration.checks.key_set import check_clock, check_key_set
from tool.registration.checks.steps import Step
from tool.registration.checks.subject import Subject, read_subject
from tool.registration.checks.tokens import check_tokens
from tool.registration.checks.turns import taking_turn
from tool.registration.keys import ensure_signing_key, read_published_keys
from tool.settings import Settings


class UnknownPlatform(PassbackError):
    """There is no platform of this id."""


def check_platform(database: Database, settings: Settings, platform_id: int, *, invited: bool) -> list[Step]:
    """Every step in its order, within 40 seconds. For somebody `invited` nothing of our own house is told that is not
    theirs to know. Raises UnknownPlatform; CheckedJustNow."""
    subject = read_subject(database, platform_id)
    if subject is None:
        raise UnknownPlatform(gettext("There is no such platform."))
    with (
        taking_turn(database, platform_id),
        closing(BoundedOutbound(allow_loopback_http=not settings.is_production)) as outbound,
    ):
        tokens = _make_tokens(database, settings, outbound)
        return [
            history.check_registration(subject, invited=invited),
            *_check_lms(settings, subject, tokens, outbound),
            *_check_ourselves(settings, subject, _read_kids(database), outbound, invited=invited),
            history.check_deployments(subject, invited=invited),
            history.check_last_launch(subject, invited=invited),
            history.check_last_score(subject),
        ]


def _check_lms(
    settings: Settings, subject: Subject, tokens: FreshTokens | None, outbound: BoundedOutbound
) -> list[Step]:
    facts, own_keys = subject.facts, settings.base_url + ourselves.KEY_SET_PATH
    addresses = check_addresses(facts, allows_loopback=not settings.is_production)
    outbound.begin_step()
    key_set = check_key_set(subject, outbound, own_keys)
    granted = check_tokens(facts, tokens, outbound, own_keys)
    # After the tokens: their answers come from the LMS itself, and from no cache in front of it.
    steps = [addresses, key_set, check_clock(outbound.clock_ahead_seconds), *granted]
    if tokens is None or not any(step.state == "good" for step in granted):
        return steps + skip_course(gettext("Not tested, since no access token was given."))
    connector = Connector(facts, tokens, outbound, allowed_hosts=subject.service_hosts)
    return steps + check_course(subject.course, connector, outbound, own_keys)


def _check_ourselves(
    settings: Settings, subject: Subject, kids: frozenset[str], outbound: BoundedOutbound, *, invited: bool
) -> list[Step]:
    steps = [
        ourselves.check_own_keys(settings, kids, subject.facts, outbound),
        ourselves.check_base_url(settings, subject.facts),
    ]
    if not invited:
        steps.append(ourselves.check_environment(settings))
    return [*steps, ourselves.check_frame(settings, subject, outbound)]


def _make_tokens(database: Database, settings: Settings, outbound: BoundedOutbound) -> FreshTokens | None:
    """None when this machine cannot sign."""
    try:
        return FreshTokens(ensure_signing_key(database, settings), outbound)
    except PassbackError:
        return None


def _read_kids(database: Database) -> frozenset[str]:
    return frozenset(str(key["kid"]) for key in read_published_keys(database))
