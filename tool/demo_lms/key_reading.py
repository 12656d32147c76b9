"""Reading the tool's public keys from its address. The only request this LMS ever makes."""

import json
from threading import Lock
from time import monotonic
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import jwt

FRESH_SECONDS = 3600
TIMEOUT_SECONDS = 5
LONGEST_ANSWER = 1_000_000


class KeySetUnreadable(Exception):
    """The tool's key set could not be fetched or is none."""


class ToolKeys:
    """The tool's keys by kid; read again when one is unknown or the set is an hour old."""

    def __init__(self, key_set_url: str) -> None:
        self.key_set_url = key_set_url
        self._lock = Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at: float | None = None
        # The tool is on loopback: a proxy of the environment has no business here.
        self._opener = build_opener(ProxyHandler({}))

    def find(self, kid: str) -> jwt.PyJWK | None:
        """None: the set was just read and does not hold it. Raises KeySetUnreadable."""
        with self._lock:
            is_fresh = self._read_at is not None and monotonic() - self._read_at < FRESH_SECONDS
            if kid not in self._keys or not is_fresh:
                self._keys = self._read()
                self._read_at = monotonic()
            return self._keys.get(kid)

    def forget(self) -> None:
        with self._lock:
            self._keys = {}

    def _read(self) -> dict[str, jwt.PyJWK]:
        try:
            with self._opener.open(self.key_set_url, timeout=TIMEOUT_SECONDS) as answer:
                entries = json.loads(answer.read(LONGEST_ANSWER))["keys"]
            keys = [jwt.PyJWK(entry, algorithm="RS256") for entry in entries if entry.get("kty") == "RSA"]
        except (
            URLError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            jwt.PyJWTError,
        ) as problem:
            raise KeySetUnreadable(type(problem).__name__) from None
        return {key.key_id: key for key in keys if key.key_id}
