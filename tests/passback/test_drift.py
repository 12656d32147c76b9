"""Does the LMS still hold what it confirmed? The screen's word about every student hangs on this."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.passback.drift import drift, is_same_grade

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)

STANDS: dict[str, Any] = {
    "confirmed_score": Decimal(17),
    "confirmed_maximum": Decimal(20),
    "confirmed_at": NOON,
    "reading_score": Decimal(17),
    "reading_maximum": Decimal(20),
    "read_at": AFTER,
    "kept_score": None,
    "column_maximum": Decimal(20),
}
NEVER_SENT = {"confirmed_score": None, "confirmed_maximum": None, "confirmed_at": None}


def points(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("what", "changes", "expected"),
    [
        ("the same number", {}, "in_step"),
        ("written otherwise", {"reading_score": Decimal("17.00")}, "in_step"),
        ("never read", {"read_at": None, "reading_score": None}, "unknown"),
        ("read before it was confirmed", {"read_at": BEFORE, "reading_score": Decimal(3)}, "unknown"),
        ("read in the same moment", {"read_at": NOON}, "in_step"),
        ("another number", {"reading_score": Decimal(20)}, "changed_in_lms"),
        ("a little less", {"reading_score": Decimal("16.99")}, "changed_in_lms"),
        ("a number of the LMS's float kind", {"reading_score": Decimal("17.000000000000004")}, "in_step"),
        ("nothing shown", {"reading_score": None, "reading_maximum": None}, "not_shown"),
        ("zero shown", {"reading_score": Decimal(0)}, "changed_in_lms"),
        ("zero sent and shown", {"reading_score": Decimal(0), "confirmed_score": Decimal(0)}, "in_step"),
        ("zero sent, nothing shown", {"reading_score": None, "confirmed_score": Decimal(0)}, "not_shown"),
        ("never sent, nothing there", {**NEVER_SENT, "reading_score": None}, "unknown"),
        (
            "cleared by us, and empty",
            {"confirmed_score": None, "confirmed_maximum": None, "reading_score": None},
            "in_step",
        ),
        ("cleared by us, somebody typed", {"confirmed_score": None, "confirmed_maximum": None}, "changed_in_lms"),
        ("never sent, somebody typed", NEVER_SENT, "changed_in_lms"),
        ("never sent, typed and kept", {**NEVER_SENT, "kept_score": Decimal(17)}, "in_step"),
        ("typed 20 and kept", {"reading_score": Decimal(20), "kept_score": Decimal(20)}, "in_step"),
        ("kept 20, typed 19 later", {"reading_score": Decimal(19), "kept_score": Decimal(20)}, "changed_in_lms"),
        ("kept 20, ours again", {"kept_score": Decimal(20)}, "in_step"),
        ("kept 20, emptied later", {"reading_score": None, "kept_score": Decimal(20)}, "not_shown"),
        ("worth nothing", {"reading_score": Decimal(0), "column_maximum": Decimal(0)}, "unknown"),
        ("worth nothing, says the result", {"reading_score": Decimal(0), "reading_maximum": Decimal(0)}, "unknown"),
        ("worth nothing and never sent", {**NEVER_SENT, "column_maximum": Decimal(0)}, "unknown"),
        ("worth unknown", {"column_maximum": None}, "in_step"),
    ],
)
def test_what_is_said(what: str, changes: dict[str, Any], expected: str) -> None:
    assert drift(**(STANDS | changes)) == expected, what


@pytest.mark.parametrize(
    ("sent", "of", "held", "held_of", "column", "is_same"),
    [
        ("17", "20", "85", "100", None, True),
        ("1", "3", "33.33", "100", "100", True),
        ("1", "3", "33.333", "100", "100", True),
        ("2", "3", "66.66", "100", "100", True),  # cut instead of rounded
        ("2", "3", "66.68", "100", "100", False),
        ("17", "20", "17", None, "20", True),
        ("17", "20", "85", None, "100", True),  # no maximum told: the column's
        ("17", "20", "17", None, None, True),
        # Canvas keeps two decimals of a column worth 1, and tells them on the scale of our 100.
        ("66.7", "100", "67", "100", "1", True),
        ("66.7", "100", "69", "100", "1", False),
        # Moodle shows extra credit as the column's maximum.
        ("12", "10", "100", "100", "100", True),
        ("12", "10", "99", "100", "100", False),
        ("12", "10", "12", "10", "10", True),
        ("10", "10", "100", "100", "100", True),
        ("0", "0", "0", "0", None, True),
        ("5", "0", "5", "0", None, True),
        ("5", "0", "4", "0", None, False),
        (None, None, None, None, None, True),
        (None, None, "0", "20", None, False),
        ("0", "20", None, None, None, False),
    ],
)
def test_grades_on_two_scales(
    sent: str | None, of: str | None, held: str | None, held_of: str | None, column: str | None, is_same: bool
) -> None:
    found = is_same_grade(points(held), points(held_of), points(sent), points(of), column_maximum=points(column))

    assert found is is_same


SCORES = st.decimals(min_value=0, max_value=500, places=2)
MAXIMA = st.decimals(min_value=Decimal("0.5"), max_value=500, places=1)


@given(SCORES, MAXIMA, MAXIMA, st.sampled_from([ROUND_HALF_UP, ROUND_DOWN, None]))
def test_what_an_lms_makes_of_our_number_is_in_step(
    score: Decimal, maximum: Decimal, column: Decimal, rounding: str | None
) -> None:
    """Scaled to the column, and kept as it is, rounded to two places or cut."""
    shown = score * column / maximum
    shown = shown.quantize(Decimal("0.01"), rounding) if rounding else Decimal(str(float(shown)))
    told = STANDS | {"confirmed_score": score, "confirmed_maximum": maximum, "column_maximum": column}

    assert drift(**(told | {"reading_score": shown, "reading_maximum": column})) == "in_step"


@given(SCORES, MAXIMA, MAXIMA, st.decimals(min_value=Decimal("0.02"), max_value=100, places=2), st.booleans())
def test_what_a_person_typed_is_noticed(
    score: Decimal, maximum: Decimal, column: Decimal, by: Decimal, is_more: bool
) -> None:
    ours = score * column / maximum
    typed = ours + by if is_more else ours - by
    if typed < 0 or abs(typed - column) < Decimal("0.01"):
        return  # below nothing nobody types; the maximum is also what extra credit looks like
    told = STANDS | {"confirmed_score": score, "confirmed_maximum": maximum, "column_maximum": column}

    assert drift(**(told | {"reading_score": typed, "reading_maximum": column})) == "changed_in_lms"


@given(SCORES, MAXIMA)
def test_it_does_not_matter_which_scale_a_result_is_told_on(score: Decimal, held_of: Decimal) -> None:
    told = STANDS | {"reading_score": score * held_of / 500, "reading_maximum": held_of, "column_maximum": Decimal(500)}

    is_ours = abs(score - 425) < Decimal("0.01")
    assert drift(**told) == ("in_step" if is_ours else "changed_in_lms")
