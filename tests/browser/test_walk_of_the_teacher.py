"""A teacher between two lessons: the grades go in three clicks, one press takes them back, and the course says in one
line for each assignment what needs her."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.ada import Screen, hand_in_with_blanks, score_in_lms, wait_for_score
from tests.browser.conftest import Browsers, activity_url, check_width
from tests.cast import ADA, AMARA, BEN, CLEO, DIEGO, ESSAY, FRACTIONS, WARM_UP, Someone
from tests.conftest import opened
from tests.stage import Stage
from tests.teacher import Teacher

DESK: Any = {"width": 1280, "height": 900}
RESOURCE_LINK = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
SCIENCE_TEACHER = Someone("grace", "Grace Stone", "course-science")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from opened(Stage(tmp_path_factory.mktemp("stage")))


class Clicks:
    """Counts them."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, target: Locator) -> None:
        target.click()
        self.count += 1


def open_course(stage: Stage, page: Page, someone: Someone) -> None:
    """By the entry in Canvas's course navigation: the course is its own resource link."""
    link = FRACTIONS if someone is ADA else f"{FRACTIONS}-science"
    claims = {RESOURCE_LINK: {"id": someone.course}}
    order = {"course": someone.course, "link": link, "person": someone.subject, "claims": claims}
    begun = stage.lms("POST", "/control/launch-form", **order)
    page.goto(f"{begun['login_url']}?{urlencode(begun['fields'])}")
    page.wait_for_url("**/course/grades")


def line_of(page: Page, title: str) -> dict[str, str]:
    """The words of an assignment's line, by the head of their column."""
    row = page.get_by_role("table").first.get_by_role("row").filter(has=page.get_by_role("rowheader", name=title))
    cells = row.locator("td[data-label]").all()
    return {str(one.get_attribute("data-label")): one.inner_text().strip() for one in cells}


def test_from_the_link_to_grades_sent_in_three_clicks_and_back(stage: Stage, browsers: Browsers) -> None:
    hand_in_with_blanks(stage, WARM_UP, "warm-up", BEN, CLEO)
    page = browsers.open(viewport=DESK)
    page.goto(activity_url(stage, ADA, WARM_UP))
    tool = page.frame_locator("iframe.tool")
    clicks = Clicks()

    clicks.on(tool.get_by_role("link", name="Grade Passback"))
    clicks.on(tool.get_by_role("button", name="Send 2 grades"))  # who has a change is chosen already

    expect(tool.get_by_role("status")).to_contain_text("2 of 2 sent")
    assert clicks.count <= 3
    for one in (BEN, CLEO):
        assert 0 < stage.wait_for_cell(one, WARM_UP)["score"] < 5
        expect(Screen(tool).row(one)).to_contain_text("Successful")

    Screen(tool).press_in_menu("Undo last send")

    expect(tool.get_by_role("status")).to_contain_text("2 of 2 put back")
    for one in (BEN, CLEO):
        wait_for_score(stage, one, None, WARM_UP)


def test_an_empty_course_teaches_the_next_step(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport={"width": 360, "height": 740})
    open_course(stage, page, SCIENCE_TEACHER)
    expect(page.get_by_role("heading", name="No assignment has been opened here yet")).to_be_visible()
    check_width(page, 360)

    page.get_by_role("main").get_by_role("link", name="New assignment").click()

    expect(page.get_by_label("Title")).to_be_visible()


def test_the_course_has_one_line_for_each_assignment_that_says_what_needs_her(stage: Stage, browsers: Browsers) -> None:
    hand_in_with_blanks(stage, ESSAY, "my-number-story", AMARA)
    stage.set_mood("refuse")
    hand_in_with_blanks(stage, FRACTIONS, "fractions-quiz", DIEGO)
    ada = Teacher(stage, FRACTIONS)
    ada.send(DIEGO)
    ada.wait_for(DIEGO, "Error")
    stage.set_mood("fine")
    page = browsers.open(viewport=DESK)
    open_course(stage, page, ADA)

    assert line_of(page, "My number story")["To grade"] == "1"
    assert line_of(page, "Fractions quiz")["Errors"] == "1"
    before = line_of(page, "Warm-up")
    assert re.match("2 of ", before["Handed in"])
    assert (before["To send"], before["To grade"], before["Errors"]) == ("2", "–", "–")

    # From the line of what needs her into it: one press.
    page.get_by_role("button", name="Open Fractions quiz").click()
    page.get_by_role("link", name="Grade Passback").click()
    expect(Screen(page).row(DIEGO)).to_contain_text("Error")
    page.get_by_role("link", name="Period 3 math").click()
    page.get_by_role("button", name="Send 2 grades of this course").click()

    for one in (BEN, CLEO):
        assert stage.wait_for_cell(one, WARM_UP)["score"] == score_in_lms(stage, one, WARM_UP)
