"""What is refused in an assignment file, and how Ada is told: one line that begins with the path of the key."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.assessment.questions import AssignmentFileError, read_assignment_file

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


def refusal(text: str) -> str:
    with pytest.raises(AssignmentFileError) as refused:
        read_assignment_file(text)
    assert "\n" not in refused.value.message
    return refused.value.message


def with_question(question: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"questions": [HALF | {"id": "first"}, question | changes]}


def question_fault(words: str) -> str:
    return "questions[1]" + words


NUMBER_FAULT = question_fault(".points: must be an exact number, such as 2 or 0.5")
POINTS_FAULT = question_fault(".points: must be from 0 to 1000, with at most 4 decimal places")
CHOICE = HALF["choices"][1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pionts": 1}, "pionts: unknown key"),
        (with_question(WHY, pionts=1), question_fault(".pionts: unknown key")),
        (with_question(WHY, essay=1), question_fault(".essay: unknown key")),
        (with_question(HALF, choices=[CHOICE | {"right": True}]), question_fault(".choices[0].right: unknown key")),
        (with_question(WHY, rubric=[{"id": "r", "title": "t", "pts": 1}]), ".rubric[0].pts: unknown key (and 1 more)"),
        ({"id": "two words"}, "id: must be 1 to 64 letters, digits, dots, underscores or hyphens"),
        ({"id": ""}, "id: must be 1 to 64 letters, digits, dots, underscores or hyphens"),
        ({"id": "x" * 65}, "id: must be 1 to 64 letters, digits, dots, underscores or hyphens"),
        ({"id": "fractions\n"}, "id: must be 1 to 64 letters, digits, dots, underscores or hyphens"),
        ({"title": " "}, "title: must not be blank"),
        ({"title": "x" * 201}, "title: should have at most 200 characters"),
        ({"title": "Fractions\nquiz"}, "title: must be one line"),
        ({"title": "Fractions \u0000"}, "title: must not contain control characters"),
        ({"title": "Fractions \ud800"}, "title: must not hold half a character"),
        ({"title": None}, "title: should be a valid string"),
        ({"automatic_passback": "yes"}, "automatic_passback: should be a valid boolean"),
        ({"updates": "sometimes"}, "updates: should be 'manual' or 'automatic'"),
        ({"attempts": 0}, "attempts: should be greater than or equal to 1"),
        ({"attempts": 21}, "attempts: should be less than or equal to 20"),
        ({"attempts": 1.5}, "attempts: should be a valid integer"),
        ({"due_at": "2030-05-31T17:00:00"}, "due_at: must be a time with its offset"),
        ({"due_at": "tomorrow"}, "due_at: must be a time with its offset"),
        ({"due_at": 5}, "due_at: must be a time with its offset"),
        ({"due_at": "2030-06-01T00:00Z", "closes_at": "2030-05-31T00:00Z"}, "closes_at: must not be before due_at"),
        ({"questions": None}, "questions: must be a list"),
        ({"questions": []}, "questions: must have 1 to 200 entries"),
        ({"questions": [WHY | {"id": f"q{n}"} for n in range(201)]}, "questions: must have 1 to 200 entries"),
        ({"questions": [WHY, "why"]}, "questions[1]: must be an object"),
        ({"questions": [WHY, HALF, WHY]}, 'questions: the id "why" is used twice'),
        ({"questions": [WHY | {"points": 0}]}, "questions: the points add up to 0"),
        (with_question({}), question_fault(".type: is required")),
        (
            with_question(WHY, type="drawing"),
            question_fault(".type: must be one of 'single_choice', 'multiple_choice'"),
        ),
        (with_question(WHY, prompt=" "), question_fault(".prompt: must not be blank")),
        (with_question(WHY, prompt="x" * 20_001), question_fault(".prompt: should have at most 20000")),
        (with_question({"id": "why", "type": "essay", "points": 1}), question_fault(".prompt: is required")),
        (with_question(WHY, points=-1), POINTS_FAULT),
        (with_question(WHY, points=1000.1), POINTS_FAULT),
        (with_question(WHY, points=0.00001), POINTS_FAULT),
        (with_question(WHY, points=True), NUMBER_FAULT),
        (with_question(WHY, points=None), NUMBER_FAULT),
        (with_question(WHY, points="1,5"), NUMBER_FAULT),
        (with_question(WHY, points="NaN"), NUMBER_FAULT),
        (with_question(WHY, points=float("nan")), NUMBER_FAULT),
        (with_question(WHY, points=float("inf")), NUMBER_FAULT),
        (with_question(WHY, points=10**100), NUMBER_FAULT),
        (with_question(TENTH, answer="1/10"), question_fault(".answer: must be an exact number")),
        (with_question(TENTH, tolerance=-0.1), question_fault(".tolerance: must not be negative")),
        (with_question(NAME, accept=[]), question_fault(".accept: must have 1 to 100 entries")),
        (with_question(NAME, accept=["top", " "]), question_fault(".accept[1]: must not be blank")),
        (with_question(NAME, accept="top"), question_fault(".accept: must be a list")),
        (with_question(EQUAL, correct="true"), question_fault(".correct: should be a valid boolean")),
        (with_question(HALF, choices=[CHOICE]), question_fault(".choices: must have 2 to 100 entries")),
        (with_question(HALF, choices=[CHOICE, CHOICE]), question_fault('.choices: the id "b" is used twice')),
        (
            with_question(HALF, choices=[CHOICE, CHOICE | {"id": "c"}]),
            question_fault(".choices: exactly one choice must be correct"),
        ),
        (
            with_question(HALF, choices=[CHOICE | {"correct": True}, CHOICE | {"id": "c", "correct": True}]),
            question_fault(".choices: exactly one choice must be correct"),
        ),
        (
            with_question(BIGGER, choices=[CHOICE, CHOICE | {"id": "c"}]),
            question_fault(".choices: at least one choice must be correct"),
        ),
        (with_question(HALF, choices=[{"id": "a", "text": "x"}, CHOICE]), ".choices[0].correct: is required"),
        (with_question(BIGGER, scoring="fair"), ".scoring: should be 'all_or_nothing' or 'partial'"),
        (with_question(WHY, rubric=[]), question_fault(".rubric: must have 1 to 50 entries")),
    ],
)
def test_a_fault_is_told_in_one_line_with_its_path(changes: dict[str, Any], message: str) -> None:
    assert message in refusal(json.dumps(FRACTIONS | changes))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file: is not JSON at line 1, column 1 (Expecting value)"),
        ('{\n"id": fractions}', "the file: is not JSON at line 2, column 7 (Expecting value)"),
        ("[]", "the file: must be an object"),
        ("3", "the file: must be an object"),
        ("[" * 100_000, "the file: is nested too deeply"),
        (" " * 2_000_001, "the file: must not be larger than 2 MB"),
        ("é" * 1_000_001, "the file: must not be larger than 2 MB"),
        ('{"a\\u001b[2J": 1}', "'a\\x1b[2J': unknown key (and 4 more)"),
    ],
)
def test_a_file_that_is_no_assignment_at_all_is_refused(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ('"points": 2.5', '"points": 2.5, "points": 5', "questions[1].points: is there twice"),
        ('"title": "Fr', '"title": "Algebra", "title": "Fr', "title: is there twice"),
        ('"type": "essay"', '"type": "numeric", "type": "essay"', "questions[5].type: is there twice"),
        ('"points": 2.5', '"points": 1e99999999999999999999', "questions[1].points: must be an exact number"),
        ('"points": 2.5', f'"points": {"9" * 9999}', "questions[1].points: must be an exact number"),
        ('"points": 2.5', '"points": NaN', "questions[1].points: must be an exact number"),
        ('"answer": 0.1', '"answer": 10e99', "questions[3].answer: must be an exact number"),
        ('"title": "Fr', '"title": "\ud800 Fr', "title: must not hold half a character"),
        ('"answer": 0.1', '"answer": 1e99999', "questions[3].answer: must be an exact number"),
        ('"attempts": 3', '"attempts": 9e99', "attempts: should be a valid integer"),
    ],
)
def test_what_only_some_readers_of_json_would_notice_is_refused(written: str, instead: str, message: str) -> None:
    text = json.dumps(FRACTIONS | {"attempts": 3})
    assert written in text
    assert refusal(text.replace(written, instead, 1)).startswith(message)


@given(text=st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_any_other_text_is_refused_in_one_line(text: str) -> None:
    assert refusal(text)
