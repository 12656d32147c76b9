"""The diary of every request that a sender made. Secrets, tokens and signatures never enter it."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Lock

from tool.demo_sis.records import as_iso

LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """`status` None: no answer was given. `seconds`: the work, without a mood's waiting.

    `authorization`: Basic, Bearer, OAuth or "". `body`: of PUT and POST as JSON, `text` as it arrived; None for tokens.
    """

    time: datetime
    method: str
    path: str
    query: str
    status: int | None
    mood: str
    seconds: float
    authorization: str
    has_vendor_header: bool
    content_type: str
    accept: str
    body: object = None
    text: str | None = None


class Journal:
    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[Entry] = deque(maxlen=LONGEST)

    def write(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def read(self) -> list[Mapping[str, object]]:
        with self._lock:
            entries = list(self._entries)
        return [{**asdict(entry), "time": as_iso(entry.time)} for entry in entries]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
