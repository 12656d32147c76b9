"""Which of the keys an LMS publishes may be used."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from tests.lti.paper_lms import public_entry, rsa_key
from tool.lti.key_set import read_keys


def ec_entry() -> dict[str, Any]:
    entry: dict[str, Any] = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    return {**entry, "kid": "k"}


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(ec_entry(), id="an elliptic curve"),
        pytest.param({"kty": "oct", "k": "c2VjcmV0", "kid": "k"}, id="a shared secret"),
        pytest.param(public_entry("k", rsa_key("small", 1024)), id="1024 bits"),
        pytest.param({**public_entry("k"), "alg": "RS512"}, id="meant for RS512"),
        pytest.param({**public_entry("k"), "use": "enc"}, id="meant for encryption"),
        pytest.param({**public_entry("k"), "n": "A" * 100_000}, id="a modulus of 100,000 characters"),
        pytest.param({**public_entry("k"), "n": "!"}, id="a modulus of rubbish"),
        pytest.param({**public_entry("k"), "n": 7}, id="a number as modulus"),
        pytest.param({**public_entry("k"), "e": "AA"}, id="an exponent of zero"),
        pytest.param({**public_entry("k"), "e": "é"}, id="an exponent of strange letters"),
        pytest.param({**public_entry("k"), "kid": ["k"]}, id="a list as id"),
        pytest.param("text", id="a text"),
        pytest.param(None, id="nothing"),
    ],
)
def test_a_key_of_no_use_is_left_out(entry: object) -> None:
    assert list(read_keys({"keys": [entry, public_entry("good")]})) == ["good"]


def test_a_private_key_published_by_mistake_is_not_taken() -> None:
    entry = {**public_entry("k"), "d": "AQAB", "p": "AQAB", "q": "AQAB"}
    key = read_keys({"keys": [entry]})["k"]

    assert not hasattr(key.key, "private_numbers")
