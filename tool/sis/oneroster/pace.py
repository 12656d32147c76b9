"""How fast a SIS is asked: never more often than its profile allows, however many threads ask."""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Protocol


class Pace(Protocol):
    """When the next request may go. Safe to share between threads."""

    def wait(self) -> None:
        """Come back when it is this caller's turn. Raises SisError where that would be too late."""

    def hold(self, until: datetime) -> None:
        """The SIS asked that nobody comes before then."""


class PaceOfOne:
    """Turns at equal distances, for a client that is the only one. What the SIS asks for is up to the caller."""

    def __init__(self, per_second: float, sleep: Callable[[float], None]) -> None:
        self._seconds_between = 1 / per_second if per_second > 0 else 0.0
        self._sleep = sleep
        self._lock = Lock()
        self._next_turn = 0.0

    def wait(self) -> None:
        with self._lock:
            present = time.monotonic()
            turn = max(present, self._next_turn)
            self._next_turn = turn + self._seconds_between
        if turn > present:
            self._sleep(turn - present)

    def hold(self, until: datetime) -> None:
        """Nobody else could ask: the error tells the caller when."""
