"""Access tokens: client id and secret in, a token for the scopes both sides allow out."""

from dataclasses import dataclass
from secrets import token_hex
from threading import Lock
from time import time


@dataclass(frozen=True, slots=True)
class Grant:
    token: str
    scopes: tuple[str, ...]
    lifetime_seconds: int


class TokenDesk:
    def __init__(self) -> None:
        self._lock = Lock()
        self._tokens: dict[str, tuple[frozenset[str], float]] = {}

    def grant(self, scopes: tuple[str, ...], lifetime_seconds: int) -> Grant:
        """`scopes` without their common beginning."""
        token = token_hex(16)
        with self._lock:
            self._tokens = {value: entry for value, entry in self._tokens.items() if entry[1] > time()}
            self._tokens[token] = (frozenset(scopes), time() + lifetime_seconds)
        return Grant(token, scopes, lifetime_seconds)

    def scopes_of(self, token: str) -> frozenset[str] | None:
        """None: unknown or expired."""
        with self._lock:
            scopes, expires_at = self._tokens.get(token, (frozenset[str](), 0.0))
            return scopes if expires_at > time() else None

    def forget_all(self) -> None:
        with self._lock:
            self._tokens.clear()
