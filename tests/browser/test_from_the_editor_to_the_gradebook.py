"""The whole way: Ada makes an assignment while her LMS asks for one, Ben answers, his grade arrives; next term too."""

import re
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Browsers, activity_url
from tests.cast import ADA, BEN, CLEO, Someone
from tests.stage import Stage, wait_until

TITLE = "Quarters"
WIDE: Any = {"width": 1280, "height": 900}


def open_tool(page: Page, stage: Stage, course: str, someone: Someone) -> FrameLocator:
    """Someone follows the link in the course."""
    every = stage.lms("GET", "/control/activities")
    (link,) = [one["link"] for one in every if one["course_id"] == course and one["title"].startswith(TITLE)]
    page.goto(activity_url(stage, Someone(someone.subject, someone.name, course), link))
    return page.frame_locator("iframe.tool")


def make_and_place(page: Page, stage: Stage) -> None:
    """From the course page into the editor and back, all in the LMS's frame."""
    page.goto(f"{stage.lms_url}/courses/{ADA.course}")
    page.get_by_role("button", name="Add from the tool").click()
    tool = page.frame_locator("iframe.tool")
    tool.get_by_role("link", name="Make a new one").click()
    tool.get_by_label("Title").fill(TITLE)
    tool.get_by_role("button", name="Number").click()
    tool.get_by_label("Question", exact=True).fill("What is 1/4 as a decimal?")
    tool.get_by_label("Correct number").fill("0,25")
    tool.get_by_label("Points").last.fill("5")
    tool.get_by_role("button", name="Save").click()
    chosen = tool.get_by_role("radio", name=re.compile(TITLE))
    expect(chosen).to_be_checked()
    expect(tool.locator(".choice").filter(has_text=TITLE)).to_contain_text("A graded link with 5 points")
    tool.get_by_role("button", name="Add to Demo LMS").click()
    expect(tool.get_by_role("heading", name=re.compile("^Added to"))).to_be_visible()


def hand_in(browsers: Browsers, stage: Stage, course: str, answer: str) -> None:
    page = browsers.open()
    work = open_tool(page, stage, course, BEN)
    work.get_by_role("textbox").fill(answer)
    work.get_by_role("button", name="Submit").click()
    expect(work.get_by_text(re.compile("of 5")).first).to_be_visible()


def scores(stage: Stage, course: str) -> dict[str, float | None]:
    """What stands in the column of the placed assignment, by person."""
    (column,) = [
        one
        for one in stage.lms("GET", "/control/gradebook")
        if one["course_id"] == course and one["label"].startswith(TITLE)
    ]
    return {who: cell["score"] for who, cell in column["scores"].items()}


def test_made_placed_answered_graded_and_copied(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport=WIDE)
    make_and_place(page, stage)

    hand_in(browsers, stage, ADA.course, "0.25")
    wait_until(lambda: scores(stage, ADA.course) == {BEN.subject: 5}, 45)

    tool = open_tool(page, stage, ADA.course, ADA)
    tool.get_by_role("link", name="Grade Passback").click()
    row = tool.locator("tr[id^=student-]")
    expect(row.filter(has_text=BEN.name)).to_contain_text("Successful")
    expect(row.filter(has_text=CLEO.name)).to_contain_text("Not launched")

    page.goto(f"{stage.lms_url}/courses/{ADA.course}")
    page.get_by_role("button", name="Copy course").click()
    page.wait_for_url(re.compile(r"/courses/(?!course-math(\?|$))"))
    copy = page.url.rpartition("/courses/")[2].partition("?")[0]
    assert scores(stage, copy) == {}, "a copy starts without grades"
    hand_in(browsers, stage, copy, "0.5")

    wait_until(lambda: scores(stage, copy) == {BEN.subject: 0}, 45)
    assert scores(stage, ADA.course) == {BEN.subject: 5}, "last term's column is as it was"
