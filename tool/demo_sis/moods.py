"""How the SIS misbehaves at the moment: for so many requests, or until it is set back."""

from dataclasses import dataclass, replace
from threading import Condition
from time import monotonic
from typing import Literal, get_args

MoodName = Literal[
    "fine",
    "refuse401",
    "forbid403",
    "rate403",
    "locked409",
    "invalid422",
    "busy429",
    "error500",
    "html200",
    "slow",
    "lose_answer",
    "down",
    "hang",
]
Target = Literal["token", "rostering", "gradebook", "writes", "line_items", "results", "all"]
MOOD_NAMES: tuple[str, ...] = get_args(MoodName)
TARGETS: tuple[str, ...] = get_args(Target)
LONGEST_HANG_SECONDS = 60
GRADEBOOK_WORDS = ("categories", "lineItems", "results", "scoreScales")


@dataclass(frozen=True, slots=True)
class Mood:
    """`after_requests`: so many are still treated well; `for_requests` None: until it is changed.

    `retry_after` None: 429 comes without that header. `text`: the description an error bears in place of the usual one.
    """

    name: MoodName = "fine"
    for_requests: int | None = None
    after_requests: int = 0
    retry_after: int | None = 2
    delay_seconds: float = 2.0
    target: Target = "all"
    text: str = ""

    def concerns(self, method: str, path: str) -> bool:
        words = path.strip("/").split("/")
        is_gradebook = "gradebook" in words or bool(set(GRADEBOOK_WORDS) & set(words))
        is_write = method in ("PUT", "POST", "DELETE") and is_gradebook
        match self.target:
            case "token":
                return path == "/token"
            case "rostering":
                return path != "/token" and not is_gradebook
            case "gradebook":
                return is_gradebook
            case "writes":
                return is_write
            case "line_items":
                return is_write and words[-2] == "lineItems"
            case "results":
                return is_write and "results" in words
        return True


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
            if mood.after_requests > 0:
                self._mood = replace(mood, after_requests=mood.after_requests - 1)
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
