"""Tokens for registrations: each good for one tool, within an hour."""

from secrets import token_urlsafe
from threading import Lock
from time import monotonic
from typing import Literal

TOKEN_SECONDS = 3600

Standing = Literal["good", "used", "unknown"]


class RegistrationDesk:
    def __init__(self) -> None:
        self._lock = Lock()
        self._tokens: dict[str, tuple[float, bool]] = {}

    def issue(self) -> str:
        token = token_urlsafe(48)
        with self._lock:
            self._tokens[token] = (monotonic(), False)
        return token

    def look_at(self, token: str) -> Standing:
        with self._lock:
            issued_at, was_used = self._tokens.get(token, (float("-inf"), False))
        if monotonic() - issued_at > TOKEN_SECONDS:
            return "unknown"
        return "used" if was_used else "good"

    def spend(self, token: str) -> None:
        with self._lock:
            self._tokens[token] = (self._tokens[token][0], True)
