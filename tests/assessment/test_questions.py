"""Ada's assignment file: what is read from it, what is refused and how that is said, and how it is written back."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.assessment.questions import (
    AssignmentFile,
    AssignmentFileError,
    Essay,
    Numeric,
    ShortText,
    dump_questions,
    load_questions,
    person_needed_because,
    points_total,
    read_assignment_file,
    write_assignment_file,
)

HALF = {
    "id": "half",
    "type": "single_choice",
    "prompt": "Which is one half?",
    "points": 1,
    "choices": [{"id": "a", "text": "2/4", "correct": True}, {"id": "b", "text": "2/3", "correct": False}],
}
BIGGER = {
    "id": "bigger",
    "type": "multiple_choice",
    "prompt": "Which are bigger than one half?",
    "points": 2.5,
    "scoring": "partial",
    "choices": [{"id": "a", "text": "3/4", "correct": True}, {"id": "b", "text": "3/8", "correct": False}],
}
EQUAL = {"id": "equal", "type": "true_false", "prompt": "2/4 = 1/2", "points": "0.5", "correct": True}
TENTH = {"id": "tenth", "type": "numeric", "prompt": "1/10 = ?", "points": 2, "answer": 0.1, "tolerance": 0.0000001}
NAME = {"id": "name", "type": "short_text", "prompt": "The number on top?", "points": 1, "accept": ["numerator"]}
WHY = {"id": "why", "type": "essay", "prompt": "Why?", "points": 3}
RATED = {"id": "rated", "type": "essay", "prompt": "Explain.", "points": 4} | {
    "rubric": [{"id": "clear", "title": "It is clear", "points": 1.5}, {"id": "right", "title": "Right", "points": 2.5}]
}
FRACTIONS: dict[str, Any] = {
    "id": "fractions-1",
    "title": "Fractions quiz",
    "automatic_passback": True,
    "questions": [HALF, BIGGER, EQUAL, TENTH, NAME, WHY, RATED],
}


def read(**changes: Any) -> AssignmentFile:
    return read_assignment_file(json.dumps(FRACTIONS | changes))


def with_question(question: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"questions": [HALF | {"id": "first"}, question | changes]}


def test_a_short_file_gets_the_settings_that_teachers_know() -> None:
    fractions = read()
    assert (fractions.unanswered, fractions.updates) == ("hold", "manual")
    assert (fractions.attempts, fractions.counting_attempt) == (1, "first")
    assert (fractions.after_submitting, fractions.may_change_after_submitting) == ("score", "nothing")
    assert (fractions.due_at, fractions.closes_at, fractions.instructions) == (None, None, None)


def test_points_and_answers_are_exact() -> None:
    fractions = read()
    assert [question.points for question in fractions.questions[:3]] == [1, Decimal("2.5"), Decimal("0.5")]
    tenth = fractions.questions[3]
    assert isinstance(tenth, Numeric)
    assert (tenth.answer, tenth.tolerance) == (Decimal("0.1"), Decimal("0.0000001"))
    assert points_total(fractions.questions) == 14


def test_many_tenths_of_a_point_add_up_exactly() -> None:
    tenths = read(questions=[HALF | {"id": f"q{n}", "points": 0.1} for n in range(30)])
    assert str(points_total(tenths.questions)) == "3.0"


def test_times_are_read_with_their_offset() -> None:
    fractions = read(due_at="2030-05-31T17:00:00+02:00", closes_at="2030-06-01T00:00:00Z")
    assert fractions.due_at == datetime(2030, 5, 31, 15, tzinfo=UTC)
    assert fractions.closes_at == datetime(2030, 6, 1, tzinfo=UTC)


def test_short_text_ignores_case_and_spaces_unless_told_otherwise() -> None:
    strict = read(**with_question(NAME, ignore_case=False, ignore_spaces=False)).questions[1]
    assert isinstance(strict, ShortText)
    assert (strict.ignore_case, strict.ignore_spaces) == (False, False)
    assert (read().questions[4]).model_dump(include={"ignore_case", "ignore_spaces"}) == {
        "ignore_case": True,
        "ignore_spaces": True,
    }


def test_an_essay_or_a_rubric_needs_a_person() -> None:
    assert person_needed_because(read().questions) == [(6, "essay"), (7, "rubric")]
    assert person_needed_because(read(questions=[HALF, TENTH]).questions) == []


def test_a_file_from_an_editor_that_puts_a_byte_order_mark_first_is_read() -> None:
    assert read_assignment_file("\ufeff" + json.dumps(FRACTIONS)) == read()


def test_what_was_read_cannot_be_changed() -> None:
    fractions = read()
    with pytest.raises(ValueError, match="frozen"):
        setattr(fractions.questions[0], "points", Decimal(9))  # noqa: B010
    assert isinstance(fractions.questions, tuple)


def test_what_is_written_reads_the_same_and_exactly() -> None:
    fractions = read(attempts=None, instructions="Show *all* your work.\n", due_at="2030-05-31T17:00:00+02:00")
    text = write_assignment_file(fractions)
    assert read_assignment_file(text) == fractions
    written = json.loads(text)
    assert written["attempts"] is None
    assert [question["points"] for question in written["questions"]] == [1, "2.5", "0.5", 2, 1, 3, 4]
    assert written["questions"][3]["tolerance"] == "0.0000001"
    assert "rubric" not in written["questions"][5]


def test_the_largest_number_that_is_read_is_also_written_and_stored() -> None:
    large = read(questions=[TENTH | {"answer": "-9.9e97"}])
    assert read_assignment_file(write_assignment_file(large)) == large
    assert load_questions(dump_questions(large.questions)) == large.questions


def test_questions_are_stored_as_json_and_read_back_unchanged() -> None:
    questions = read().questions
    stored = json.loads(json.dumps(dump_questions(questions)))
    assert load_questions(stored) == questions
    assert stored[1]["points"] == "2.5"
    assert isinstance(load_questions(stored)[5], Essay)


def test_stored_questions_that_are_damaged_are_refused_with_their_path() -> None:
    stored: Any = dump_questions(read().questions)
    stored[2]["correct"] = "maybe"
    with pytest.raises(AssignmentFileError, match=r"^questions\[2\]\.correct: should be a valid boolean$"):
        load_questions(stored)


EXACT_POINTS = st.decimals("0.0001", 1000, places=4)
ANY_NUMBER = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40, places=12)


@given(points=EXACT_POINTS, answer=ANY_NUMBER, title=st.text(max_size=50), attempts=st.none() | st.integers(1, 20))
def test_any_assignment_that_is_read_is_written_and_stored_without_loss(
    points: Decimal, answer: Decimal, title: str, attempts: int | None
) -> None:
    numeric = TENTH | {"points": str(points), "answer": str(answer)}
    try:
        fractions = read(title=title, attempts=attempts, questions=[numeric, RATED])
    except AssignmentFileError as refused:
        assert refused.message.startswith("title: ")  # noqa: PT017 - some made-up titles are blank or unprintable
        return
    assert read_assignment_file(write_assignment_file(fractions)) == fractions
    assert load_questions(dump_questions(fractions.questions)) == fractions.questions
    assert fractions.questions[0].model_dump(include={"points", "answer"}) == {"points": points, "answer": answer}
