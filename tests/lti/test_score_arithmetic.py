"""Points are exact from the answer to the wire: what arrives is the very number."""

import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.lti.sent_scores import BENS
from tool.lti.scores import ExactGrade, _write_grade, add_to_path

POINTS = st.decimals(min_value=0, max_value=1_000_000, places=4)
ANY_NUMBER = st.decimals(allow_nan=True, allow_infinity=True)


@given(POINTS, POINTS, st.sampled_from(["canvas", "moodle", "unknown"]))
def test_the_number_on_the_wire_is_the_number(given_points: Decimal, maximum: Decimal, family: str) -> None:
    told = json.loads(
        _write_grade(replace(BENS, given=given_points, maximum=maximum), family).get_value(), parse_float=Decimal
    )

    assert Decimal(told["scoreGiven"]) == given_points
    assert Decimal(told["scoreMaximum"]) == maximum


@given(st.lists(POINTS, min_size=1, max_size=30))
def test_a_sum_is_the_sum_in_every_order(points: list[Decimal]) -> None:
    """A tenth thirty times is three, which a binary float does not know."""
    total = sum(points, Decimal(0))
    told = json.loads(
        _write_grade(replace(BENS, given=total, maximum=total), "canvas").get_value(), parse_float=Decimal
    )

    assert Decimal(told["scoreGiven"]) == sum(reversed(points), Decimal(0)) == total


@given(ANY_NUMBER)
def test_no_number_but_a_finite_one_of_at_least_zero_is_written(number: Decimal) -> None:
    flaw = ExactGrade()._validate_score(number)

    assert (flaw is None) == (number.is_finite() and number >= 0)


@given(st.text(st.sampled_from("abc/.-_~%20"), max_size=20), st.text(st.sampled_from("abc=&%2F"), max_size=20))
def test_scores_goes_before_the_question_mark_and_nothing_is_lost(path: str, query: str) -> None:
    url = f"https://lms.example/{path}" + (f"?{query}" if query else "")
    made = add_to_path(url, "scores")

    head, _, tail = made.partition("?")
    assert head.endswith("/scores")
    assert tail == query
    assert head.removesuffix("/scores").rstrip("/") == url.partition("?")[0].rstrip("/")
