"""Ada adds an assignment from her course page: the picker in the LMS's frame, and the answer that sends itself."""

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Browsers, check_width, check_with_axe
from tests.cast import ADA
from tests.stage import Stage


def ask_for_content(stage: Stage, page: Page, **said: str) -> FrameLocator:
    """ "Add from the tool", and what the course says it accepts."""
    page.goto(f"{stage.lms_url}/courses/{ADA.course}")
    if said:
        page.get_by_text("What this course says it accepts").click()
    for label, option in said.items():
        page.get_by_label({"several": "Items", "kinds": "Kinds"}[label]).select_option(label=option)
    page.get_by_role("button", name="Add from the tool").click()
    return page.frame_locator("iframe.tool")


def test_one_assignment_comes_into_the_course_with_its_column(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open()
    tool = ask_for_content(stage, page, several="only one")
    expect(tool.get_by_text("A graded link with 20 points")).to_be_visible()
    tool.get_by_role("radio", name=re.compile("Fractions quiz")).check()

    tool.get_by_role("button", name="Add to Demo LMS").click()

    expect(tool.get_by_role("heading", name=re.compile("^Added to"))).to_be_visible()
    page.goto(f"{stage.lms_url}/courses/{ADA.course}")
    expect(page.get_by_role("listitem").filter(has_text="Fractions quiz").last).to_contain_text("20 points")


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_cancel_adds_nothing(stage: Stage, browsers: Browsers, options: dict[str, Any]) -> None:
    """Without scripts each step has its button."""
    page = browsers.open(**options)
    if options:
        page.goto(f"{stage.lms_url}/courses/{ADA.course}/add")
        tool = page.frame_locator("iframe.tool")
        for step in ("login", "launch"):
            tool.locator(f"form[action$='/lti/{step}']").get_by_role("button", name="Continue").click()
    else:
        tool = ask_for_content(stage, page)
    tool.get_by_role("button", name="Cancel").click()
    if options:
        tool.get_by_role("button", name="Continue").click()

    expect(tool.get_by_role("heading", name="Nothing was added")).to_be_visible()


def test_where_links_are_not_wanted_one_button_leads_back(stage: Stage, browsers: Browsers) -> None:
    tool = ask_for_content(stage, browsers.open(), kinds="web links and text only")

    tool.get_by_role("button", name="Back without adding anything").click()

    expect(tool.get_by_role("heading", name="Nothing was added")).to_be_visible()


def test_a_link_made_by_hand_gets_its_assignment_from_its_teacher(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open()
    page.goto(f"{stage.lms_url}/courses/{ADA.course}")
    page.get_by_label("Title").fill("By hand")
    page.get_by_role("button", name="Add the link").click()
    page.get_by_role("button", name="Open By hand").click()
    tool = page.frame_locator("iframe.tool")
    expect(tool.get_by_role("heading", name="This link has no assignment yet")).to_be_visible()

    row = tool.get_by_role("listitem").filter(has_text="Warm-up")
    row.get_by_role("button", name="Choose this one").click()

    expect(tool.get_by_role("link", name="Grade Passback")).to_be_visible()


def test_the_picker_is_for_everyone(stage: Stage, browsers: Browsers) -> None:
    """Readable by axe (which looks into no frame of another site, and trips over the policy), and on a phone."""
    browsers.listens = False
    page = browsers.open(viewport={"width": 360, "height": 740})
    page.goto(f"{stage.lms_url}/courses/{ADA.course}/add?window=1&several=yes")
    page.get_by_role("checkbox", name=re.compile("Fractions quiz")).check()
    check_width(page, 360)
    check_with_axe(page)

    page.get_by_role("searchbox").fill("warm")
    page.keyboard.press("Enter")

    expect(page.get_by_role("checkbox")).to_have_count(1)
    expect(page.get_by_text("1 more is chosen that this search does not show.")).to_be_visible()
    check_width(page, 360)
    check_with_axe(page)


def test_the_list_for_a_link_is_for_everyone(stage: Stage, browsers: Browsers) -> None:
    browsers.listens = False
    page = browsers.open(viewport={"width": 360, "height": 740})
    page.goto(f"{stage.lms_url}/courses/{ADA.course}")
    page.get_by_label("Title").fill("By hand, on the phone")
    page.get_by_role("button", name="Add the link").click()
    page.get_by_role("button", name="Open By hand, on the phone").click()
    page.goto(f"{page.url}&window=1")
    expect(page.get_by_role("heading", name="This link has no assignment yet")).to_be_visible()

    check_width(page, 360)
    check_with_axe(page)
