"""A student works inside the LMS's page, in a Chromium that keeps third-party cookies out."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, activity_url, answer_everything, wait_until_saved
from tests.cast import BEN, CLEO, FRACTIONS
from tests.stage import Stage


def test_answers_save_themselves_and_the_grade_comes_home(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open()
    page.goto(activity_url(stage, BEN, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    tool.get_by_label("9/12").click()
    tool.locator("[name=two-thirds-plus-one-sixth]").press_sequentially("5/6")
    expect(tool.get_by_text("2 of 8 answered")).to_be_visible()
    wait_until_saved(tool)

    page.reload()

    expect(tool.get_by_label("9/12")).to_be_checked()
    expect(tool.locator("[name=two-thirds-plus-one-sixth]")).to_have_value("5/6")
    answer_everything(tool)
    tool.get_by_role("button", name="Submit").click()
    expect(tool.get_by_text("20 of 20")).to_be_visible()
    expect(tool.get_by_text("In Demo LMS since")).to_be_visible()

    page.get_by_role("link", name="Gradebook").first.click()
    _expect_in_gradebook(page, "Ben Carter", "20")


def test_without_scripts(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(java_script_enabled=False)
    page.goto(activity_url(stage, CLEO, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    for step in ("login", "launch"):
        tool.locator(f"form[action$='/lti/{step}']").get_by_role("button", name="Continue").click()
    tool.get_by_label("9/12").check()
    tool.get_by_role("button", name="Save").click()
    expect(tool.get_by_text("Saved.")).to_be_visible()
    expect(tool.get_by_text("1 of 8 answered")).to_be_visible()

    answer_everything(tool)
    tool.get_by_role("button", name="Submit").click()

    expect(tool.get_by_text("20 of 20")).to_be_visible()
    stage.wait_for_cell(CLEO, FRACTIONS)
    tool.get_by_role("link", name="Check again").click()
    expect(tool.get_by_text("In Demo LMS since")).to_be_visible()
    page.get_by_role("link", name="Gradebook").first.click()
    _expect_in_gradebook(page, "Cleo Brown", "20")


def _expect_in_gradebook(page: Page, name: str, score: str) -> None:
    row = page.get_by_role("row", name=re.compile(f"^{name}"))
    expect(row.get_by_role("link").first).to_have_text(score)
