"""Ada grades: question by question, a whole work, for a student who forgot to submit, and back to one who erred."""

import re

from tests.cast import AMARA, BEN, CLEO, DIEGO, ESSAY, FATIMA, FRACTIONS, HANA, ISAAC, JAYA, TEST_STUDENT, Someone
from tests.grader import Grader
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.teacher import Teacher

STORY = "writing-a-story"
RUBRIC = ("rubric-2-story", "rubric-2-mathematics", "rubric-2-question")


def hand_in(stage: Stage, someone: Someone, link: str, answers: list[tuple[str, str]]) -> tuple[ScriptedBrowser, Page]:
    browser = ScriptedBrowser()
    return browser, stage.hand_in(browser, stage.arrive(browser, someone, link), answers, "confirmed")


def tell(stage: Stage, someone: Someone, story: str) -> tuple[ScriptedBrowser, Page]:
    return hand_in(stage, someone, ESSAY, [("reading-a-story", "nine"), (STORY, story)])


def points(*given: str) -> list[tuple[str, str]]:
    return list(zip(RUBRIC, given, strict=True))


def test_she_grades_an_essay_student_after_student(stage: Stage) -> None:
    browser, result = tell(stage, BEN, "Ben's story of halves.")
    tell(stage, CLEO, "Cleo's story of thirds.")
    hand_in(stage, TEST_STUDENT, ESSAY, [(STORY, "Nobody's story.")])
    ada = Grader(stage, ESSAY)
    queue = ada.look("grading")
    assert "2 of 2 left" in queue.words
    assert "Test Student" not in queue.words

    first = ada.look("grading/question/writing-a-story")
    assert "Ben's story of halves." in first.words
    second = ada.press(first, "", *points("3", "2.5", "2"), ("feedback-2", "A fine story."))
    assert "Saved: Ben Carter." in second.words
    assert "1 of 2 left" in second.words
    assert "Cleo's story of thirds." in second.words
    done = ada.press(second, "", *points("1", "0", "0"))
    assert "Question 2 is graded: nobody is left." in done.words

    passback = Teacher(stage, ESSAY)
    assert "Not yet sent" in passback.row(BEN)
    passback.send(BEN, CLEO)
    wait_until(lambda: stage.cell(BEN, ESSAY) and stage.cell(CLEO, ESSAY), 45)
    assert (stage.cell(BEN, ESSAY) or {})["score"] == 9.5
    assert (stage.cell(CLEO, ESSAY) or {})["score"] == 3
    seen = browser.get(result.url).words
    assert "9.5 of 10" in seen
    assert "A fine story." in seen


def test_more_than_a_line_is_worth_has_to_be_said_twice(stage: Stage) -> None:
    tell(stage, AMARA, "Amara's story.")
    ada = Grader(stage, ESSAY)
    page = ada.look("grading/question/writing-a-story")

    warned = ada.press(page, "", *points("3", "4", "2"), ("Save", "save"))
    assert "Question 2: 4 is more than the 3 that can be earned." in warned.words
    assert ("rubric-2-mathematics", "4") in warned.form().fields
    assert "All graded" not in ada.look("grading").words

    ada.press(warned, "", ("Save", "insist"))
    assert "Amara Okafor 11 of 10" in ada.look("grading").words


def test_what_another_teacher_gave_meanwhile_is_not_overwritten(stage: Stage) -> None:
    tell(stage, DIEGO, "Diego's story.")
    ada = Grader(stage, ESSAY)
    page = ada.look("grading/question/writing-a-story")
    ada.press(page, "", *points("1", "1", "1"))

    late = ada.press(page, "", *points("3", "3", "2"))

    assert "Somebody else graded question 2 meanwhile." in late.words
    assert ("rubric-2-story", "1") in late.form().fields
    assert "Diego Ramírez 5 of 10" in ada.look("grading").words


def test_nonsense_is_told_and_kept_in_its_field(stage: Stage) -> None:
    hand_in(stage, JAYA, FRACTIONS, right_answers("fractions-quiz"))
    ada = Grader(stage, FRACTIONS)

    page = ada.give(JAYA, 1, "lots", ("feedback-1", "Hm."))

    assert "Question 1: “lots” is not a number of points." in page.words
    assert {("points-1", "lots"), ("feedback-1", "Hm.")} <= set(page.form().fields)
    assert "Jaya Patel 20 of 20" in ada.look("grading").words


def test_a_score_she_changes_is_changed_since_sent(stage: Stage) -> None:
    browser, result = hand_in(stage, FATIMA, FRACTIONS, right_answers("fractions-quiz"))
    stage.wait_for_cell(FATIMA, FRACTIONS)
    ada = Grader(stage, FRACTIONS)

    ada.give(FATIMA, 3, "1.5")

    row = Teacher(stage, FRACTIONS).wait_for(FATIMA, "Changed since sent")
    assert "you changed the score" in row
    assert (stage.cell(FATIMA, FRACTIONS) or {})["score"] == 20
    seen = browser.get(result.url).words
    assert "17.5 of 20" in seen
    assert "Your score has changed since." in seen
    Teacher(stage, FRACTIONS).send(FATIMA)
    wait_until(lambda: (stage.cell(FATIMA, FRACTIONS) or {})["score"] == 17.5, 45)
    assert (stage.cell(FATIMA, FRACTIONS) or {})["attempts"] == 1


def test_she_hands_in_for_a_student_who_forgot(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, HANA, FRACTIONS)
    saving = work.form().with_fields(*right_answers("fractions-quiz"))
    saving.action = saving.action.replace("/submit", "/save")
    browser.submit(saving, {"Origin": stage.tool_url})
    ada = Grader(stage, FRACTIONS)
    page = ada.open_work(HANA)
    assert "Still working: 8 of 8 answered" in page.words
    assert "The score then goes to Demo LMS by itself." in page.words

    after = ada.press(page, "/submit")

    assert "Handed in and graded." in after.words
    assert "by the teacher" in after.words
    assert stage.wait_for_cell(HANA, FRACTIONS)["score"] == 20
    assert browser.get(work.url).url.endswith("/result")


def test_work_given_back_comes_in_again_as_the_same_attempt(stage: Stage) -> None:
    answers = [*right_answers("fractions-quiz")[1:], ("equal-to-three-quarters", "six-ninths")]
    browser, _ = hand_in(stage, ISAAC, FRACTIONS, answers)
    stage.wait_for_cell(ISAAC, FRACTIONS)
    ada = Grader(stage, FRACTIONS)
    page = ada.open_work(ISAAC)
    assert "it stays the same attempt" in page.words

    assert "Given back to the student." in ada.press(page, "/reopen").words
    again = stage.arrive(browser, ISAAC, FRACTIONS)
    assert "Your teacher gave this back to you." in again.words
    stage.hand_in(browser, again, right_answers("fractions-quiz"))

    passback = Teacher(stage, FRACTIONS)
    assert "answers were edited after handing in" in passback.wait_for(ISAAC, "Changed since sent")
    assert (stage.cell(ISAAC, FRACTIONS) or {})["score"] == 18
    passback.send(ISAAC)
    wait_until(lambda: (stage.cell(ISAAC, FRACTIONS) or {})["score"] == 20, 45)
    assert (stage.cell(ISAAC, FRACTIONS) or {})["attempts"] == 1


def test_the_pages_are_for_teachers_and_for_their_own_link(stage: Stage) -> None:
    browser, result = hand_in(stage, JAYA, ESSAY, [(STORY, "Jaya's story.")])
    for path in ("grading", "grading/question/writing-a-story", "settings", "settings/key"):
        assert browser.get(result.url.replace("/result", f"/{path}")).status == 403

    essay, fractions = Grader(stage, ESSAY), Grader(stage, FRACTIONS)
    [(path, number)] = set(re.findall(r"(grading/submission/(\d+))$", essay.open_work(JAYA).url))
    fractions.look(path, expects=404)
    fractions.look(f"grading/submission/{number}0000000000", expects=404)
