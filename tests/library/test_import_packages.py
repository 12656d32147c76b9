"""Packages that other software made come in as their authors meant them: the right answers, written down by hand here,
earn full points, and each item is in the report once."""

from decimal import Decimal

import pytest

from tests.library.packing import PACKAGES, only
from tool.assessment.autograding import grade_answers

RIGHT: dict[str, dict[str, object]] = {
    "text2qti.zip": {
        "q1": "b",
        "q2": True,
        "q3": ["b", "c"],
        "q4": "1.4143",
        "q5": "1.2598",
        "q6": "7",
        "q7": "190",
        "q8": "PÈRE NOËL",
        "q10": "a",
        "q11": "b",
    },
    "qti12-sampler.zip": {
        "q1": "b",
        "q2": ["a", "c"],
        "q3": "a",
        "q4": "b",
        "q5": "c",
        "q6": "2.6",
        "q7": "Fe",
        "q8": "hydrogen",
        "q9": "Oxygen",
    },
    "qti21-sampler.zip": {
        "q1": "b",
        "q2": ["a", "c"],
        "q3": "a",
        "q4": "b",
        "q5": "c",
        "q6": "2.4",
        "q7": "Fe",
        "q8": "hydrogen",
        "q9": "oxygen",
        "q10": "a",
        "q11": "b",
        "q12": "c",
    },
    "qti21-science.zip": {
        "q1": "b",
        "q2": ["a", "c"],
        "q3": "Oslo",
        "q5": "b",
        "q6": "a",
        "q7": "b",
        "q8": "b",
        "q9": "a",
        "q10": "c",
        "q11": "a",
        "q12": "b",
        "q13": "b",
    },
}
SCORES = {"text2qti.zip": "15.5", "qti12-sampler.zip": "6", "qti21-sampler.zip": "9", "qti21-science.zip": "10"}
"""All points, those of essays aside, which a person grades."""


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_answers_earn_full_points(name: str) -> None:
    found = only((PACKAGES / name).read_bytes())
    assert found.file is not None

    grade = grade_answers(found.file.questions, RIGHT[name])

    assert {one.state for one in grade.questions if one.question_id in RIGHT[name]} == {"correct"}
    essays = sum(one.points for one in found.file.questions if one.type == "essay")
    assert grade.earned == Decimal(SCORES[name]) == grade.maximum - essays


@pytest.mark.parametrize(("name", "statuses"), [
    ("text2qti.zip", "ckckkkkkclckk"),
    ("qti12-sampler.zip", "kkckkc"),
    ("qti21-sampler.zip", "ccccccc"),
    ("qti21-science.zip", "kkkckccckl"),
])  # fmt: skip
def test_each_item_is_in_the_report_once(name: str, statuses: str) -> None:
    found = only((PACKAGES / name).read_bytes())

    assert "".join(one.status[0] for one in found.items) == statuses
    assert [one.number for one in found.items] == list(range(1, len(statuses) + 1))


def test_the_texts_of_text2qti_come_over() -> None:
    found = only((PACKAGES / "text2qti.zip").read_bytes())

    assert found.file is not None
    assert found.title == "Every type of text2qti"
    assert found.file.instructions == "Read *carefully*. Water is H~2~O and `x^2` is a square."
    prompts = [one.prompt for one in found.file.questions]
    assert prompts[1] == "Paris is the capital of **France**."
    assert prompts[2] == "Which of these are dinosaurs? Choose with `care` < & >."
    assert "* one\n* two" in prompts[8]
    assert "| a | b |" in prompts[8]
    assert prompts[9].startswith("It is about links (https://en.example/x).")
