"""Telling the sender in this process that there is work.

A bell, not a message: ringing twice before anyone listens is ringing once, and a ring that nobody hears is harmless,
since the sender also looks by itself.
"""

import threading


class Bell:
    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Say that there may be work."""
        self._rung.set()

    def wait(self, timeout_seconds: float) -> bool:
        """Sleep until somebody rings or the time is over; True when it rang."""
        was_rung = self._rung.wait(timeout_seconds)
        self._rung.clear()
        return was_rung
