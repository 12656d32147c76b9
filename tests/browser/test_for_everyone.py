"""Every page passes axe, fits a phone, and works from the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, activity_url, check_width, check_with_axe, tab_to
from tests.cast import ADA, AMARA, BEN, DIEGO, FATIMA, FRACTIONS, JAYA, LINH, SIOBHAN, WARM_UP, Someone
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage


def _launch(stage: Stage, page: Page, someone: Someone, link: str) -> None:
    page.goto(activity_url(stage, someone, link, window="1"))
    page.wait_for_url(f"{stage.tool_url}/l/**")


def open_work(stage: Stage, page: Page) -> None:
    _launch(stage, page, JAYA, FRACTIONS)
    expect(page.get_by_text("0 of 8 answered")).to_be_visible()


def open_question_about_blanks(stage: Stage, page: Page) -> None:
    _launch(stage, page, LINH, FRACTIONS)
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
    browsers.expect_complaint("status of 401")  # that one page is about
    page = browsers.open(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    opened(stage, page)
    check_width(page, 360)

    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 800})
    check_with_axe(page, {"runOnly": ["color-contrast"]})


def test_from_the_keyboard_alone(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open()
    _launch(stage, page, SIOBHAN, WARM_UP)
    tab_to(page, page.get_by_role("link", name="Skip to content"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("[name=half-of-ninety]"))
    page.keyboard.type("45")
    page.keyboard.press("Enter")  # saves, and does not hand in
    expect(page.locator("[data-save-state][data-state=saved]")).to_be_visible()
    tab_to(page, page.locator("[name=even-plus-odd][value=true]"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Submit"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nothing has been submitted yet.")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Go back").first)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("[name=four-equal-sides]"))
    page.keyboard.type("square")
    page.keyboard.press("Enter")  # here too, though "Submit anyway" was the first button to be seen
    expect(page.locator("[data-save-state][data-state=saved]")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Submit").last)
    page.keyboard.press("Enter")

    expect(page.get_by_text("5 of 5")).to_be_visible()
    assert stage.wait_for_cell(SIOBHAN, WARM_UP)["score"] == 5
