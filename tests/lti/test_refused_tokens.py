"""Tokens nobody may trust: wrong algorithms, wrong keys, spoilt bytes, JSON made to hurt."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.lti.paper_lms import (
    ABSENT,
    CLAIM,
    FrontDoor,
    encode_part,
    public_entry,
    refusal,
    rsa_key,
    sign_raw,
    sign_with,
)

LONG = "x" * 256


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
        pytest.param(lambda token: token.rpartition(".")[0] + ".", "token.unreadable", id="no signature"),
        pytest.param(lambda token: token.rpartition(".")[0] + ".!!!!", "token.unreadable", id="signature of rubbish"),
        pytest.param(lambda token: token + ".a.b", "token.unreadable", id="five parts, as an encrypted token"),
        pytest.param(lambda token: token.rpartition(".")[0], "token.unreadable", id="two parts"),
        pytest.param(lambda _: "", "token.missing", id="nothing"),
        pytest.param(lambda _: "..", "token.unreadable", id="three empty parts"),
        pytest.param(lambda _: "A.A.A", "token.unreadable", id="three letters"),
        pytest.param(lambda _: "é.é.é", "token.unreadable", id="letters outside the alphabet"),
        pytest.param(lambda _: "\ud800.a.b", "token.unreadable", id="half a character"),
        pytest.param(lambda token: " " + token, "token.unreadable", id="a space before"),
        pytest.param(lambda token: token + "\n", "token.unreadable", id="a line break behind"),
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
