"""Every page passes axe, fits a phone, and works from the keyboard alone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, activity_url
from tests.cast import ADA, AMARA, BEN, CLEO, DIEGO, ESSAY, FATIMA, FRACTIONS, WARM_UP, Someone
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage


def _launch(stage: Stage, page: Page, someone: Someone, link: str) -> None:
    page.goto(activity_url(stage, someone, link, window="1"))
    page.wait_for_url(f"{stage.tool_url}/l/**")


def open_work(stage: Stage, page: Page) -> None:
    _launch(stage, page, BEN, FRACTIONS)
    expect(page.get_by_text("0 of 8 answered")).to_be_visible()


def open_essay(stage: Stage, page: Page) -> None:
    _launch(stage, page, BEN, ESSAY)
    expect(page.get_by_role("textbox")).to_be_visible()


def open_question_about_blanks(stage: Stage, page: Page) -> None:
    _launch(stage, page, CLEO, FRACTIONS)
    page.get_by_label("9/12").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Nothing has been submitted yet.")).to_be_visible()


def open_result(stage: Stage, page: Page) -> None:
    stage.finish(AMARA, WARM_UP, "warm-up")
    _launch(stage, page, AMARA, WARM_UP)
    expect(page.get_by_text("In Demo LMS since")).to_be_visible()


def open_overview(stage: Stage, page: Page) -> None:
    stage.finish(FATIMA, FRACTIONS, "fractions-quiz")
    stage.arrive(ScriptedBrowser(), DIEGO, FRACTIONS)
    _launch(stage, page, ADA, FRACTIONS)
    expect(page.get_by_text("Fatima Haddad")).to_be_visible()


def open_error(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.tool_url}/l/nobody-has-this-launch/work")
    expect(page.get_by_text("Open the assignment again from your course.")).to_be_visible()


def open_new_window_page(stage: Stage, page: Page) -> None:
    page.goto(stage.arrive(ScriptedBrowser(takes_cookies=False), BEN, FRACTIONS).url)
    expect(page.get_by_role("heading")).to_have_text("This needs a window of its own")


PAGES = [
    open_work,
    open_essay,
    open_question_about_blanks,
    open_result,
    open_overview,
    open_error,
    open_new_window_page,
]


@pytest.mark.parametrize("opened", PAGES, ids=[one.__name__.removeprefix("open_") for one in PAGES])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    stage: Stage, browsers: Browsers, opened: Callable[[Stage, Page], None]
) -> None:
    browsers.expect_complaint("status of 401")
    page = browsers.open(viewport={"width": 360, "height": 640}, color_scheme="dark")
    opened(stage, page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    _check_with_axe(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    _check_with_axe(page)


def _check_with_axe(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
