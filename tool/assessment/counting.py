"""Which attempt's score counts: one decision over plain values, exact decimals in and out.

Only attempts that were handed in take part, whatever the newest open one holds. With *best* and *average* every attempt
has a say, so a question of any of them that waits for a person keeps the number open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tool.assessment.file_values import plain_number


@dataclass(frozen=True, slots=True)
class Attempted:
    """What one handed-in attempt earned; questions are told by their numbers."""

    attempt_number: int
    score: Decimal
    maximum: Decimal
    submitted_at: datetime
    needs_grading: tuple[int, ...]
    unanswered: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a student's attempts earn together. Two are equal when a gradebook would see no difference."""

    score: Decimal
    maximum: Decimal
    submitted_at: datetime
    """Of the attempt that counts: the gradebook tells from it whether the work came late."""
    needs_grading: tuple[int, ...]
    unanswered: tuple[int, ...]
    newest_attempt: int = field(compare=False)
    counting_attempt: int | None = field(compare=False)
    """None when all of them count."""


def count(attempts: Sequence[Attempted], rule: str) -> Counted | None:
    """The counted score by the assignment's rule: first, best, last or average. None when nothing was handed in."""
    if not attempts:
        return None
    in_order = sorted(attempts, key=lambda one: one.attempt_number)
    newest = in_order[-1]
    all_count = rule == "average" and len(in_order) > 1
    chosen = newest if all_count else _choose(in_order, rule)
    waiting = in_order if rule in ("best", "average") else [chosen]
    return Counted(
        score=_average([one.score for one in in_order]) if all_count else chosen.score,
        maximum=chosen.maximum,
        submitted_at=chosen.submitted_at,
        needs_grading=_together(one.needs_grading for one in waiting),
        unanswered=_together(one.unanswered for one in in_order) if all_count else chosen.unanswered,
        newest_attempt=newest.attempt_number,
        counting_attempt=None if all_count else chosen.attempt_number,
    )


def _choose(in_order: Sequence[Attempted], rule: str) -> Attempted:
    if rule == "last":
        return in_order[-1]
    if rule == "best":  # of equal ones the earliest: a repetition that brings nothing changes nothing
        return max(in_order, key=lambda one: one.score)
    return in_order[0]


def _average(scores: Sequence[Decimal]) -> Decimal:
    hundredths = round(sum(map(Fraction, scores), Fraction(0)) / len(scores) * 100)  # exact, and half to even
    # Points such as 0.006 may not be exceeded by rounding up to 0.01.
    return min(Decimal(plain_number(Decimal(hundredths).scaleb(-2))), max(scores))


def _together(lists: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({number for numbers in lists for number in numbers}))
