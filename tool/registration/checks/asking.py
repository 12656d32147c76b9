"""The way out of one test: bounded in time as a whole and by step, and with an eye on the LMS's clock."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tool.clock import now
from tool.lti.access_token import AccessToken, request_token
from tool.lti.platform import PlatformFacts
from tool.lti.tool_keys import SigningKey
from tool.outbound import Answer, Outbound, OutboundError

STEP_SECONDS = 10.0
RUN_SECONDS = 40.0
# A date in a header has whole seconds.
HALF_A_SECOND = timedelta(seconds=0.5)


class BoundedOutbound(Outbound):
    """Connections of its own, so that names, certificates and firewalls are tried and not an open socket."""

    def __init__(self, *, allow_loopback_http: bool) -> None:
        super().__init__(allow_loopback_http=allow_loopback_http, connections=1)
        self._run_ends_at = time.monotonic() + RUN_SECONDS
        self._step_ends_at = self._run_ends_at
        self.clock_ahead_seconds: float | None = None
        """How far the clock of whoever answered last is ahead of ours; None when nobody has told the time."""

    def begin_step(self) -> None:
        self._step_ends_at = min(time.monotonic() + STEP_SECONDS, self._run_ends_at)

    @property
    def is_spent(self) -> bool:
        """Whether the time of the whole test is over."""
        return time.monotonic() >= self._run_ends_at

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int = 10_000_000,
        total_seconds: float | None = None,
    ) -> Answer:
        left = self._step_ends_at - time.monotonic()
        if left <= 0:
            raise OutboundError("timeout")
        seconds = left if total_seconds is None else min(left, total_seconds)
        sent_at = now()
        answer = super().request(method, url, headers=headers, body=body, max_bytes=max_bytes, total_seconds=seconds)
        told = _read_clock(answer)
        if told is not None:
            self.clock_ahead_seconds = (told - (sent_at + (now() - sent_at) / 2)).total_seconds()
        return answer


class FreshTokens:
    """Tokens asked for in this test alone: a kept one would hide that the LMS has changed its mind."""

    def __init__(self, signing_key: SigningKey, outbound: Outbound) -> None:
        self._signing_key = signing_key
        self._outbound = outbound
        self._held: dict[frozenset[str], AccessToken] = {}

    def token(self, platform: PlatformFacts, scopes: frozenset[str]) -> AccessToken:
        """Raises ServiceError."""
        if scopes not in self._held:
            self._held[scopes] = request_token(platform, scopes, signing_key=self._signing_key, outbound=self._outbound)
        return self._held[scopes]

    def discard(self, platform: PlatformFacts, token: AccessToken) -> None:  # noqa: ARG002 - a port's signature
        self._held = {scopes: held for scopes, held in self._held.items() if held.value != token.value}


def _read_clock(answer: Answer) -> datetime | None:
    """The time at the other side; an answer out of a cache says how old it is [RFC 9111 §5.1]."""
    try:
        told = parsedate_to_datetime(answer.headers.get("date", ""))
        age = timedelta(seconds=int(answer.headers.get("age", "0")))
        return told.replace(tzinfo=told.tzinfo or UTC) + age + HALF_A_SECOND
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
