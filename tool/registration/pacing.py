"""How fast a platform may be asked: pure decisions from what was seen of it.

A quick rise until the first refusal, then halving and an additive rise, a pause where the platform names one, and a
breaker that lets one request at a time through while the platform does not answer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

FIRST_IN_FLIGHT = 4
# Canvas's bucket: each call is charged 50 of 600 while it runs, and eleven at once never empty it.
MOST_IN_FLIGHT = 10
# Of Canvas's 600: above half there is room for more, below a quarter for less.
RATE_IS_PLENTY = 300.0
RATE_IS_LOW = 150.0
# One burst of refusals halves once; and one that was refused does not rise again at once.
SLOWED_FOR = timedelta(seconds=2)
CAREFUL_FOR = timedelta(seconds=10)
# Canvas refuses without naming a time; its bucket gains ten a second.
UNNAMED_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)

BREAKS_AFTER = 5
FIRST_PROBE = timedelta(seconds=1)
# In the first minutes a restart is likely: look often enough that nobody waits long after it.
SHORT_TROUBLE = timedelta(minutes=2)
PROBE_IN_SHORT_TROUBLE = timedelta(seconds=2.5)
PROBE_LATER = timedelta(seconds=60)

Word = Literal["open", "paused", "broken"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How a platform may be asked, by all processes together."""

    most_in_flight: int = FIRST_IN_FLIGHT
    paused_until: datetime | None = None
    slowed_at: datetime | None = None
    failures: int = 0
    broken_at: datetime | None = None
    probe_at: datetime | None = None

    def word(self, at: datetime) -> Word:
        if self.broken_at is not None:
            return "broken"
        return "paused" if self.paused_until is not None and self.paused_until > at else "open"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one process saw of a platform since it last wrote it down.

    `failures` counts those after the last success: the platform was silent, in trouble, or refused our key. A refusal
    of one score (a student who left, a column that is gone) is an answer, and so a success here.
    """

    successes: int = 0
    failures: int = 0
    is_hopeless: bool = False
    """Our key or the tool itself was refused: nothing will pass until somebody has mended it."""
    refusals: int = 0
    pause_until: datetime | None = None
    rate_remaining: float | None = None
    """The least that Canvas said is left of its bucket."""


def pace(before: Pace, seen: Seen, at: datetime) -> Pace:
    """How the platform may be asked after what was seen."""
    after = _break_or_mend(before, seen, at)
    if seen.refusals:
        return _slow_down(after, seen, at)
    return _speed_up(after, seen, at)


def is_pressing(known: Pace, seen: Seen, at: datetime) -> bool:
    """Whether what was seen changes how the platform may be asked, so that it should be written down at once."""
    if seen.failures or seen.refusals:
        return True
    is_mended = bool(seen.successes) and (known.broken_at is not None or known.failures > 0)
    may_rise = seen.successes >= known.most_in_flight and _speed_up(known, seen, at) != known
    return is_mended or may_rise


def _break_or_mend(before: Pace, seen: Seen, at: datetime) -> Pace:
    if seen.successes and not seen.failures:
        # What is heard again after trouble is asked gently at first.
        most = FIRST_IN_FLIGHT if before.broken_at else before.most_in_flight
        return replace(before, failures=0, broken_at=None, probe_at=None, most_in_flight=most)
    if not seen.failures:
        return before
    failures = seen.failures if seen.successes else before.failures + seen.failures
    if before.broken_at is not None and not seen.successes:
        return replace(before, failures=failures, probe_at=at + _probe_after(at - before.broken_at))
    if failures >= BREAKS_AFTER or seen.is_hopeless:
        return replace(before, failures=failures, broken_at=at, probe_at=at + FIRST_PROBE)
    return replace(before, failures=failures, broken_at=None, probe_at=None)


def _probe_after(trouble: timedelta) -> timedelta:
    if trouble < SHORT_TROUBLE:
        return min(max(trouble / 4, FIRST_PROBE), PROBE_IN_SHORT_TROUBLE)
    return min(trouble / 8, PROBE_LATER)


def _slow_down(before: Pace, seen: Seen, at: datetime) -> Pace:
    wanted = seen.pause_until or at + UNNAMED_PAUSE
    paused_until = min(max(wanted, before.paused_until or wanted), at + LONGEST_PAUSE)
    if before.slowed_at is not None and at - before.slowed_at < SLOWED_FOR:
        return replace(before, paused_until=paused_until)
    return replace(before, most_in_flight=max(1, before.most_in_flight // 2), slowed_at=at, paused_until=paused_until)


def _speed_up(before: Pace, seen: Seen, at: datetime) -> Pace:
    if not seen.successes:
        return before
    if seen.rate_remaining is not None and seen.rate_remaining < RATE_IS_LOW:
        return replace(before, most_in_flight=max(1, before.most_in_flight - 1))
    has_room = seen.rate_remaining is None or seen.rate_remaining >= RATE_IS_PLENTY
    is_careful = before.slowed_at is not None and at - before.slowed_at < CAREFUL_FOR
    if not has_room or is_careful:
        return before
    # Until the first refusal it doubles: a class that hands in together should not wait for a slow rise.
    more = before.most_in_flight * 2 if before.slowed_at is None else before.most_in_flight + 1
    return replace(before, most_in_flight=min(more, MOST_IN_FLIGHT))


def share_out(most_in_flight: int, *, rank: int, of: int) -> int:
    """What one of several processes may have in flight; together they have exactly the whole.

    `rank` counts from 0 and is turned by the platform, so that the smallest shares do not all fall to one process.
    """
    return most_in_flight // of + (rank < most_in_flight % of)
