"""Ada sets the rules and mends the key: what that does is told before, and done to exactly whom it concerns."""

from datetime import UTC, datetime, timedelta

from tests.cast import AMARA, BEN, CLEO, DIEGO, ESSAY, FATIMA, FRACTIONS, WARM_UP, Someone
from tests.grader import Grader
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.teacher import Teacher

BOOKS = "three-eighths-of-two-hundred"


def hand_in(stage: Stage, someone: Someone, link: str, answers: list[tuple[str, str]]) -> tuple[ScriptedBrowser, Page]:
    browser = ScriptedBrowser()
    return browser, stage.hand_in(browser, stage.arrive(browser, someone, link), answers, "confirmed")


def test_a_new_key_is_confirmed_and_marks_whom_it_concerns(stage: Stage) -> None:
    hand_in(
        stage, BEN, FRACTIONS, [*[one for one in right_answers("fractions-quiz") if one[0] != BOOKS], (BOOKS, "74")]
    )
    hand_in(stage, CLEO, FRACTIONS, right_answers("fractions-quiz"))
    stage.wait_for_cell(BEN, FRACTIONS)
    stage.wait_for_cell(CLEO, FRACTIONS)
    ada = Grader(stage, FRACTIONS)
    key = ada.look("settings/key")
    assert ("answer-6", "75") in key.form("/key").fields

    asked = ada.press(key, "/key", ("tolerance-6", "1"), ("Save", "look"))
    assert "Grade 2 submissions anew?" in asked.words
    assert "You changed question 6. 1 score changes." in asked.words
    assert "Successful" in Teacher(stage, FRACTIONS).wait_for(BEN, "Successful")

    done = ada.press(asked, "/key", ("Save", "confirmed"))
    assert "Saved, and what was handed in is graded anew." in done.words
    passback = Teacher(stage, FRACTIONS)
    assert "the answer key was changed" in passback.wait_for(BEN, "Changed since sent")
    assert "Successful" in passback.row(CLEO)
    assert (stage.cell(BEN, FRACTIONS) or {})["score"] == 17
    passback.send(BEN)
    wait_until(lambda: (stage.cell(BEN, FRACTIONS) or {})["score"] == 20, 45)


def test_other_points_are_told_with_what_the_column_does(stage: Stage) -> None:
    hand_in(stage, DIEGO, FRACTIONS, right_answers("fractions-quiz")[1:])  # held: a blank
    ada = Grader(stage, FRACTIONS)

    asked = ada.press(ada.look("settings/key"), "/key", ("points-1", "4"))
    assert "worth 22 points instead of 20" in asked.words
    ada.press(asked, "/key", ("Save", "confirmed"))

    assert "Diego Ramírez 18 of 22" in ada.look("grading").words


def test_a_key_that_cannot_be_is_refused_with_everything_typed(stage: Stage) -> None:
    ada = Grader(stage, ESSAY)

    refused = ada.press(ada.look("settings/key"), "/key", ("points-1", "many"), ("rubric-2-story", "2"))

    assert "Question 1 : points: must be an exact number" in refused.words
    assert {("points-1", "many"), ("rubric-2-story", "2")} <= set(refused.form("/key").fields)


def test_turning_automatic_on_sends_nothing_of_before(stage: Stage) -> None:
    ada = Grader(stage, WARM_UP)
    ada.set(automatic_passback="")
    hand_in(stage, AMARA, WARM_UP, right_answers("warm-up"))

    page = ada.set(automatic_passback="on")

    assert "1 score was handed in before." in page.words
    assert "Review and send" in page.words
    stage.finish(BEN, WARM_UP, "warm-up")  # what was to be sent before that has been sent by now
    assert stage.cell(AMARA, WARM_UP) is None


def test_automatic_passback_says_why_it_cannot_work(stage: Stage) -> None:
    assert "Question 2 is graded by a rubric" in Grader(stage, ESSAY).look("settings").words


def test_what_cannot_be_is_told_at_its_field(stage: Stage) -> None:
    ada = Grader(stage, WARM_UP)
    ada.set(attempts="3")

    refused = ada.set(attempts="5", due_at="2026-03-03T12:00", closes_at="2026-03-02T12:00")

    assert "It cannot close before it is due." in refused.words
    assert ("attempts", "5") in refused.form("/settings").fields
    assert ("attempts", "3") in ada.look("settings").form("/settings").fields


def test_a_page_that_is_older_than_the_settings_overwrites_nothing(stage: Stage) -> None:
    ada = Grader(stage, WARM_UP)
    old = ada.look("settings")
    ada.set(attempts="4")

    late = ada.press(old, "/settings", ("attempts", "9"))

    assert "Somebody else changed this meanwhile." in late.words
    assert ("attempts", "4") in late.form("/settings").fields


def test_students_see_what_she_allows(stage: Stage) -> None:
    ada = Grader(stage, WARM_UP)
    ada.set(after_submitting="nothing")
    browser, result = hand_in(stage, FATIMA, WARM_UP, [("half-of-ninety", "45"), ("even-plus-odd", "false")])
    ada.give(FATIMA, 2, "0.5", ("feedback-2", "Think of 3 and 4."))
    assert "Your work has arrived" in result.words
    assert "3.5" not in browser.get(result.url).words

    ada.set(after_submitting="score")
    seen = browser.get(result.url).words
    assert "2.5 of 5" in seen
    assert "From your teacher" in seen
    assert "Think of 3 and 4." in seen
    assert "Your answers" not in seen

    ada.set(after_submitting="answers")
    seen = browser.get(result.url).words
    assert "0.5 of 1" in seen
    assert "Graded by your teacher" in seen
    assert "Think of 3 and 4." in seen


def test_the_clock_hands_in_what_was_saved(stage: Stage) -> None:
    browser = ScriptedBrowser()
    ada = Grader(stage, WARM_UP)
    ada.set()
    work = stage.arrive(browser, CLEO, WARM_UP)
    saving = work.form().with_fields(*right_answers("warm-up"))
    saving.action = saving.action.replace("/submit", "/save")
    browser.submit(saving, {"Origin": stage.tool_url})

    ada.set(closes_at=f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M}")
    closed = browser.submit(saving, {"Origin": stage.tool_url})
    assert "This assignment is closed." in closed.words
    stage.stop()
    stage.start_tool()  # it looks at the clock when it starts, and then every few seconds

    assert stage.wait_for_cell(CLEO, WARM_UP)["score"] == 5
    assert "at the closing time" in Grader(stage, WARM_UP).look("grading").words
    ada.set()
