"""Whatever is sent, the room answers with a value or with one of its own errors, and with nothing else."""

import json
from contextlib import suppress
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lti.paper_lms import CLAIM, FrontDoor, encode_part, sign_raw
from tool.lti import quirks
from tool.lti.answers import make_excerpt, read_retry_after
from tool.lti.claims import read_claims
from tool.lti.connector import Connector
from tool.lti.errors import LaunchRefused, ServiceError
from tool.lti.link_header import find_next_url
from tool.lti.login import read_login
from tool.lti.memberships import read_members
from tool.lti.platform import PlatformFacts
from tool.lti.results import read_results
from tool.lti.sealed import NO_NETWORK
from tool.lti.token_format import read_token
from tool.outbound import Answer, Outbound, OutboundError, read_address

ANY_TEXT = st.text(max_size=40) | st.sampled_from(["\ud800", "\x00", "$x", "https://[", "1e999", "http://a/b?c"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
CLAIM_NAMES = st.sampled_from(
    ["iss", "aud", "azp", "sub", "exp", "iat", "nbf", "nonce", "name", "email", "locale"]
    + [CLAIM + name for name in ("version", "message_type", "deployment_id", "target_link_uri", "roles")]
    + [CLAIM + name for name in ("resource_link", "context", "custom", "lis", "launch_presentation", "for_user")]
    + ["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint", CLAIM + "tool_platform"]
)
ANSWERS = st.builds(
    Answer,
    st.integers(200, 599),
    st.dictionaries(st.sampled_from(["link", "retry-after", "content-type", "x-rate-limit-remaining"]), ANY_TEXT),
    st.binary(max_size=60) | ANY_JSON.map(lambda value: json.dumps(value).encode()),
)
FAMILIES = st.sampled_from(["canvas", "schoology", "moodle", "blackboard", "brightspace", "openedx", "unknown"])
STEADY = settings(max_examples=80, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def door(outbound: Outbound) -> FrontDoor:
    return FrontDoor(outbound)


@STEADY
@given(changes=st.dictionaries(CLAIM_NAMES, ANY_JSON, max_size=4))
def test_any_claims(door: FrontDoor, changes: dict[str, Any]) -> None:
    with suppress(LaunchRefused):
        door.launch(changes)
    with suppress(LaunchRefused):
        json.dumps(dict(read_claims(door.payload(door.begin(), changes)).custom)).encode()


@STEADY
@given(header=st.binary(max_size=60) | ANY_JSON.map(lambda value: json.dumps(value).encode()), payload=st.binary())
def test_any_bytes_as_a_token(door: FrontDoor, header: bytes, payload: bytes) -> None:
    for token in (sign_raw(header, payload), f"{encode_part(header)}.{encode_part(payload)}", repr(header)):
        with suppress(LaunchRefused):
            door.post(door.begin(), token)
        with suppress(LaunchRefused):
            read_token(token)


@STEADY
@given(text=ANY_TEXT, prefix=st.sampled_from(["", "state-", "state-eyJhIjoxfQ."]))
def test_any_text_as_state_login_or_address(door: FrontDoor, text: str, prefix: str) -> None:
    with suppress(LaunchRefused):
        door.signer.read(prefix + text)
    with suppress(LaunchRefused):
        read_login({"iss": text, "login_hint": text, "target_link_uri": text, "lti_message_hint": text})
    with suppress(OutboundError):
        read_address("https://" + text)


@STEADY
@given(family=FAMILIES, answer=ANSWERS, link=ANY_TEXT)
def test_any_answer(family: str, answer: Answer, link: str) -> None:
    assert quirks.is_accepted(family, answer) in (True, False)
    assert quirks.classify(family, answer).message
    assert quirks.classify_token_refusal(family, answer).message
    assert make_excerpt(answer).isprintable()
    read_retry_after(answer)
    find_next_url(f"<{link}>; rel={link}")


class Parrot(Connector):
    """A connector whose LMS gives one and the same answer to everything."""

    def __init__(self, platform: PlatformFacts, answer: Answer) -> None:
        self.platform = platform
        self.answer = answer

    def call(self, *_args: Any, **_kwargs: Any) -> Answer:
        return self.answer


@STEADY
@given(family=FAMILIES, listed=ANY_JSON, link=ANY_TEXT, url=ANY_TEXT)
def test_any_list(door: FrontDoor, family: str, listed: Any, link: str, url: str) -> None:
    for body in (
        listed,
        [listed],
        {"members": [listed]},
        [{"userId": "ben", "resultScore": listed, "timestamp": link}],
    ):
        answer = Answer(200, {"link": f"<{link}>; rel=next"}, json.dumps(body).encode())
        parrot = Parrot(door.facts, answer)
        for read in (read_members, read_results):
            for address in ("https://lms.example/x", url):
                with suppress(ServiceError):
                    read(parrot, address)


def test_pylti1p3_cannot_open_a_connection_of_its_own() -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        NO_NETWORK.get("https://lms.example/keys", timeout=1)
