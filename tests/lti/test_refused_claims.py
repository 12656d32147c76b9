"""Launches whose claims do not fit: each row changes one thing of a good launch and names the refusal it meets."""

import time
from collections.abc import Mapping

import pytest

from tests.lti.paper_lms import (
    ABSENT,
    CLAIM,
    FrontDoor,
    refusal,
)

LONG = "x" * 256


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"iss": ABSENT}, "claim.missing:iss", id="no issuer"),
        pytest.param({"iss": "https://lms.example/"}, "token.issuer", id="the issuer with a slash added"),
        pytest.param({"iss": "https://evil.example"}, "token.issuer", id="another issuer"),
        pytest.param({"iss": ["https://lms.example"]}, "claim.invalid:iss", id="a list as issuer"),
        pytest.param({"aud": ABSENT}, "claim.missing:aud", id="no audience"),
        pytest.param({"aud": []}, "claim.missing:aud", id="an empty list of audiences"),
        pytest.param({"aud": [[]]}, "claim.invalid:aud", id="a list of lists as audience"),
        pytest.param({"aud": {"a": 1}}, "claim.invalid:aud", id="an object as audience"),
        pytest.param({"aud": "someone-else"}, "token.audience", id="another audience"),
        pytest.param({"aud": ["passback-1", "other"]}, "token.audience", id="two audiences without a party"),
        pytest.param({"azp": "other"}, "token.audience", id="another party, one audience"),
        pytest.param({"aud": ["passback-1", "other"], "azp": "other"}, "token.audience", id="another party of two"),
        pytest.param({"aud": ["other"], "azp": "passback-1"}, "token.audience", id="we are no audience"),
        pytest.param({"aud": ["passback-1"], "azp": {}}, "token.audience", id="an object as party"),
        pytest.param({"exp": ABSENT}, "claim.missing:exp", id="no exp"),
        pytest.param({"iat": ABSENT}, "claim.missing:iat", id="no iat"),
        pytest.param({"exp": "1999999999"}, "claim.invalid:exp", id="exp as text"),
        pytest.param({"iat": "1999999999"}, "claim.invalid:iat", id="iat as text"),
        pytest.param({"exp": True}, "claim.invalid:exp", id="exp is true"),
        pytest.param({"exp": 10**400}, "claim.invalid:exp", id="exp of 400 digits"),
        pytest.param({"iat": -1}, "claim.invalid:iat", id="iat before 1970"),
        pytest.param({"nbf": [1]}, "claim.invalid:nbf", id="a list as nbf"),
        pytest.param({"nonce": ABSENT}, "claim.missing:nonce", id="no nonce"),
        pytest.param({"nonce": "made-up"}, "nonce.mismatch", id="a made-up nonce"),
        pytest.param({"nonce": ["a"]}, "claim.invalid:nonce", id="a list as nonce"),
        pytest.param({"nonce": "\ud800"}, "claim.invalid:nonce", id="half a character as nonce"),
        pytest.param({CLAIM + "version": ABSENT}, "claim.missing:version", id="no version"),
        pytest.param({CLAIM + "version": "1.2.0"}, "version.unsupported", id="another version"),
        pytest.param({CLAIM + "version": 1.3}, "claim.invalid:version", id="a number as version"),
        pytest.param({CLAIM + "message_type": ABSENT}, "claim.missing:message_type", id="no message type"),
        pytest.param({CLAIM + "message_type": "LtiOther"}, "message.unknown", id="an unknown message type"),
        pytest.param({CLAIM + "message_type": []}, "claim.invalid:message_type", id="a list as message type"),
        pytest.param({CLAIM + "deployment_id": ABSENT}, "claim.missing:deployment_id", id="no deployment"),
        pytest.param({CLAIM + "deployment_id": ""}, "claim.missing:deployment_id", id="an empty deployment"),
        pytest.param({CLAIM + "deployment_id": LONG}, "claim.too_long:deployment_id", id="a long deployment"),
        pytest.param({CLAIM + "deployment_id": 7}, "claim.invalid:deployment_id", id="a number as deployment"),
        pytest.param({CLAIM + "deployment_id": "unheard"}, "deployment.unknown", id="an unknown deployment"),
        pytest.param({CLAIM + "target_link_uri": ABSENT}, "claim.missing:target_link_uri", id="no target"),
        pytest.param({CLAIM + "target_link_uri": "https://evil.example/"}, "target.mismatch", id="another target"),
        pytest.param({CLAIM + "target_link_uri": {}}, "claim.invalid:target_link_uri", id="an object as target"),
        pytest.param({"sub": ABSENT}, "claim.missing:sub", id="nobody"),
        pytest.param({"sub": ""}, "claim.missing:sub", id="an empty person"),
        pytest.param({"sub": LONG}, "claim.too_long:sub", id="a long person"),
        pytest.param({"sub": 7}, "claim.invalid:sub", id="a number as person"),
        pytest.param({"sub": "be\x00n"}, "claim.invalid:sub", id="a person with a NUL"),
        pytest.param({"sub": "\udfff"}, "claim.invalid:sub", id="half a character as person"),
        pytest.param({CLAIM + "roles": ABSENT}, "claim.missing:roles", id="no roles"),
        pytest.param({CLAIM + "roles": "Instructor"}, "claim.invalid:roles", id="a text as roles"),
        pytest.param({CLAIM + "roles": [1, 2]}, "claim.invalid:roles", id="numbers as roles"),
        pytest.param({CLAIM + "roles": {}}, "claim.invalid:roles", id="an object as roles"),
        pytest.param({CLAIM + "resource_link": ABSENT}, "claim.missing:resource_link", id="no link"),
        pytest.param({CLAIM + "resource_link": {}}, "claim.missing:resource_link", id="a link without id"),
        pytest.param({CLAIM + "resource_link": "x"}, "claim.missing:resource_link", id="a text as link"),
        pytest.param({CLAIM + "resource_link": {"id": [1]}}, "claim.invalid:resource_link", id="a list as link id"),
        pytest.param({CLAIM + "resource_link": {"id": LONG}}, "claim.too_long:resource_link", id="a long link"),
        pytest.param({CLAIM + "context": {"id": LONG}}, "claim.too_long:context", id="a long course"),
        pytest.param({CLAIM + "context": {"id": {"x": 1}}}, "claim.invalid:context", id="an object as course"),
    ],
)
def test_a_claim_that_does_not_fit_is_named(door: FrontDoor, changes: Mapping[str, object], code: str) -> None:
    assert refusal(lambda: door.launch(changes)).code == code


def test_of_several_missing_claims_the_first_is_named(door: FrontDoor) -> None:
    changes = {CLAIM + name: ABSENT for name in ("message_type", "version", "roles", "resource_link")}

    assert refusal(lambda: door.launch(changes)).code == "claim.missing:message_type"


def test_signed_json_that_is_no_launch_is_refused(door: FrontDoor) -> None:
    assert refusal(lambda: door.post(door.begin(), door.sign({"name": "badltilaunch"}))).code == "claim.missing:iss"


@pytest.mark.parametrize(
    ("iat", "exp", "code"),
    [
        pytest.param(-120, -61, "token.expired", id="expired a minute ago"),
        pytest.param(0, -3600, "token.expired", id="expired before it was made"),
        pytest.param(600, 660, "clock.ahead", id="ten minutes in the future"),
        pytest.param(62, 122, "clock.ahead", id="just over a minute in the future"),
        pytest.param(-86_400, 600, "token.too_old", id="a day old and still valid"),
        pytest.param(-665, 600, "token.too_old", id="eleven minutes old and still valid"),
        pytest.param(0, 86_500, "token.lifetime", id="valid for more than a day"),
        pytest.param(0, 315_360_000, "token.lifetime", id="valid for ten years"),
    ],
)
def test_a_token_out_of_its_time_is_refused(door: FrontDoor, iat: int, exp: int, code: str) -> None:
    now = int(time.time())

    assert refusal(lambda: door.launch({"iat": now + iat, "exp": now + exp})).code == code


def test_a_token_that_is_not_valid_yet_points_to_the_clocks(door: FrontDoor) -> None:
    refused = refusal(lambda: door.launch({"nbf": int(time.time()) + 600}))

    assert refused.code == "clock.ahead"
    assert "clock" in refused.message
