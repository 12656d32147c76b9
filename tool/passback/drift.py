"""Is the LMS's grade still the one that was sent? Pure."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

Drift = Literal["unknown", "in_step", "changed_in_lms", "not_shown"]

# Platforms round when they scale: Moodle keeps five places, Canvas two.
TOLERANCE = Decimal("0.005")


def is_same_grade(held: Decimal, held_maximum: Decimal | None, score: Decimal, maximum: Decimal) -> bool:
    """Compare a grade of the LMS with one of ours, on the LMS's own scale."""
    scale = (held_maximum or maximum) / maximum if maximum else Decimal(1)
    return abs(held - score * scale) <= TOLERANCE * max(scale, Decimal(1))


def drift(  # noqa: PLR0913 - eight plain facts, and no object that has them all
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
    """What the last reading says about the last confirmed score."""
    is_worthless = column_maximum is not None and column_maximum <= 0
    if read_at is None or is_worthless or (confirmed_at is not None and read_at < confirmed_at):
        return "unknown"
    if reading_score is None:
        return "unknown" if confirmed_score is None else "not_shown"
    if reading_score == kept_score:
        return "in_step"
    if confirmed_score is None or confirmed_maximum is None:
        return "changed_in_lms"
    is_same = is_same_grade(reading_score, reading_maximum, confirmed_score, confirmed_maximum)
    return "in_step" if is_same else "changed_in_lms"
