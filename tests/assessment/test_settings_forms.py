"""What Ada types on the settings page and into the answer key, read or refused in her words."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from tests.assessment.stories import ESSAY, HALF, QUARTER, read_questions
from tool.assessment.settings.choices import ChoiceRefused, read_choices, shown_choices
from tool.assessment.settings.key import KeyRefused, read_key, shown_key

DUE = datetime(2026, 3, 2, 12, 30, 45, tzinfo=UTC)
ROW = SimpleNamespace(
    automatic_passback=True,
    unanswered="hold",
    updates="manual",
    attempts=1,
    counting_attempt="first",
    after_submitting="score",
    may_change_after_submitting="nothing",
    due_at=DUE,
    closes_at=None,
)
CHOICE = {
    "id": "pick",
    "type": "single_choice",
    "prompt": "Which?",
    "points": 2,
    "choices": [{"id": "a", "text": "A", "correct": True}, {"id": "b", "text": "B", "correct": False}],
}
WORD = {"id": "word", "type": "short_text", "prompt": "Say it.", "points": 1, "accept": ["one"]}
RUBRIC = ESSAY | {"rubric": [{"id": "plot", "title": "Plot", "points": 8}]}


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    changes = read_choices(shown_choices(ROW), ROW)

    assert changes == vars(ROW)
    assert changes["due_at"].second == 45  # the field shows no seconds, and keeps them


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"attempts": "0"}, "attempts"),
        ({"attempts": "21"}, "attempts"),
        ({"attempts": "two"}, "attempts"),
        ({"updates": "sometimes"}, "updates"),
        ({"due_at": "tomorrow"}, "due_at"),
        ({"closes_at": "2026-03-02T12:00"}, "closes_at"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(typed: dict[str, str], field: str) -> None:
    with pytest.raises(ChoiceRefused) as refused:
        read_choices(shown_choices(ROW) | typed, ROW)

    assert refused.value.field == field


def test_times_are_read_as_utc_and_emptied_to_none() -> None:
    typed = {"attempts": "", "due_at": "", "closes_at": "2026-03-09T08:05", "automatic_passback": ""}
    changes = read_choices(shown_choices(ROW) | typed, ROW)

    assert changes["closes_at"] == datetime(2026, 3, 9, 8, 5, tzinfo=UTC)
    assert (changes["due_at"], changes["attempts"], changes["automatic_passback"]) == (None, None, False)


KEY = read_questions(CHOICE, HALF, WORD, RUBRIC)
UNTOUCHED: list[tuple[str, str]] = [
    ("points-1", "2"),
    ("correct-1", "a"),
    ("points-2", "5"),
    ("answer-2", "0.5"),
    ("tolerance-2", "0"),
    ("points-3", "1"),
    ("accept-3", "one"),
    ("points-4", "8"),
    ("rubric-4-plot", "8"),
]


def posted(**changes: str | list[str]) -> "MultiDict[str, str]":
    form = MultiDict(UNTOUCHED)
    for name, values in changes.items():
        form.setlist(name.replace("_", "-"), values if isinstance(values, list) else [values])
    return form


def test_an_untouched_key_is_the_same_key() -> None:
    assert read_key(KEY, posted()) == KEY
    assert [one["value"]["points"] for one in shown_key(KEY)] == ["2", "5", "1", "8"]


def test_a_key_is_changed_where_it_was_touched() -> None:
    pick, half, word, essay = read_key(
        KEY, posted(correct_1="b", answer_2="0,6", tolerance_2=".1", accept_3="one\r\n uno \r\n\r\n", points_4="9")
    )

    expected: tuple[Any, ...] = read_questions(
        CHOICE | {"choices": [{"id": "a", "text": "A", "correct": False}, {"id": "b", "text": "B", "correct": True}]},
        HALF | {"answer": "0.6", "tolerance": "0.1"},
        WORD | {"accept": ["one", "uno"]},
        RUBRIC | {"points": 9},
    )
    assert (pick, half, word, essay) == expected


@pytest.mark.parametrize(
    ("changes", "number", "words"),
    [
        ({"points_2": "many"}, 2, "points: must be an exact number"),
        ({"points_2": "-1"}, 2, "points: must be from 0 to 1000"),
        ({"correct_1": []}, 1, "choices: exactly one choice must be correct"),
        ({"answer_2": ""}, 2, "answer: must be an exact number"),
        ({"tolerance_2": "-1"}, 2, "tolerance: must not be negative"),
        ({"accept_3": " \n "}, 3, "accepted answers: must have 1 to 100 entries"),
        ({"rubric_4_plot": "x"}, 4, "rubric: must be an exact number"),
    ],
)
def test_a_key_that_cannot_be_is_refused_at_its_question(
    changes: dict[str, str | list[str]], number: int, words: str
) -> None:
    with pytest.raises(KeyRefused) as refused:
        read_key(KEY, posted(**changes))

    assert refused.value.number == number
    assert refused.value.message.startswith(words)


def test_points_that_add_up_to_nothing_are_refused_for_all() -> None:
    with pytest.raises(KeyRefused, match="add up to 0") as refused:
        read_key(
            read_questions(HALF, QUARTER),
            MultiDict([("points-1", "0"), ("points-2", "0"), ("answer-1", "1"), ("answer-2", "1")]),
        )

    assert refused.value.number is None
