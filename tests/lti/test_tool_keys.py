"""The tool's own keys."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK

from tests.lti.paper_lms import rsa_key
from tool.errors import PassbackError
from tool.lti.key_set import read_keys
from tool.lti.tool_keys import load_signing_key, make_private_pem, public_jwk

PASSPHRASE = b"correct horse"


def pem_of(key: object) -> bytes:
    return key.private_bytes(  # type: ignore[attr-defined, no-any-return]
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_key_is_published_without_its_private_half() -> None:
    key = load_signing_key(pem_of(rsa_key("tool")), None)
    published = public_jwk(key)

    assert set(published) == {"kty", "kid", "alg", "use", "n", "e"}
    assert (
        read_keys({"keys": [published]})[key.kid].key.public_numbers() == key.private_key.public_key().public_numbers()
    )


def test_the_id_is_the_keys_thumbprint() -> None:
    """[RFC 7638], as another library reckons it."""
    pem = pem_of(rsa_key("tool"))

    assert load_signing_key(pem, None).kid == JWK.from_pem(pem).thumbprint()
    assert load_signing_key(pem, None).kid != load_signing_key(pem_of(rsa_key("other tool")), None).kid


def test_a_made_key_reads_back_with_its_passphrase_only() -> None:
    pem = make_private_pem(PASSPHRASE)

    assert b"ENCRYPTED" in pem
    assert load_signing_key(pem, PASSPHRASE).private_key.key_size == 2048
    for wrong in (None, b"", b"wrong"):
        with pytest.raises(PassbackError):
            load_signing_key(pem, wrong)


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", id="rubbish"),
        pytest.param(pem_of(ec.generate_private_key(ec.SECP256R1())), id="an elliptic curve"),
        pytest.param(pem_of(rsa_key("small", 1024)), id="1024 bits"),
    ],
)
def test_a_key_of_no_use_is_refused_in_plain_words(pem: bytes) -> None:
    with pytest.raises(PassbackError) as refused:
        load_signing_key(pem, None)

    assert refused.value.hint


def test_a_passphrase_for_an_open_key_is_refused() -> None:
    with pytest.raises(PassbackError):
        load_signing_key(pem_of(rsa_key("tool")), b"needless")
