"""How fast a SIS is asked: never more often than its profile allows, however many threads ask."""

import time
from collections.abc import Callable
from threading import Lock


class Pace:
    """Turns at equal distances. Safe to share between threads; each client has its own."""

    def __init__(self, per_second: float, sleep: Callable[[float], None]) -> None:
        self._seconds_between = 1 / per_second if per_second > 0 else 0.0
        self._sleep = sleep
        self._lock = Lock()
        self._next_turn = 0.0

    def wait(self) -> None:
        """Come back when it is this caller's turn."""
        with self._lock:
            present = time.monotonic()
            turn = max(present, self._next_turn)
            self._next_turn = turn + self._seconds_between
        if turn > present:
            self._sleep(turn - present)
