"""Ada copies her course for the new term. Its grades go to its own gradebook, also when the LMS names the old one; and
from either gradebook she opens the work behind a grade."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import ADA, AMARA, BEN, CLEO, DIEGO, FRACTIONS, Someone
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.teacher import Teacher


class NewTerm:
    """A copy of Ada's course with the same people."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        copied = stage.lms("POST", "/control/copy-course", course=ADA.course, people="same")
        self.course, self.link = copied["course"], copied["links"][FRACTIONS]

    def here(self, someone: Someone) -> Someone:
        return Someone(someone.subject, someone.name, self.course)

    def hands_in(self, someone: Someone, **extra: Any) -> None:
        browser = ScriptedBrowser()
        work = self.stage.arrive(browser, self.here(someone), self.link, **extra)
        self.stage.hand_in(browser, work, right_answers("fractions-quiz"))

    def rollover(self) -> str:
        teacher = Teacher(self.stage, self.link, self.here(ADA))
        page = teacher.browser.get(f"{teacher.base}/course/rollover")
        assert page.status == 200
        return page.words

    def cell(self, someone: Someone) -> dict[str, Any] | None:
        return self.stage.cell(self.here(someone), self.link)


@pytest.fixture
def names_old_columns(stage: Stage) -> Iterator[None]:
    stage.lms("POST", "/control/settings", copies_name_old_columns=True)
    yield
    stage.lms("POST", "/control/settings", copies_name_old_columns=False)


def old_scores(stage: Stage) -> dict[str, Any]:
    (column,) = stage.columns(FRACTIONS)
    scores: dict[str, Any] = column["scores"]
    return scores


def test_the_grades_of_the_copy_go_to_the_copy_only(stage: Stage) -> None:
    stage.finish(BEN, FRACTIONS, "fractions-quiz")
    before = old_scores(stage)
    term = NewTerm(stage)
    assert term.cell(BEN) is None, "a copy starts without grades"

    term.hands_in(BEN)
    term.hands_in(CLEO)

    assert wait_until(lambda: term.cell(BEN), 45)["score"] == 20
    assert wait_until(lambda: term.cell(CLEO), 45)["score"] == 20
    assert old_scores(stage) == before
    page = term.rollover()
    assert "This course’s own" in page
    assert "Copied from “Period 3 math”" in page


def test_a_copy_whose_launch_names_the_old_column_sends_nothing_there(stage: Stage, names_old_columns: None) -> None:
    stage.finish(AMARA, FRACTIONS, "fractions-quiz")
    before = old_scores(stage)
    term = NewTerm(stage)
    term.hands_in(CLEO)

    ada = Teacher(stage, term.link, term.here(ADA))
    row = ada.wait_for(CLEO, "Error")
    assert "the LMS named a gradebook column of another course" in row
    assert "Another course’s column" in term.rollover()
    assert old_scores(stage) == before

    ada.press(f"grades/{ada.member_id(CLEO)}/again", ("do", "relink"))
    assert wait_until(lambda: term.cell(CLEO), 45)["score"] == 20
    assert old_scores(stage) == before
    assert "Found in the gradebook of this course." in term.rollover()


def open_work(stage: Stage, someone: Someone, **order: Any) -> Page:
    return stage.arrive(ScriptedBrowser(), someone, FRACTIONS, **order)


def test_the_work_behind_a_grade_is_opened_from_the_gradebook(stage: Stage) -> None:
    cell = stage.finish(DIEGO, FRACTIONS, "fractions-quiz")

    # By the address that came with the score, launched from a link that is the wrong one.
    wrong = {"claims": {"https://purl.imsglobal.org/spec/lti/claim/resource_link": {"id": "no-link-of-ours"}}}
    work = open_work(stage, ADA, target=cell["submission_url"], **wrong)
    assert "/grading/submission/" in work.url
    assert DIEGO.name in work.words
    assert "20 of 20" in open_work(stage, DIEGO, target=cell["submission_url"], **wrong).words

    # And by the message of its own.
    named: dict[str, Any] = {"message_type": "LtiSubmissionReviewRequest", "for_user": DIEGO.subject}
    by_message = open_work(stage, ADA, **named)
    assert by_message.url.rsplit("/", 1)[1] == work.url.rsplit("/", 1)[1], "the very same work"
