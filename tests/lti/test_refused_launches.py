"""Launches that must not work: each row changes one thing of a good launch and names the refusal it must meet."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.lti.paper_lms import (
    ABSENT,
    CLAIM,
    FrontDoor,
    Registry,
    ShelfStore,
    encode_part,
    make_facts,
    public_entry,
    rsa_key,
    sign_raw,
    sign_with,
)
from tool.lti.errors import LaunchRefused
from tool.lti.key_set import KeySets
from tool.lti.login import StateSigner

LONG = "x" * 256


def refusal(act: Callable[[], object]) -> LaunchRefused:
    """Do it, and give back the refusal it must end in."""
    with pytest.raises(LaunchRefused) as caught:
        act()
    assert caught.value.message
    assert caught.value.hint
    assert caught.value.section
    return caught.value


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


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        pytest.param({"alg": "none"}, "token.algorithm", id="alg none"),
        pytest.param({"alg": "nOnE"}, "token.algorithm", id="alg nOnE"),
        pytest.param({"alg": ABSENT}, "token.algorithm", id="no alg"),
        pytest.param({"alg": ["RS256"]}, "token.algorithm", id="a list as alg"),
        pytest.param({"alg": "RS384"}, "token.algorithm", id="RS384"),
        pytest.param({"alg": "PS256"}, "token.algorithm", id="PS256"),
        pytest.param({"kid": ABSENT}, "token.key_id", id="no kid"),
        pytest.param({"kid": ""}, "token.key_id", id="an empty kid"),
        pytest.param({"kid": 7}, "token.key_id", id="a number as kid"),
        pytest.param({"kid": LONG}, "token.key_id", id="a long kid"),
        pytest.param({"kid": "unheard-of"}, "key.unknown", id="an unknown kid"),
        pytest.param({"crit": ["exp"]}, "token.critical_header", id="a critical header"),
        pytest.param({"crit": []}, "token.critical_header", id="an empty critical header"),
        pytest.param({"b64": False}, "token.critical_header", id="an unencoded payload"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(door: FrontDoor, headers: Mapping[str, object], code: str) -> None:
    assert refusal(lambda: door.launch(headers=headers)).code == code


def test_keys_named_in_the_header_are_ignored(door: FrontDoor) -> None:
    """An attacker signs with his own key and says where it is to be found."""
    begun = door.begin()
    header = {
        "alg": "RS256",
        "kid": "lms-key",
        "jwk": public_entry("lms-key", rsa_key("attacker")),
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/cert",
    }
    payload = json.dumps(door.payload(begun)).encode()
    token = sign_raw(json.dumps(header).encode(), payload, rsa_key("attacker"))

    assert refusal(lambda: door.post(begun, token)).code == "token.signature"


def test_a_key_of_another_kind_is_refused_even_when_the_platform_publishes_it(door: FrontDoor) -> None:
    begun = door.begin()
    token = sign_with(door.payload(begun), ec.generate_private_key(ec.SECP256R1()), "ES256")

    assert refusal(lambda: door.post(begun, token)).code == "token.algorithm"


@pytest.mark.parametrize("secret", ["pem", "jwk"])
def test_the_public_key_does_not_work_as_a_shared_secret(door: FrontDoor, secret: str) -> None:
    """HS256 with what everybody can read as its secret, hidden behind an honest alg as well."""
    begun = door.begin()
    pem = (
        rsa_key("lms")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    text = pem if secret == "pem" else json.dumps(public_entry("lms-key")).encode()
    header = encode_part(b'{"alg":"HS256","kid":"lms-key"}')
    signing_input = f"{header}.{encode_part(json.dumps(door.payload(begun)).encode())}"
    signature = encode_part(hmac.new(text, signing_input.encode(), hashlib.sha256).digest())
    honest = signing_input.replace(header, encode_part(b'{"alg":"RS256","kid":"lms-key"}'))

    assert refusal(lambda: door.post(begun, f"{signing_input}.{signature}")).code == "token.algorithm"
    assert refusal(lambda: door.post(begun, f"{honest}.{signature}")).code == "token.signature"


def swap_payload(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{encode_part(json.dumps({**claims, 'sub': 'ada'}).encode())}.{signature}"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(swap_payload, "token.signature", id="payload changed after signing"),
        pytest.param(lambda token: token[:-20], "token.signature", id="signature cut"),
        pytest.param(lambda token: token.rpartition(".")[0] + ".", "token.signature", id="no signature"),
        pytest.param(lambda token: token.rpartition(".")[0] + ".!!!!", "token.signature", id="signature of rubbish"),
        pytest.param(lambda token: token + ".a.b", "token.unreadable", id="five parts, as an encrypted token"),
        pytest.param(lambda token: token.rpartition(".")[0], "token.unreadable", id="two parts"),
        pytest.param(lambda _: "", "token.missing", id="nothing"),
        pytest.param(lambda _: "..", "token.unreadable", id="three empty parts"),
        pytest.param(lambda _: "é.é.é", "token.unreadable", id="letters outside the alphabet"),
        pytest.param(lambda _: "\ud800.a.b", "token.unreadable", id="half a character"),
        pytest.param(lambda token: " " + token, "token.unreadable", id="a space before"),
        pytest.param(lambda token: token + "\n", "token.signature", id="a line break behind"),
        pytest.param(lambda token: token + "A" * 2_000_000, "token.too_long", id="two megabytes"),
        pytest.param(lambda _: "A" * 2_000_000, "token.too_long", id="two megabytes of one letter"),
    ],
)
def test_a_spoilt_token_is_refused(door: FrontDoor, spoil: Callable[[str], str], code: str) -> None:
    begun = door.begin()

    assert refusal(lambda: door.post(begun, spoil(door.sign(door.payload(begun))))).code == code


GOOD_HEADER = b'{"alg":"RS256","kid":"lms-key"}'


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        pytest.param(b"[]", b"{}", id="a list as header"),
        pytest.param(b"null", b"{}", id="null as header"),
        pytest.param(b"\xff\xfe", b"{}", id="a header that is no UTF-8"),
        pytest.param(GOOD_HEADER, b"[]", id="a list as payload"),
        pytest.param(GOOD_HEADER, b'"text"', id="a text as payload"),
        pytest.param(GOOD_HEADER, b"\xff", id="a payload that is no UTF-8"),
        pytest.param(GOOD_HEADER, b'{"exp":NaN}', id="not a number"),
        pytest.param(GOOD_HEADER, b'{"exp":-Infinity}', id="infinity"),
        pytest.param(GOOD_HEADER, b"[" * 30_000, id="lists without end"),
        pytest.param(GOOD_HEADER, b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"  ", id="objects in objects"),
        pytest.param(b'{"a":' * 10_000, b"{}", id="a header of objects in objects"),
        pytest.param(GOOD_HEADER, b'{"exp":' + b"9" * 9_000 + b"}", id="a number of 9,000 digits"),
        pytest.param(GOOD_HEADER, b'{"sub":"ben","sub":"ada"}', id="two persons under one name"),
        pytest.param(b'{"alg":"none","alg":"RS256","kid":"lms-key"}', b"{}", id="two algorithms under one name"),
    ],
)
def test_json_that_cannot_be_trusted_is_refused_before_anything_else(
    door: FrontDoor, header: bytes, payload: bytes
) -> None:
    token = sign_raw(header, payload)

    assert refusal(lambda: door.post(door.begin(), token)).code in ("token.unreadable", "token.too_long")


def test_ten_thousand_roles_are_refused_quickly(door: FrontDoor) -> None:
    begun = door.begin()
    token = door.sign(door.payload(begun, {CLAIM + "roles": ["x" * 40] * 10_000}))
    started = time.process_time()

    assert refusal(lambda: door.post(begun, token)).code == "token.too_long"
    assert time.process_time() - started < 0.1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"state": ABSENT}, "state.missing", id="no state"),
        pytest.param({"state": "state-made-up"}, "state.forged", id="a made-up state"),
        pytest.param({"state": "\ud800" * 10}, "state.forged", id="half characters as state"),
        pytest.param({"state": "state-" + "é" * 50}, "state.forged", id="letters outside the alphabet"),
        pytest.param({"state": "state-" + "x" * 1_000_000}, "state.forged", id="a megabyte of state"),
    ],
)
def test_a_state_that_is_not_ours_is_refused(door: FrontDoor, changes: Mapping[str, object], code: str) -> None:
    begun = door.begin()

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)), changes)).code == code


def test_a_state_signed_with_another_secret_is_refused(door: FrontDoor) -> None:
    begun = door.begin()
    forged = StateSigner("another secret").sign(begun.state)

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)), {"state": forged})).code == "state.forged"


def test_a_changed_state_is_refused(door: FrontDoor) -> None:
    begun = door.begin()
    middle = len(begun.signed_state) // 2
    other = "A" if begun.signed_state[middle] != "A" else "B"
    spoilt = begun.signed_state[:middle] + other + begun.signed_state[middle + 1 :]

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)), {"state": spoilt})).code == "state.forged"


def test_a_state_is_good_for_ten_minutes(door: FrontDoor) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        begun = door.begin()
        clock.shift(timedelta(minutes=10, seconds=1))

        assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.expired"


def test_dans_finished_login_does_not_work_in_bens_browser(door: FrontDoor) -> None:
    """Login CSRF: Dan completes a login of his own and lets Ben's browser post it."""
    dans = FrontDoor(door.outbound)
    begun = dans.begin()

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.cookie_missing"
    door.cookies[begun.state.login_id] = "a cookie of Ben's"
    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.other_browser"


def test_a_cookie_of_strange_characters_is_just_wrong(door: FrontDoor) -> None:
    begun = door.begin()
    door.cookies[begun.state.login_id] = "\ud800é"

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.other_browser"


def test_the_nonce_of_one_login_does_not_fit_the_state_of_another(door: FrontDoor) -> None:
    first, second = door.begin(), door.begin()

    assert refusal(lambda: door.post(first, door.sign(door.payload(second)))).code == "nonce.mismatch"


def test_a_used_nonce_does_not_fit_a_fresh_login(door: FrontDoor) -> None:
    used = door.begin()
    door.post(used, door.sign(door.payload(used)))
    fresh = door.begin()

    token = door.sign(door.payload(fresh, {"nonce": used.state.nonce}))
    assert refusal(lambda: door.post(fresh, token)).code == "nonce.mismatch"


def test_another_deployment_than_the_logins_is_refused(door: FrontDoor) -> None:
    door.deployments.add("other-install")
    begun = door.begin({"lti_deployment_id": "other-install"})

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "deployment.mismatch"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("login_required", "platform.refused:login_required"),
        ("launch_no_longer_valid", "platform.refused:launch_no_longer_valid"),
        ("<script>", "platform.refused:error"),
        ("x" * 10_000, "platform.refused:error"),
    ],
)
def test_the_lms_may_answer_with_an_error_instead(door: FrontDoor, error: str, code: str) -> None:
    begun = door.begin()
    changes: dict[str, Any] = {"error": error, "error_description": "secret", "id_token": ABSENT}
    refused = refusal(lambda: door.post(begun, "", changes))

    assert refused.code == code
    assert "secret" not in refused.message
    assert "<" not in refused.message


def test_one_lms_cannot_speak_for_another(door: FrontDoor) -> None:
    """Two platforms, two clients, two deployments: only the true combination of all three is taken."""
    mine, other = door.facts, make_facts(
        issuer="https://other.example",
        client_id="passback-2",
        key_set={"keys": [public_entry("lms-key", rsa_key("other"))]},
    )
    door.registry = Registry([(mine, {"course-install"}), (other, {"other-install"})])
    accepted = []
    for issuer in (mine.issuer, other.issuer):
        for client in (mine.client_id, other.client_id):
            for deployment in ("course-install", "other-install"):
                begun = door.begin()
                claims = {"iss": issuer, "aud": client, CLAIM + "deployment_id": deployment}
                try:
                    door.post(begun, door.sign(door.payload(begun, claims)))
                except LaunchRefused:
                    continue
                accepted.append((issuer, client, deployment))

    assert accepted == [(mine.issuer, mine.client_id, "course-install")]


def test_a_registration_removed_since_the_login_is_gone(door: FrontDoor) -> None:
    begun = door.begin()
    door.registry = Registry([])
    refused = refusal(lambda: door.post(begun, door.sign(door.payload(begun))))

    assert refused.code == "platform.unknown"
    assert "https://lms.example" in refused.message


def test_keys_are_looked_up_under_their_platform_never_by_id_alone(door: FrontDoor) -> None:
    keys = KeySets(door.outbound, ShelfStore())
    other = replace(door.facts, client_id="passback-2", key_set={"keys": [public_entry("lms-key", rsa_key("other"))]})
    found = [keys.find_key(facts, "lms-key").key.public_numbers() for facts in (door.facts, other)]

    assert found == [rsa_key("lms").public_key().public_numbers(), rsa_key("other").public_key().public_numbers()]
