"""The tool's own signing keys: made, read once, published by their public half only. [Sec §6.1–6.3]"""

import base64
import hashlib
import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tool.errors import PassbackError

KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key kept as an object: reading it from PEM costs a hundred times more than a signature."""

    kid: str
    private_key: rsa.RSAPrivateKey = field(repr=False)


def make_private_pem(passphrase: bytes | None) -> bytes:
    """A new RSA key as PKCS #8 PEM, encrypted when there is a passphrase."""
    encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def load_signing_key(pem: bytes, passphrase: bytes | None) -> SigningKey:
    """Read a private key; its id is the RFC 7638 thumbprint. Raises PassbackError when it cannot be used."""
    try:
        private_key = serialization.load_pem_private_key(pem, passphrase or None)
    except (ValueError, TypeError):
        raise PassbackError(
            "The tool's signing key cannot be read.", "Check the file in keys_dir and its passphrase."
        ) from None
    if not isinstance(private_key, rsa.RSAPrivateKey) or private_key.key_size < KEY_BITS:
        raise PassbackError(f"The tool's signing key is not an RSA key of at least {KEY_BITS} bits.", "Make a new key.")
    return SigningKey(_thumbprint(private_key.public_key().public_numbers()), private_key)


def public_jwk(key: SigningKey) -> dict[str, str]:
    """What the key set publishes of a key, and nothing private. [Sec §6.3; RFC 7517]"""
    numbers = key.private_key.public_key().public_numbers()
    return {
        "kty": "RSA",
        "kid": key.kid,
        "alg": "RS256",
        "use": "sig",
        "n": _encode_number(numbers.n),
        "e": _encode_number(numbers.e),
    }


def _thumbprint(numbers: rsa.RSAPublicNumbers) -> str:
    """[RFC 7638] The same key has the same id on every machine, without anybody storing it."""
    members = {"e": _encode_number(numbers.e), "kty": "RSA", "n": _encode_number(numbers.n)}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return _encode(hashlib.sha256(text.encode()).digest())


def _encode_number(number: int) -> str:
    return _encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
