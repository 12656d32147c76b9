"""Another way out with an end for all its requests together: a person waits for what they say."""

import time
from collections.abc import Mapping

from tool.outbound.client import Answer, Outbound
from tool.outbound.errors import OutboundError


class InTime(Outbound):
    """Requests of `outbound`, each with what is left of `seconds` since this was made."""

    def __init__(self, outbound: Outbound, seconds: float) -> None:
        # Its connections are those of the other, so none are opened here.
        self._outbound = outbound
        self._ends_at = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        return self._ends_at - time.monotonic()

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
        """As that of the other; raises OutboundError (timeout) when nothing is left."""
        left = self.seconds_left
        if left <= 0:
            raise OutboundError("timeout")
        seconds = left if total_seconds is None else min(left, total_seconds)
        return self._outbound.request(
            method, url, headers=headers, body=body, max_bytes=max_bytes, total_seconds=seconds
        )

    def close(self) -> None:
        """Nothing: whoever made the other closes it."""
