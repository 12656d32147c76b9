"""What a process sees of the platforms it asks: gathered in memory from any thread, until `lanes` writes it down."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from tool.clock import now
from tool.lti import quirks
from tool.lti.answers import is_html
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import SCOPE_SCORE
from tool.outbound import Answer
from tool.registration.pacing import Seen

# The platform as a whole did not answer; everything else is an answer about one score or one course.
SILENT = frozenset(
    {"server_error", "timeout", "connection", "unreadable", "certificate", "redirected", "token_refused"}
)
# Somebody has to mend the registration before any score can pass.
HOPELESS = frozenset({"key_refused", "platform_cannot_read_our_keys", "scope_missing"})
# Moodle's 500 without words: one locked grade, or the whole site.
SAYS_NOTHING = frozenset({"locked_or_deleting"})


@dataclass(slots=True)
class Tally:
    """What was seen of one platform and not yet written down."""

    seen: Seen = field(default_factory=Seen)
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_failure: str | None = None

    def answered(self, rate_remaining: float | None) -> None:
        least = min((one for one in (rate_remaining, self.seen.rate_remaining) if one is not None), default=None)
        successes = self.seen.successes + 1
        self.seen = replace(self.seen, successes=successes, failures=0, is_hopeless=False, rate_remaining=least)
        self.last_success_at = now()

    def failed(self, reason: str) -> None:
        is_hopeless = self.seen.is_hopeless or reason in HOPELESS
        self.seen = replace(self.seen, failures=self.seen.failures + 1, is_hopeless=is_hopeless)
        self.last_failure_at, self.last_failure = now(), reason

    def refused(self, until: datetime | None) -> None:
        latest = max((one for one in (until, self.seen.pause_until) if one is not None), default=None)
        self.seen = replace(self.seen, refusals=self.seen.refusals + 1, pause_until=latest)
        self.last_failure_at, self.last_failure = now(), "rate_limited"


class Sightings:
    """The tallies of all platforms, and the calls under way beside the scores. Safe for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tallies: defaultdict[int, Tally] = defaultdict(Tally)
        self._guests: defaultdict[int, int] = defaultdict(int)

    def note_success(self, platform_id: int, rate_remaining: float | None) -> None:
        with self._lock:
            self._tallies[platform_id].answered(rate_remaining)

    def note_failure(self, platform_id: int, reason: str) -> None:
        with self._lock:
            self._tallies[platform_id].failed(reason)

    def note_refusal(self, platform_id: int, until: datetime | None) -> None:
        with self._lock:
            self._tallies[platform_id].refused(until)

    def has_trouble(self, platform_id: int | None = None) -> bool:
        """Whether something failed or was refused since the last `take`; without an id, anywhere."""
        with self._lock:
            tallies = self._tallies.values() if platform_id is None else [self._tallies.get(platform_id, Tally())]
            return any(one.seen.failures or one.seen.refusals for one in tallies)

    def take(self, is_due: Callable[[int, Seen], bool]) -> dict[int, Tally]:
        """The tallies that are to be written down now; they begin anew."""
        with self._lock:
            due = {one: tally for one, tally in self._tallies.items() if is_due(one, tally.seen)}
            for one in due:
                del self._tallies[one]
        return due

    @contextmanager
    def guest(self, platform_id: int) -> Iterator[None]:
        """A request beside the scores (a class list, a reading): it takes a place of theirs while it lasts."""
        with self._lock:
            self._guests[platform_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._guests[platform_id] -= 1

    def guests(self, platform_id: int) -> int:
        with self._lock:
            return self._guests[platform_id]


class LaneWatch:
    """Told by the connectors of one platform how each call ended.

    `is_guest`: the calls are no scores, and take a place of this process's share while they last.
    """

    def __init__(self, sightings: Sightings, platform_id: int, family: str, *, is_guest: bool) -> None:
        self._sightings = sightings
        self._platform_id = platform_id
        self._family = family
        self._is_guest = is_guest

    def on_the_wire(self) -> AbstractContextManager[None]:
        return self._sightings.guest(self._platform_id) if self._is_guest else nullcontext()

    def answered(self, answer: Answer) -> None:
        """The platform answered, whatever it said."""
        if answer.status == 401:
            return  # a token that ran out says nothing about the platform
        if answer.status < 300 and not is_html(answer):
            self._sightings.note_success(self._platform_id, _read_rate(answer))
            return
        self._note(quirks.classify(self._family, answer), _read_rate(answer))

    def failed(self, error: ServiceError, scopes: frozenset[str]) -> None:
        """There was no answer, or no token to ask with."""
        if error.reason == "scope_missing" and SCOPE_SCORE not in scopes:
            return  # a platform without results or class lists still takes scores
        if error.kind == "throttled" or error.reason in SILENT | HOPELESS:
            self._note(error, None)

    def _note(self, error: ServiceError, rate_remaining: float | None) -> None:
        if error.kind == "throttled":
            self._sightings.note_refusal(self._platform_id, error.retry_at)
        elif error.reason in SILENT | HOPELESS:
            self._sightings.note_failure(self._platform_id, error.reason)
        elif error.reason not in SAYS_NOTHING:
            self._sightings.note_success(self._platform_id, rate_remaining)


def _read_rate(answer: Answer) -> float | None:
    """Canvas says how much of its bucket is left."""
    try:
        return float(answer.headers.get("x-rate-limit-remaining", ""))
    except ValueError:
        return None
