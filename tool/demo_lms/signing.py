"""The platform's key: made anew in every process, kept in memory only, used to sign id tokens."""

from base64 import urlsafe_b64encode
from functools import cached_property
from secrets import token_hex
from threading import Lock

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class PlatformKey:
    """The key is made when it is first needed: many LMSs of a test never sign anything."""

    def __init__(self) -> None:
        self.kid = f"demo-lms-{token_hex(4)}"
        self._lock = Lock()

    def sign(self, claims: dict[str, object]) -> str:
        return jwt.encode(claims, self._find_key(), algorithm="RS256", headers={"kid": self.kid})

    def public_key_set(self) -> dict[str, object]:
        numbers = self._find_key().public_key().public_numbers()
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.kid}
        return {"keys": [{**key, "n": _encode(numbers.n), "e": _encode(numbers.e)}]}

    def _find_key(self) -> rsa.RSAPrivateKey:
        with self._lock:
            return self._private_key

    @cached_property
    def _private_key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _encode(number: int) -> str:
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
