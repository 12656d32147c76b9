"""What Ada types while she grades, read as marks or refused in her words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.assessment.stories import ESSAY, HALF, QUARTER, read_questions
from tool.assessment.autograding import grade_answers
from tool.assessment.marks import GivenMark, find_excess, merge_marks
from tool.assessment.teacher.fields import MarkRefused, read_mark, read_points, shown_field, typed_field

RUBRIC = ESSAY | {
    "rubric": [{"id": "plot", "title": "Plot", "points": 5}, {"id": "sums", "title": "Sums", "points": 3}]
}
[half, quarter, essay, rubric_essay] = read_questions(HALF, QUARTER, ESSAY, RUBRIC | {"id": "other"})
GRADE = grade_answers([half, quarter, essay], {"half": "0.5", "story": "Once."})
RIGHT, BLANK, WAITS = GRADE.questions


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("7", "7"),
        (" 7.50 ", "7.5"),
        ("7,5", "7.5"),
        (".5", "0.5"),
        ("0", "0"),
        ("+3", "3"),
        ("0.0001", "0.0001"),
        ("٣", "3"),
        ("", None),
    ],
)
def test_points_are_read_as_people_type_them(typed: str, points: str | None) -> None:
    assert read_points(1, typed) == (None if points is None else Decimal(points))


@pytest.mark.parametrize("typed", ["-1", "seven", "1e3", "NaN", "0.00001", "1001", "1/2", "7 5"])
def test_anything_else_is_refused_with_the_number_of_its_question(typed: str) -> None:
    with pytest.raises(MarkRefused, match="Question 4: "):
        read_points(4, typed)


def test_points_are_a_mark_where_the_key_gave_others() -> None:
    typed = typed_field(1, half, {"points-1": "3", "feedback-1": " Which half?\r\n"})

    assert read_mark(typed, RIGHT) == GivenMark("half", Decimal(3), None, "Which half?")


def test_the_points_that_the_key_gives_anyway_are_no_mark() -> None:
    assert read_mark(typed_field(1, half, {"points-1": "5.0", "feedback-1": "Good."}), RIGHT).points is None
    assert read_mark(typed_field(2, quarter, {"points-2": "0"}), BLANK).points is None


def test_no_points_for_an_essay_are_a_mark() -> None:
    assert read_mark(typed_field(3, essay, {"points-3": "0"}), WAITS).points == 0


def test_the_lines_of_a_rubric_add_up() -> None:
    typed = typed_field(1, rubric_essay, {"rubric-1-plot": "2.5", "rubric-1-sums": "0"})

    assert read_mark(typed, replace(WAITS, number=1)) == GivenMark(
        "other", Decimal("2.5"), {"plot": Decimal("2.5"), "sums": Decimal(0)}
    )


def test_half_a_rubric_is_refused() -> None:
    with pytest.raises(MarkRefused, match="a line of the rubric has no points yet"):
        read_mark(typed_field(1, rubric_essay, {"rubric-1-plot": "2"}), WAITS)


def test_feedback_has_a_limit() -> None:
    assert read_mark(typed_field(3, essay, {"feedback-3": "x" * 5000}), WAITS).feedback == "x" * 5000
    with pytest.raises(MarkRefused, match="5,000"):
        read_mark(typed_field(3, essay, {"feedback-3": "x" * 5001}), WAITS)


def test_what_nobody_touched_is_not_touched() -> None:
    shown = shown_field(1, half, {"earned": "5", "feedback": "Two\nlines", "rubric": {}})
    posted = {"points-1": "5", "feedback-1": "Two\r\nlines", "was-1": shown.was}

    assert not typed_field(1, half, posted).is_touched
    assert typed_field(1, half, posted | {"points-1": "4"}).is_touched
    assert typed_field(1, half, posted | {"feedback-1": ""}).is_touched


def test_a_rubric_that_adds_up_to_more_than_the_question_is_noticed() -> None:
    [small] = read_questions(RUBRIC | {"points": 6})

    whole = GivenMark("story", Decimal(8), {"plot": Decimal(5), "sums": Decimal(3)})
    assert [one.points for one in find_excess([small], [whole])] == [6]


def test_marks_are_added_up_exactly() -> None:
    marks = {name: GivenMark(name, Decimal(points)) for name, points in (("half", "0.1"), ("story", "0.2"))}

    merged = merge_marks(GRADE, marks)

    assert (merged.earned, merged.maximum) == (Decimal("0.3"), Decimal(18))
    assert (merged.needs_person, merged.unanswered) == ((), (2,))
