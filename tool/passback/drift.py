"""Whether the LMS's gradebook still holds what was confirmed there: pure, over plain values.

Compared on the column's own scale to two decimals, since that is what LMSs keep and show; an LMS may tell a result on
another scale than the column's (Canvas: the scale of our last score).
"""

from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

Drift = Literal["unknown", "in_step", "changed_in_lms", "not_shown"]
"""`unknown`: nothing to compare, or not read since. `not_shown`: accepted, and the gradebook shows nothing."""

# Rounding or cutting to two decimals moves a number by less than this; who changes a grade changes it by more.
_ONE_HUNDREDTH: Final = Decimal("0.01")


def drift(  # noqa: PLR0913 - eight plain facts
    *,
    confirmed_score: Decimal | None,
    confirmed_maximum: Decimal | None,
    confirmed_at: datetime | None,
    reading_score: Decimal | None,
    reading_maximum: Decimal | None,
    read_at: datetime | None,
    kept_score: Decimal | None,
    column_maximum: Decimal | None,
) -> Drift:
    """Compare what the LMS confirmed (in the tool's points) with what it showed when it was last read.

    `kept_score` is a grade of the LMS, on its own scale, that the teacher chose to leave there.
    """
    if read_at is None or (confirmed_at is not None and read_at < confirmed_at):
        return "unknown"
    if 0 in (reading_maximum, column_maximum):
        # Canvas reads every grade of a column worth nothing back as 0, whatever stands there.
        return "unknown"
    if reading_score is None and confirmed_score is None:
        return "unknown" if confirmed_at is None else "in_step"
    if reading_score is None:
        return "not_shown"
    if kept_score is not None and abs(reading_score - kept_score) < _ONE_HUNDREDTH:
        return "in_step"
    is_ours = is_same_grade(
        reading_score, reading_maximum, confirmed_score, confirmed_maximum, column_maximum=column_maximum
    )
    return "in_step" if is_ours else "changed_in_lms"


def is_same_grade(
    held_score: Decimal | None,
    held_maximum: Decimal | None,
    score: Decimal | None,
    maximum: Decimal | None,
    *,
    column_maximum: Decimal | None = None,
) -> bool:
    """Whether what the LMS holds is this score of the tool's; no score is the same as an empty cell.

    `held_maximum` is the scale of `held_score`; where the LMS does not tell it, the column's is meant, else the tool's.
    """
    if score is None or held_score is None:
        return score is held_score
    held_scale = held_maximum or column_maximum or maximum
    scale = column_maximum or held_scale
    if not maximum or not held_scale or not scale:
        return abs(held_score - score) < _ONE_HUNDREDTH
    sent, held = score * scale / maximum, held_score * scale / held_scale
    # Moodle shows extra credit as the column's maximum.
    is_capped = sent > scale and abs(held - scale) < _ONE_HUNDREDTH
    return is_capped or abs(held - sent) < _ONE_HUNDREDTH
