"""Ada opens the assignment from the LMS and decides what the gradebook will hold."""

import pytest

from tests.cast import BEN, CLEO, ESSAY, FRACTIONS, WARM_UP
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.teacher import Teacher


@pytest.fixture(autouse=True)
def fresh(own_stage: Stage) -> None:
    """Each story plays on a stage of its own."""


def finish(stage: Stage, someone: object, link: str, assignment: str, *, leave_out: int = 0) -> None:
    browser = ScriptedBrowser()
    stage.hand_in(browser, stage.arrive(browser, someone, link), right_answers(assignment)[leave_out:], "confirmed")  # type: ignore[arg-type]


def test_she_sends_the_students_she_chose(own_stage: Stage) -> None:
    """Held for a blank answer: sent when she says so, and only whom she chose."""
    finish(own_stage, BEN, WARM_UP, "warm-up", leave_out=1)
    finish(own_stage, CLEO, WARM_UP, "warm-up", leave_out=1)
    ada = Teacher(own_stage, WARM_UP)
    assert "Not yet sent" in ada.row(BEN)

    ada.send(BEN)

    cell = own_stage.wait_for_cell(BEN, WARM_UP)
    assert cell["score"] < 5
    ada.wait_for(BEN, "Successful")
    assert own_stage.cell(CLEO, WARM_UP) is None


def test_an_override_changes_the_lms_only(own_stage: Stage) -> None:
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")
    own_stage.wait_for_cell(BEN, FRACTIONS)
    ada = Teacher(own_stage, FRACTIONS)
    ada.wait_for(BEN, "Successful")

    ada.press(f"grades/{ada.member_id(BEN)}/override", ("score", "14,5"), ("reason", "makes up lab"))
    assert "Changed since sent" in ada.row(BEN)
    ada.send(BEN)

    wait_until(lambda: (own_stage.cell(BEN, FRACTIONS) or {})["score"] == 14.5, 45)
    row = ada.wait_for(BEN, "Successful")
    assert "20" in row, "the tool's own score stays"
    assert (own_stage.cell(BEN, FRACTIONS) or {})["attempts"] == 1, "a teacher's send is no new attempt"


@pytest.mark.parametrize("typed", ["-1", "abc", "1e9", "NaN", "", "3.333"])
def test_what_is_no_score_is_refused(own_stage: Stage, typed: str) -> None:
    ada = Teacher(own_stage, FRACTIONS)
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")

    ada.press(f"grades/{ada.member_id(BEN)}/override", ("score", typed), expects=400)


def test_more_than_the_maximum_needs_a_word(own_stage: Stage) -> None:
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")
    ada = Teacher(own_stage, FRACTIONS)
    path = f"grades/{ada.member_id(BEN)}/override"

    ada.press(path, ("score", "22"), expects=400)
    ada.press(path, ("score", "22"), ("above", "yes"))
    ada.send(BEN)

    wait_until(lambda: (own_stage.cell(BEN, FRACTIONS) or {}).get("score") == 22, 45)


def test_complete_or_incomplete_with_one_flip(own_stage: Stage) -> None:
    finish(own_stage, BEN, WARM_UP, "warm-up", leave_out=2)
    finish(own_stage, CLEO, WARM_UP, "warm-up", leave_out=2)
    ada = Teacher(own_stage, WARM_UP)

    ada.press("grades/mode", ("mode", "completion"))
    ada.press(f"grades/{ada.member_id(CLEO)}/completion", ("word", "incomplete"))
    ada.send(BEN, CLEO)

    assert own_stage.wait_for_cell(BEN, WARM_UP)["score"] == 5
    assert own_stage.wait_for_cell(CLEO, WARM_UP)["score"] == 0
    ada.press("grades/mode", ("mode", "points"))
    assert "Changed since sent the score of the work counts again" in ada.row(BEN)


def test_undo_puts_the_old_grade_back(own_stage: Stage) -> None:
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")
    own_stage.wait_for_cell(BEN, FRACTIONS)
    ada = Teacher(own_stage, FRACTIONS)
    ada.press(f"grades/{ada.member_id(BEN)}/override", ("score", "3"))
    ada.send(BEN)
    wait_until(lambda: (own_stage.cell(BEN, FRACTIONS) or {})["score"] == 3, 45)
    ada.wait_for(BEN, "Successful")

    ada.press("grades/undo")

    wait_until(lambda: (own_stage.cell(BEN, FRACTIONS) or {})["score"] == 20, 45)


def test_undo_clears_where_nothing_was(own_stage: Stage) -> None:
    finish(own_stage, BEN, WARM_UP, "warm-up", leave_out=1)
    ada = Teacher(own_stage, WARM_UP)
    ada.send(BEN)
    own_stage.wait_for_cell(BEN, WARM_UP)
    ada.wait_for(BEN, "Successful")

    ada.press("grades/undo")

    wait_until(lambda: (own_stage.cell(BEN, WARM_UP) or {"score": None})["score"] is None, 45)


def test_zeros_for_missing_work_and_back(own_stage: Stage) -> None:
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")
    ada = Teacher(own_stage, FRACTIONS)
    ada.wait_for(CLEO, "Not launched")

    preview = ada.press("grades/preview", ("kind", "zeros"))
    assert CLEO.name in preview.words
    ada.send(CLEO, kind="zeros")
    assert own_stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 0
    ada.wait_for(CLEO, "Successful")

    ada.press("grades/undo")
    wait_until(lambda: (own_stage.cell(CLEO, FRACTIONS) or {"score": None})["score"] is None, 45)
    assert own_stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20


def test_opting_out_stops_the_future_and_removes_nothing(own_stage: Stage) -> None:
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")
    own_stage.wait_for_cell(BEN, FRACTIONS)
    ada = Teacher(own_stage, FRACTIONS)

    ada.press("grades/opt-out", ("out", "yes"))
    finish(own_stage, CLEO, FRACTIONS, "fractions-quiz")
    assert "Opted out" in ada.row(CLEO)
    assert (own_stage.cell(BEN, FRACTIONS) or {})["score"] == 20

    ada.press("grades/opt-out", ("out", "no"))
    assert own_stage.cell(CLEO, FRACTIONS) is None, "switching on again sends nothing by itself"
    ada.send(CLEO)
    assert own_stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 20


@pytest.mark.parametrize(
    ("decision", "in_the_lms", "says"),
    [("keep", 7, "Successful"), ("replace", 20, "Successful"), ("adopt", 7, "Successful")],
)
def test_a_grade_changed_in_the_lms_is_held(own_stage: Stage, decision: str, in_the_lms: int, says: str) -> None:
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")
    own_stage.wait_for_cell(BEN, FRACTIONS)
    ada = Teacher(own_stage, FRACTIONS)
    ada.wait_for(BEN, "Successful")
    column = own_stage.columns(FRACTIONS)[0]["line_item_url"]
    own_stage.lms("POST", "/control/type-grade", course=BEN.course, line_item_url=column, user=BEN.subject, score=7)
    ada.press("grades/refresh")
    ada.wait_for(BEN, "Changed in the LMS")

    ada.press("grades/send", ("kind", "send_again"), ("student", ada.member_id(BEN)), expects=400)
    assert (own_stage.cell(BEN, FRACTIONS) or {})["score"] == 7, "held unless she decides"

    ada.press(f"grades/{ada.member_id(BEN)}/theirs", ("do", decision))
    wait_until(lambda: (own_stage.cell(BEN, FRACTIONS) or {})["score"] == in_the_lms, 45)
    ada.wait_for(BEN, says)


def test_an_error_is_read_mended_and_tried_again(own_stage: Stage) -> None:
    ada = Teacher(own_stage, FRACTIONS)
    own_stage.set_mood("refuse")
    finish(own_stage, BEN, FRACTIONS, "fractions-quiz")
    ada.wait_for(BEN, "Error")

    panel = ada.row(BEN, f"?open={ada.member_id(BEN)}&panel=error")
    assert (
        "does not know Ben Carter as a student" in panel
        or "does not know Ben Carter" in ada.look(f"?open={ada.member_id(BEN)}&panel=error").words
    )

    own_stage.set_mood("fine")
    ada.press(f"grades/{ada.member_id(BEN)}/again")
    assert own_stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    ada.wait_for(BEN, "Successful")


def test_the_essay_is_not_sent_before_it_is_graded(own_stage: Stage) -> None:
    finish(own_stage, BEN, ESSAY, "my-number-story")
    ada = Teacher(own_stage, ESSAY)

    assert "Needs grading" in ada.row(BEN)
    preview = ada.press("grades/preview", ("kind", "send"), ("student", ada.member_id(BEN)))
    assert "Nothing" in preview.words or "nothing" in preview.words
    assert own_stage.cell(BEN, ESSAY) is None


def test_a_column_that_was_deleted_is_found_again_when_she_asks(own_stage: Stage) -> None:
    finish(own_stage, BEN, WARM_UP, "warm-up")
    own_stage.wait_for_cell(BEN, WARM_UP)
    own_stage.lms("POST", "/control/column", course=BEN.course, link=WARM_UP, delete=True)
    finish(own_stage, CLEO, WARM_UP, "warm-up")
    ada = Teacher(own_stage, WARM_UP)
    ada.wait_for(CLEO, "Error")
    assert "Find the column again" in ada.look(f"?open={ada.member_id(CLEO)}&panel=error").words

    ada.press(f"grades/{ada.member_id(CLEO)}/again", ("do", "relink"))

    assert own_stage.wait_for_cell(CLEO, WARM_UP)["score"] == 5
    assert len(own_stage.columns(WARM_UP)) == 1
    assert "another gradebook column" in ada.wait_for(BEN, "Changed since sent")
