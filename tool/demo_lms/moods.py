"""How the LMS misbehaves at the moment: set from its page or by a test, for so many requests or until set back."""

from dataclasses import dataclass, replace
from threading import Condition
from time import monotonic
from typing import Literal, get_args

MoodName = Literal["fine", "slow", "error500", "busy429", "refuse", "lose_answer", "down", "hang"]
Target = Literal["scores", "services", "all"]
MOOD_NAMES: tuple[str, ...] = get_args(MoodName)
TARGETS: tuple[str, ...] = get_args(Target)
LONGEST_HANG_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Mood:
    """`for_requests` None: until it is changed. `retry_after` None: 429 comes without that header."""

    name: MoodName = "fine"
    for_requests: int | None = None
    retry_after: int | None = 2
    delay_seconds: float = 2.0
    target: Target = "scores"

    def concerns(self, method: str, path: str) -> bool:
        if self.target == "scores":
            return method == "POST" and path.rstrip("/").endswith("/scores")
        is_service = path.startswith("/api/lti/") or path == "/lti/token"
        return is_service or (self.target == "all" and path in ("/lti/jwks", "/lti/authorize"))


class Moods:
    def __init__(self) -> None:
        self._changed = Condition()
        self._mood = Mood()
        self._changes = 0

    @property
    def present(self) -> Mood:
        with self._changed:
            return self._mood

    def change(self, mood: Mood) -> None:
        """Whoever waits in the old mood is let go."""
        with self._changed:
            self._mood = mood
            self._changes += 1
            self._changed.notify_all()

    def take(self, method: str, path: str) -> tuple[Mood, int]:
        """The mood for one request, counting it, and the number of the change it belongs to (for `wait`)."""
        with self._changed:
            mood = self._mood
            if mood.name == "fine" or not mood.concerns(method, path):
                return Mood(), self._changes
            if mood.for_requests is not None:
                left = mood.for_requests - 1
                self._mood = replace(mood, for_requests=left) if left > 0 else Mood()
            return mood, self._changes

    def wait(self, seconds: float, since_change: int) -> None:
        """Until the time is over or the mood is changed by somebody."""
        ends_at = monotonic() + seconds
        with self._changed:
            while self._changes == since_change and (left := ends_at - monotonic()) > 0:
                self._changed.wait(left)
