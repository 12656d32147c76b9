"""Canvas's request throttle: a leaky bucket of one client id, filled by what each call costs."""

from dataclasses import dataclass

FULL, CAPACITY, LEAK_A_SECOND, CHARGED_WHILE_RUNNING = 600.0, 800.0, 10.0, 50.0
COST_SHARE = 0.8
"""How much of a call's time is counted: Canvas counts its processor and database seconds."""


@dataclass(slots=True)
class Bucket:
    level: float = 0.0
    leaked_at: float = 0.0

    def admit(self, at: float) -> bool:
        """Whether a call may run; it is charged from now on."""
        self._leak(at)
        if self.level >= FULL:
            return False
        self.level = min(CAPACITY, self.level + CHARGED_WHILE_RUNNING)
        return True

    def settle(self, at: float, seconds: float) -> None:
        """The call took so many seconds: it pays what it cost instead of what it was charged."""
        self._leak(at)
        self.level = max(0.0, self.level - CHARGED_WHILE_RUNNING + seconds * COST_SHARE)

    def remaining(self, at: float) -> float:
        """The X-Rate-Limit-Remaining of now."""
        self._leak(at)
        return max(0.0, FULL - self.level)

    def _leak(self, at: float) -> None:
        self.level = max(0.0, self.level - (at - self.leaked_at) * LEAK_A_SECOND)
        self.leaked_at = at
