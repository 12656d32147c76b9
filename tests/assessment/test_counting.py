"""Ben tries more than once: which of his attempts is the score?"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tool.assessment.counting import Attempted, Counted, count

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def attempt(
    number: int, score: object, *, needs_grading: tuple[int, ...] = (), unanswered: tuple[int, ...] = ()
) -> Attempted:
    return Attempted(
        attempt_number=number,
        score=Decimal(str(score)),
        maximum=Decimal(20),
        submitted_at=MONDAY + timedelta(days=number),
        needs_grading=needs_grading,
        unanswered=unanswered,
    )


def counted(*attempts: Attempted, rule: str) -> Counted:
    found = count(attempts, rule)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rule", "score", "counts"),
    [("first", "12", 1), ("best", "17.5", 2), ("last", "15", 3), ("average", "14.83", None)],
)
def test_each_rule_counts_its_attempt(rule: str, score: str, counts: int | None) -> None:
    found = counted(attempt(1, 12), attempt(2, "17.5"), attempt(3, 15), rule=rule)

    assert (found.score, found.counting_attempt, found.newest_attempt) == (Decimal(score), counts, 3)


def test_the_order_in_which_attempts_are_read_does_not_matter() -> None:
    assert counted(attempt(2, 15), attempt(1, 12), rule="first").score == 12


def test_of_equal_attempts_the_earliest_is_the_best() -> None:
    found = counted(attempt(1, 15), attempt(2, 15), rule="best")

    assert (found.counting_attempt, found.submitted_at) == (1, MONDAY + timedelta(days=1))


@pytest.mark.parametrize(("scores", "average"), [((1, 2), "1.5"), (("0.01", "0.02"), "0.02"), (("0.01", 0), "0")])
def test_an_average_is_rounded_half_to_even(scores: tuple[object, object], average: str) -> None:
    assert str(counted(attempt(1, scores[0]), attempt(2, scores[1]), rule="average").score) == average


def test_a_single_attempt_is_its_own_average_to_the_last_digit() -> None:
    assert counted(attempt(1, "0.125"), rule="average").score == Decimal("0.125")


def test_an_ungraded_essay_waits_only_where_it_could_matter() -> None:
    attempts = (attempt(1, 12), attempt(2, 5, needs_grading=(4,)))

    assert {rule: counted(*attempts, rule=rule).needs_grading for rule in ("first", "best", "last", "average")} == {
        "first": (),
        "best": (4,),
        "last": (4,),
        "average": (4,),
    }


def test_blanks_are_those_of_the_attempt_that_counts() -> None:
    attempts = (attempt(1, 12, unanswered=(3,)), attempt(2, 15))

    assert counted(*attempts, rule="first").unanswered == (3,)
    assert counted(*attempts, rule="best").unanswered == ()
    assert counted(*attempts, rule="average").unanswered == (3,)


def test_nothing_handed_in_is_no_score() -> None:
    assert count((), "best") is None


@settings(deadline=None)  # a slow machine is no fault of the rule
@given(st.lists(st.decimals(0, 20, places=4), min_size=1, max_size=20))
def test_an_average_lies_between_the_worst_and_the_best(scores: list[Decimal]) -> None:
    found = counted(*(attempt(number, score) for number, score in enumerate(scores, 1)), rule="average")

    assert min(scores) - Decimal("0.005") <= found.score <= max(scores)
