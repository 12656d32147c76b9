"""From a student's work to a status and a number of OneRoster, or to the reason why nothing goes.

graded → `fully graded` and the score · handed in → `submitted`, also where a part is graded: never half a score, and
some refuse a graded part that has no number (PowerSchool) · not handed in → `not submitted`, or 0 and *missing* where
the SIS wants it so · excused → `exempt`.
OneRoster 1.1 demands a number of every result and knows no flags: what has no number stays here.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tool.sis.plain import Profile, ScoreStatus

AboveMaximum = Literal["ask", "cap", "skip"]


@dataclass(frozen=True, slots=True)
class Work:
    """What one student did for one item, and what it earned.

    `score` is the number that would go: an override where one counts here, else the score of work that was handed in,
    also of a part of it; None while there is none. `needs_grading` is about that number: an override waits for nobody.
    """

    score: Decimal | None
    maximum: Decimal
    is_submitted: bool
    needs_grading: bool
    is_excused: bool
    is_late: bool
    is_past_due: bool
    above_maximum: AboveMaximum = "ask"
    is_begun: bool = False

    @property
    def is_graded(self) -> bool:
        """Nobody has to look at it any more."""
        return self.is_excused or (self.score is not None and not self.needs_grading)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes. `score` is exact; flags are set only where the SIS takes them."""

    status: ScoreStatus
    score: Decimal | None
    is_late: bool = False
    is_missing: bool = False
    is_in_progress: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing goes, for the reason of a remedy: `nothing_yet`, `score.range`, `score.entry_point`, `score.exempt`, or
    `left_out` by the teacher's word."""

    code: str


def result_of(work: Work, profile: Profile) -> Outgoing | Skipped:
    """What goes for this work to a SIS of this profile."""
    ending = _excused(profile) if work.is_excused else _graded(work, profile) or _ungraded(work, profile)
    if isinstance(ending, Outgoing) and ending.score is None and profile.version == "1.1":
        return Skipped("score.exempt" if work.is_excused else "nothing_yet")
    return ending if isinstance(ending, Skipped) else _with_flags(ending, work, profile)


def _excused(profile: Profile) -> Outgoing | Skipped:
    if profile.exempt == "skip":
        return Skipped("score.exempt")
    return Outgoing("exempt", Decimal(0) if profile.exempt == "zero_and_exempt" else None)


def _graded(work: Work, profile: Profile) -> Outgoing | Skipped | None:
    if work.needs_grading or (work.score is None and not work.is_submitted):
        return None
    if work.score is None or not work.score.is_finite():
        return Skipped("score.entry_point")
    if work.score < 0:
        return Skipped("score.range")
    if work.score <= work.maximum or profile.allows_above_maximum:
        return Outgoing("fully graded", work.score)
    if work.above_maximum == "cap":
        return Outgoing("fully graded", work.maximum)
    return Skipped("left_out" if work.above_maximum == "skip" else "score.range")


def _ungraded(work: Work, profile: Profile) -> Outgoing:
    if work.is_submitted:
        return Outgoing("submitted", None)
    if work.is_past_due and profile.past_due_zero:
        return Outgoing("fully graded", Decimal(0))
    return Outgoing("not submitted", None)


def _with_flags(ending: Outgoing, work: Work, profile: Profile) -> Outgoing:
    if profile.version == "1.1" or not profile.sends_flags or ending.status == "exempt":
        return ending
    is_without_work = not work.is_submitted and work.score is None
    return Outgoing(
        ending.status,
        ending.score,
        is_late=work.is_late,
        is_missing=is_without_work and work.is_past_due,
        is_in_progress=is_without_work and work.is_begun and not work.is_past_due,
    )
