"""The editor's form and the assignment file: the one holds the other, letter for letter, and refuses in place."""

from dataclasses import replace
from typing import Any

import flask
import pytest
from flask_babel import Babel
from hypothesis import given
from hypothesis import settings as effort
from werkzeug.datastructures import MultiDict

from tests.library.papers import COUNT, EVERY_KIND, PICK, files, paper
from tool.assessment.questions import AssignmentFile
from tool.library.editor.checking import check_draft, points_so_far
from tool.library.editor.draft import KINDS, MOST_QUESTIONS, Draft, blank_draft, draft_of
from tool.library.editor.fields import draft_fields, read_draft
from tool.library.editor.numbers import has_two_meanings, spell_number
from tool.library.editor.steps import take_step


@pytest.fixture(scope="module", autouse=True)
def words() -> Any:
    """Sentences need a language."""
    app = flask.Flask("words")
    Babel(app)
    with app.test_request_context():
        yield


def as_a_browser_posts(draft: Draft) -> "MultiDict[str, str]":
    return MultiDict([(name, text.replace("\n", "\r\n")) for name, text in draft_fields(draft)])


def typed(**changes: str | list[str] | None) -> "MultiDict[str, str]":
    """The form of the paper with every kind of question, and what Ada changes in it; None empties a box.
    `__` stands for the colon of a field's name."""
    form = as_a_browser_posts(draft_of(paper()))
    for name, value in changes.items():
        field = name.replace("__", ":")
        form.poplist(field)
        if value is not None:
            form.setlist(field, value if isinstance(value, list) else [value])
    return form


def saved(form: "MultiDict[str, str]") -> AssignmentFile:
    checked = check_draft(read_draft(form), paper(), "paper")
    assert checked.wrong == {}
    assert checked.file is not None
    return checked.file


@given(file=files())
@effort(max_examples=150)
def test_any_assignment_comes_back_from_the_form_as_it_went_in(file: AssignmentFile) -> None:
    draft = read_draft(as_a_browser_posts(draft_of(file)))
    checked = check_draft(draft, file, file.id)

    assert checked.wrong == {}
    assert checked.file == file
    assert draft == draft_of(file)


def test_what_is_typed_becomes_what_is_saved() -> None:
    file = saved(
        typed(
            title="  Halves  ",
            instructions="",
            attempts="3",
            automatic_passback=None,
            correct__pick="b",
            correct__tick=["a", "b"],
            scoring__tick="all_or_nothing",
            correct__judge="false",
            answer__count=" 1 000,5 ",
            tolerance__count=".5",
            accept__say="one\r\n uno \r\n\r\n",
            ignore_case__say=None,
            points__tell="2,5",
        )
    )
    pick, tick, judge, count, say, tell = file.model_dump()["questions"]

    assert (file.title, file.instructions, file.attempts, file.automatic_passback) == ("Halves", None, 3, False)
    assert [one["correct"] for one in pick["choices"]] == [False, True]
    assert ([one["correct"] for one in tick["choices"]], tick["scoring"]) == ([True, True], "all_or_nothing")
    assert judge["correct"] is False
    assert (str(count["answer"]), str(count["tolerance"])) == ("1000.5", "0.5")
    assert (list(say["accept"]), say["ignore_case"], say["ignore_spaces"]) == (["one", "uno"], False, True)
    assert str(tell["points"]) == "2.5"


LONG = "x" * 20_001


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"title": " "}, "title", "Give it a title"),
        ({"title": "x" * 201}, "title", "at most 200"),
        ({"instructions": LONG}, "instructions", "at most 20,000"),
        ({"prompt__pick": "\r\n "}, "prompt:pick", "Write the question"),
        ({"prompt__pick": LONG}, "prompt:pick", "at most 20,000"),
        ({"points__pick": "many"}, "points:pick", "from 0 to 1000"),
        ({"points__pick": ""}, "points:pick", "from 0 to 1000"),
        ({"points__pick": "1001"}, "points:pick", "from 0 to 1000"),
        ({"points__pick": "1,000"}, "points:pick", "1000 or 1.000"),
        ({"correct__pick": None}, "choices:pick", "Mark the one choice"),
        ({"correct__tick": None}, "choices:tick", "Mark the choices"),
        ({"text__pick__b": " "}, "choices:pick", "at least two"),
        ({"text__pick__a": ""}, "text:pick:a", "marked as correct and has no text"),
        ({"text__pick__a": LONG}, "text:pick:a", "at most 20,000"),
        ({"correct__judge": None}, "correct:judge", "which of the two"),
        ({"answer__count": ""}, "answer:count", "such as 42"),
        ({"answer__count": "three"}, "answer:count", "such as 42"),
        ({"answer__count": "12,345"}, "answer:count", "12345 or 12.345"),
        ({"tolerance__count": "-1"}, "tolerance:count", "0 or a number above"),
        ({"accept__say": " \r\n "}, "accept:say", "at least one answer"),
        ({"accept__say": "x" * 201}, "accept:say", "at most 200"),
        ({"accept__say": "x\r\n" * 101}, "accept:say", "At most 100"),
        ({"criterion__tell__clear": ""}, "criterion:tell:clear", "what is looked at"),
        ({"line-points__tell__clear": "x"}, "line-points:tell:clear", "from 0 to 1000"),
        ({"question": None}, "questions", "at least one question"),
        ({f"points__{one['id']}": "0" for one in EVERY_KIND}, "questions", "add up to 0"),
        ({"attempts": "0"}, "attempts", "from 1 to 20"),
        ({"due_at": "soon"}, "due_at", "not a date"),
        ({"due_at": "2026-03-02T12:00", "closes_at": "2026-03-01T12:00"}, "closes_at", "before it is due"),
    ],
)
def test_a_fault_is_told_at_its_field_and_what_was_typed_stays(change: dict[str, Any], place: str, words: str) -> None:
    draft = read_draft(typed(**change))
    checked = check_draft(draft, paper(), "paper")

    assert checked.file is None
    assert words in checked.wrong[place]
    assert len(checked.wrong) == 1
    assert read_draft(as_a_browser_posts(draft)) == draft


def test_all_faults_are_told_at_once() -> None:
    checked = check_draft(read_draft(typed(title="", points__pick="", due_at="x", closes_at="y")), paper(), "paper")

    assert list(checked.wrong) == ["title", "points:pick", "due_at", "closes_at"]


def test_choices_and_lines_left_empty_are_not_saved() -> None:
    draft = take_step(take_step(draft_of(paper(PICK)), "add_choice:pick").draft, "add:essay").draft
    essay = draft.questions[1].id
    draft = take_step(draft, f"add_line:{essay}").draft
    form = as_a_browser_posts(draft)
    form[f"prompt:{essay}"] = "Why?"
    file = saved(form)

    assert len(file.model_dump()["questions"][0]["choices"]) == 2
    assert file.model_dump()["questions"][1]["rubric"] is None


def test_what_is_not_of_the_form_is_left_out() -> None:
    form = typed(question=["pick", "pick", "no such id!", "nobody"], kind__nobody="riddle")

    assert [one.id for one in read_draft(form).questions] == ["pick"]


ORDER = [one["id"] for one in EVERY_KIND]


@pytest.mark.parametrize(
    ("command", "order"),
    [
        ("up:tick", ["tick", "pick", "judge", "count", "say", "tell"]),
        ("down:say", ["pick", "tick", "judge", "count", "tell", "say"]),
        ("up:pick", ORDER),
        ("down:tell", ORDER),
        ("remove:judge", ["pick", "tick", "count", "say", "tell"]),
        ("remove:nobody", ORDER),
        ("up", ORDER),
        ("add:riddle", ORDER),
        ("stay", ORDER),
        ("", ORDER),
    ],
)
def test_questions_change_their_places(command: str, order: list[str]) -> None:
    before = draft_of(paper())
    after = take_step(before, command).draft

    assert [one.id for one in after.questions] == order
    assert set(after.questions) <= set(before.questions)


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_added_at_the_end_and_is_gone_on_with(kind: str) -> None:
    step = take_step(draft_of(paper(COUNT)), f"add:{kind}")
    added = step.draft.questions[-1]

    assert (added.kind, added.points, len(step.draft.questions)) == (kind, "1", 2)
    assert step.place == f"question:{added.id}"
    assert len(added.choices) == (4 if "choice" in kind else 0)


def test_a_copy_of_a_question_stands_behind_it_under_an_id_of_its_own() -> None:
    draft = take_step(draft_of(paper()), "duplicate:pick").draft
    first, copy = draft.questions[:2]

    assert copy.id not in ORDER
    assert replace(copy, id="pick") == first


def test_choices_and_lines_come_and_go_and_the_others_keep_their_ids() -> None:
    draft = draft_of(paper())
    more = take_step(take_step(draft, "add_choice:pick").draft, "add_line:tell").draft
    pick, tell = more.questions[0], more.questions[-1]
    assert [one.id for one in pick.choices][:2] == ["a", "b"]
    assert len(pick.choices) == 3
    assert len(tell.rubric) == 2

    fewer = take_step(take_step(more, "remove_choice:pick:a").draft, "remove_line:tell:clear").draft
    assert [one.id for one in fewer.questions[0].choices] == ["b", pick.choices[2].id]
    assert [one.id for one in fewer.questions[-1].rubric] == [tell.rubric[1].id]


def test_no_more_questions_than_a_file_may_have() -> None:
    draft = blank_draft()
    for _ in range(MOST_QUESTIONS):
        draft = take_step(draft, "add:essay").draft
    full = take_step(draft, "add:essay")

    assert len(full.draft.questions) == MOST_QUESTIONS
    assert str(MOST_QUESTIONS) in full.notice
    assert take_step(draft, f"duplicate:{draft.questions[0].id}").draft == draft


@pytest.mark.parametrize(
    ("text", "spelt"),
    [("0,5", "0.5"), (".5", "0.5"), ("5.", "5"), ("−3", "-3"), ("1 000", "1000"), ("6.02e23", "6.02e23"), ("x", "x")],
)
def test_numbers_are_read_as_people_type_them(text: str, spelt: str) -> None:
    assert spell_number(text) == spelt
    assert not has_two_meanings(text)


def test_points_are_added_up_as_far_as_they_are_numbers() -> None:
    assert str(points_so_far(read_draft(typed(points__pick="x", points__say="2,5")))) == "11.5"
