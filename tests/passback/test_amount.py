"""How much would go for a student."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.passback.amount import Amount, Chosen, amount_to_send

DONE = Chosen(
    mode="points",
    points=Decimal(20),
    earned=Decimal(17),
    earned_maximum=Decimal(20),
    is_submitted=True,
    needs_grading=False,
    completion=None,
    override=None,
)


def test_the_tools_own_score_goes() -> None:
    assert amount_to_send(DONE) == Amount(Decimal(17), Decimal(20), "earned")


@pytest.mark.parametrize("change", [{"is_submitted": False}, {"needs_grading": True}, {"earned": None}])
def test_unfinished_work_has_no_number(change: dict[str, object]) -> None:
    assert amount_to_send(replace(DONE, **change)) is None  # type: ignore[arg-type]


def test_an_override_wins_over_everything() -> None:
    chosen = replace(DONE, override=Decimal(14), mode="completion", needs_grading=True)

    assert amount_to_send(chosen) == Amount(Decimal(14), Decimal(20), "override")


def test_an_override_may_exceed_the_maximum_and_says_so() -> None:
    amount = amount_to_send(replace(DONE, override=Decimal(22)))

    assert amount is not None
    assert amount.is_above_maximum


@pytest.mark.parametrize(
    ("is_submitted", "flipped", "expected"),
    [
        (True, None, Amount(Decimal(20), Decimal(20), "complete")),
        (False, None, Amount(Decimal(0), Decimal(20), "incomplete")),
        (True, "incomplete", Amount(Decimal(0), Decimal(20), "incomplete")),
        (False, "complete", Amount(Decimal(20), Decimal(20), "complete")),
    ],
)
def test_complete_or_incomplete(is_submitted: bool, flipped: str | None, expected: Amount) -> None:
    chosen = replace(DONE, mode="completion", is_submitted=is_submitted, completion=flipped)  # type: ignore[arg-type]

    assert amount_to_send(chosen) == expected


@given(st.booleans(), st.booleans(), st.sampled_from([None, "complete", "incomplete"]))
def test_completion_mode_knows_two_numbers_only(is_submitted: bool, needs_grading: bool, flipped: str | None) -> None:
    chosen = replace(
        DONE,
        mode="completion",
        is_submitted=is_submitted,
        needs_grading=needs_grading,
        completion=flipped,  # type: ignore[arg-type]
    )
    amount = amount_to_send(chosen)

    assert amount is not None
    assert amount.score in (Decimal(0), Decimal(20))
