"""The rows of one platform on their way: a few on the wire, the next ones waiting their turn in memory."""

import threading
import time
from collections import deque
from collections.abc import Callable

from tool.passback.ledger.entries import Claimed


class InFlight:
    """`most` may change at any time: what is too much ends by itself, row by row. While `is_stopped` nothing begins;
    the next `add` goes on. Safe for any thread."""

    def __init__(
        self,
        start: Callable[[Callable[[], None]], object],
        run: Callable[[Claimed], None],
        is_stopped: Callable[[], bool],
    ) -> None:
        self._start = start
        self._run = run
        self._is_stopped = is_stopped
        self._lock = threading.Lock()
        self._waiting: deque[Claimed] = deque()
        self._running = 0
        self._most = 0
        self._moved_at = time.monotonic()

    def add(self, rows: list[Claimed], *, most: int) -> None:
        """Send these after those that wait already, at most `most` at once from now on."""
        with self._lock:
            self._most = most
            self._waiting.extend(rows)
            starting = max(0, min(most - self._running, len(self._waiting)))
            self._running += starting
        for _ in range(starting):
            self._start(self._drain)

    def count(self) -> int:
        """How many rows are here, begun or not."""
        with self._lock:
            return self._running + len(self._waiting)

    def count_stuck(self, for_seconds: float) -> int:
        """The same when none of them has begun for so long, else none: an LMS that hangs is nobody to wait for."""
        return self.count() if time.monotonic() - self._moved_at > for_seconds else 0

    def take_back(self) -> list[Claimed]:
        """Rows not begun; they are the caller's now."""
        with self._lock:
            rows = list(self._waiting)
            self._waiting.clear()
        return rows

    def _drain(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._running > self._most or self._is_stopped():
                    self._running -= 1
                    return
                row = self._waiting.popleft()
                self._moved_at = time.monotonic()
            self._run(row)
