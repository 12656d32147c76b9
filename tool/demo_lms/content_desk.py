"""Requests for content that the tool has not answered yet. Each is named by a key that is good for one answer."""

from dataclasses import dataclass
from secrets import token_urlsafe
from threading import Lock
from time import monotonic

KEY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class ContentOffer:
    """What one request says it accepts [DL §2.1]. `accepts_line_item` None: it does not say. `data` None: none sent."""

    course_id: str
    accept_types: tuple[str, ...]
    accept_targets: tuple[str, ...]
    accepts_several: bool
    accepts_line_item: bool | None
    data: str | None


class ContentDesk:
    """`answers`: what came of every answer that named an open request, for tests to read."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: dict[str, tuple[float, ContentOffer]] = {}
        self._used_nonces: set[str] = set()
        self._answers: list[dict[str, object]] = []

    def open(self, offer: ContentOffer) -> str:
        key = token_urlsafe(24)
        with self._lock:
            self._open[key] = (monotonic(), offer)
        return key

    def look_at(self, key: str) -> ContentOffer | None:
        """None: unknown, too old, or answered already."""
        with self._lock:
            opened_at, offer = self._open.get(key, (0.0, None))
            return offer if opened_at >= monotonic() - KEY_SECONDS else None

    def spend(self, key: str) -> bool:
        """Whether it was still open; of several answers at once only one is told so."""
        with self._lock:
            return self._open.pop(key, None) is not None

    def use_nonce(self, nonce: str) -> bool:
        """Whether it is new."""
        with self._lock:
            is_new = nonce not in self._used_nonces
            self._used_nonces.add(nonce)
            return is_new

    def write_down(self, answer: dict[str, object]) -> None:
        with self._lock:
            self._answers.append(answer)

    def read_answers(self) -> list[dict[str, object]]:
        with self._lock:
            return list(self._answers)

    def forget_all(self) -> None:
        with self._lock:
            self._open.clear()
            self._used_nonces.clear()
            self._answers.clear()
