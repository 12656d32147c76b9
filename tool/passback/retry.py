"""When a score that did not arrive is tried again: never given up, daily at least, even if it needs a person.

All waits carry jitter, so that a class that failed together does not come back together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

FIRST_WAIT_SECONDS = 1  # most failures are one lost connection: a student still looking at the page sees it mended
FIRST_THROTTLED_WAIT_SECONDS = 5  # a throttled platform needs longer to recover than a lost connection
QUICK_SIGN_IN_WAITS_SECONDS = (5, 30)  # a new token mends most, a platform's fresh copy of our keys the rest
PATIENT_WAIT_SECONDS = 30  # of a score that fails while its platform answers others: chance, most likely
LONGEST_WAIT_SECONDS = 3600  # after an outage of any length, scores flow again within the hour
SHORTEST_RETRY_AFTER_SECONDS = 1  # a retry time in the past, or a clock that differs, must not become a busy loop
RETRY_AFTER_JITTER = 0.1  # added, never subtracted: a platform that names a time is not asked before it
SIGN_IN_PATIENCE = timedelta(minutes=10)  # longer than platforms cache keys on demand: now somebody must look
PATIENCE = timedelta(hours=24)  # a nightly maintenance mends itself; what lasts a whole day does not
DAILY = timedelta(days=1)  # what a person has to mend is tried this often, in case somebody did
DAILY_JITTER = timedelta(minutes=30)  # either way; spreads a school's failures of one morning


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that did not deliver, in the words of the LMS services' errors; `retry_at`: the time it named."""

    kind: Literal["later", "throttled", "sign_in_again", "needs_person", "already_there"]
    reason: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextTry:
    """`needs_person`: the row shows an error that somebody has to mend; it is tried at `at` all the same."""

    at: datetime
    needs_person: bool


def next_try(failure: Failure, *, tries: int, first_failed_at: datetime, now: datetime, jitter: float) -> NextTry:
    """The next try of a wish after its `tries`-th failure in a row (from 1); jitter is drawn from [0, 1).

    Raises ValueError for `already_there`: the score stands in the LMS and is to be read, not sent again.
    """
    if failure.kind == "already_there":
        raise ValueError("a score that is already there is not sent again")
    failing_for = now - first_failed_at
    if failure.kind == "needs_person" or failing_for >= PATIENCE:
        return NextTry(now + DAILY + DAILY_JITTER * (2 * jitter - 1), needs_person=True)
    needs_person = failure.kind == "sign_in_again" and failing_for >= SIGN_IN_PATIENCE
    return NextTry(now + timedelta(seconds=_wait_seconds(failure, tries, failing_for, now, jitter)), needs_person)


def _wait_seconds(failure: Failure, tries: int, failing_for: timedelta, now: datetime, jitter: float) -> float:
    if failure.kind == "throttled" and failure.retry_at is not None:
        asked_seconds = (failure.retry_at - now).total_seconds()
        wait_seconds = min(max(asked_seconds, SHORTEST_RETRY_AFTER_SECONDS), LONGEST_WAIT_SECONDS)
        return wait_seconds * (1 + RETRY_AFTER_JITTER * jitter)
    if failure.kind == "throttled":
        wait_seconds = _doubled(FIRST_THROTTLED_WAIT_SECONDS, tries - 1)
    elif failure.kind == "sign_in_again":
        quick = QUICK_SIGN_IN_WAITS_SECONDS
        wait_seconds = quick[tries - 1] if tries <= len(quick) else _doubled(quick[-1], tries - len(quick))
    else:
        # A platform that does not answer at all is not asked score by score: its lane is closed. So the wait of one
        # score grows with how long it has failed, and not with bad luck.
        most_seconds = max(PATIENT_WAIT_SECONDS, failing_for.total_seconds() / 4)
        wait_seconds = min(_doubled(FIRST_WAIT_SECONDS, tries - 1), most_seconds)
    return wait_seconds * (1 + jitter) / 2  # between half of the wait and all of it


def _doubled(first_seconds: int, times: int) -> int:
    # Twelve doublings of a second are past the longest wait; a thousand failures must not make 2^1000.
    return min(first_seconds << min(times, 12), LONGEST_WAIT_SECONDS)
