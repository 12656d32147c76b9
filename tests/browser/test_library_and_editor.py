"""Ada's library in a real browser: an assignment of six kinds from the keyboard, changed; and pages for everyone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Browsers, activity_url, check_width, check_with_axe, tab_to
from tests.browser.felt import press_with_enter
from tests.cast import ADA, BEN, CLEO, FRACTIONS, WARM_UP, Someone
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers
from tests.teacher import Teacher

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
PHONE: Any = {"width": 360, "height": 640}
WIDE: Any = {"width": 1280, "height": 800}
KINDS = ("One right choice", "Several right choices", "True or false", "Number", "Short answer", "Essay")


def open_library(stage: Stage, page: Page) -> None:
    page.goto(activity_url(stage, ADA, FRACTIONS, window="1"))
    page.wait_for_url(f"{stage.tool_url}/l/**")
    page.goto(page.url.rsplit("/", 1)[0] + "/library")
    expect(page.get_by_role("heading", name="Library")).to_be_visible()


def press(page: Page, name: str) -> None:
    press_with_enter(page.get_by_role("button", name=name).last)


def type_into_focus(page: Page, *texts: str) -> None:
    """Into what has the focus, and on with Tab."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def card(page: Page, number: int) -> Any:
    return page.locator("li.card").nth(number - 1)


def add(page: Page, kind: str, number: int, prompt: str) -> None:
    """A question; its first field has the focus then, without a reload."""
    press(page, kind)
    expect(card(page, number)).to_be_visible()
    expect(card(page, number).locator("textarea").first).to_be_focused()
    page.keyboard.type(prompt)


def write_six(page: Page) -> None:
    add(page, "One right choice", 1, "Which is one half?")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the marks of the choices, which are one group
    for text in ("2/4", "2/3", "3/4", "1/3", "5/8"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")  # on to the next choice, and a new one after the last
        if text == "1/3":
            expect(card(page, 1).get_by_label("Choice 5", exact=True)).to_be_focused()
    expect(card(page, 1).get_by_label("Choice 6", exact=True)).to_be_focused()
    card(page, 1).get_by_label("Correct: Choice 1").check()
    add(page, "Several right choices", 2, "Which are bigger than one half?")
    card(page, 2).get_by_label("Choice 1", exact=True).fill("3/4")
    card(page, 2).get_by_label("Choice 2", exact=True).fill("5/8")
    card(page, 2).get_by_label("Choice 3", exact=True).fill("1/3")
    card(page, 2).get_by_label("Correct: Choice 1").check()
    card(page, 2).get_by_label("Correct: Choice 2").check()
    add(page, "True or false", 3, "2/4 = 1/2")
    card(page, 3).get_by_label("True", exact=True).check()
    add(page, "Number", 4, "1/4 as a decimal?")
    page.keyboard.press("Tab")
    type_into_focus(page, "0,25", "0.001", "2,5")
    expect(page.locator("[data-total]")).to_have_text("5.5")
    add(page, "Short answer", 5, "The number on top?")
    page.keyboard.press("Tab")
    type_into_focus(page, "numerator")
    add(page, "Essay", 6, "Explain why.")
    card(page, 6).get_by_role("button", name="Add a line to the rubric").press("Enter")
    expect(card(page, 6).get_by_label("What line 1 looks at")).to_be_focused()
    type_into_focus(page, "It is clear", "2")


def test_six_kinds_of_questions_from_the_keyboard(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport=WIDE)
    open_library(stage, page)
    tab_to(page, page.get_by_role("link", name="New assignment"))
    page.keyboard.press("Enter")
    page.get_by_label("Title").press_sequentially("Halves and wholes")
    write_six(page)

    press(page, "Preview")
    expect(page.get_by_text("nothing you answer here is kept")).to_be_visible()
    expect(page.locator("fieldset.question")).to_have_count(6)
    page.get_by_label("2/4", exact=True).check()
    press(page, "Back to editing")
    expect(page.get_by_label("Title")).to_have_value("Halves and wholes")
    press(page, "Save")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    row = page.get_by_role("row", name="Halves and wholes")
    expect(row).to_contain_text("6")

    row.get_by_role("link", name="Edit Halves and wholes").press("Enter")
    page.get_by_role("button", name="Move question 6 up").focus()
    for number in (5, 4, 3):
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"Move question {number} up")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("This is question 3 now.")
    page.get_by_label("Title").fill("Halves")
    press(page, "Save")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.get_by_role("link", name="Edit Halves").press("Enter")
    expect(card(page, 3)).to_contain_text("Essay")
    expect(page.locator("li.card textarea[id^=prompt]").nth(2)).to_have_value("Explain why.")


def test_a_refusal_takes_the_focus_to_what_is_missing(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport=WIDE)
    open_library(stage, page)
    page.get_by_role("link", name="New assignment").click()
    page.get_by_role("button", name="Number").click()
    press(page, "Save")
    summary = page.get_by_role("alert").filter(has_text="Nothing is saved yet")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Question 1: Write a number, such as 42").press("Enter")
    expect(page.get_by_label("Correct number")).to_be_focused()
    expect(page.get_by_label("Correct number")).to_have_accessible_description("Write a number, such as 42 or 3.14.")


def test_what_is_unsaved_is_not_left_by_mistake_and_outlives_a_launch_that_ended(
    stage: Stage, browsers: Browsers
) -> None:
    browsers.expect_complaint("status of 401")
    page = browsers.open(viewport=WIDE)
    open_library(stage, page)
    page.get_by_role("link", name="New assignment").click()
    page.get_by_label("Title").fill("Dear to me")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_label("Title")).to_have_value("Dear to me")
    assert asked == ["beforeunload"]

    page.context.clear_cookies()
    for button in ("Essay", "Save"):
        press(page, button)
        expect(page.get_by_role("alert")).to_contain_text("does not know this page any more")
        expect(page.get_by_label("Title")).to_have_value("Dear to me")


def test_in_the_lms_frame_the_settings_lead_to_a_copy_of_ones_own(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport=WIDE)
    page.goto(activity_url(stage, ADA, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    tool.get_by_role("link", name="Settings").click()
    tool.get_by_role("button", name="Copy to my library").click()
    expect(tool.get_by_label("Title")).to_have_value("Copy of Fractions quiz")
    tool.get_by_role("button", name="Duplicate question 8").click()
    expect(tool.locator("li.card")).to_have_count(9)
    tool.get_by_role("button", name="Save").click()
    expect(tool.get_by_role("row", name="Copy of Fractions quiz").first).to_contain_text("9")


def test_without_javascript_the_same_buttons_work(stage: Stage, browsers: Browsers) -> None:
    launched = browsers.open(viewport=WIDE)
    open_library(stage, launched)
    page = browsers.open(viewport=WIDE, java_script_enabled=False)
    page.context.add_cookies(launched.context.cookies())  # type: ignore[arg-type]
    page.goto(f"{launched.url}/new")
    page.get_by_label("Title").fill("By hand")
    page.get_by_role("button", name="True or false").click()
    expect(page.locator("#here")).to_be_focused()
    page.get_by_label("Statement").fill("1 = 1")
    page.get_by_label("Title").press("Enter")  # neither saves nor removes anything
    page.get_by_label("True", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="By hand")).to_be_visible()


def open_changed_key(stage: Stage, page: Page, someone: Someone) -> dict[str, Any]:
    """Ada's own copy of the warm-up stands in a link, somebody handed it in, and she mends its key; what launches
    say of the link."""
    open_library(stage, page)
    page.get_by_role("button", name="Copy Warm-up", exact=True).click()
    page.get_by_label("Title").fill(f"Warm-up of {someone.name}")
    assignment_id = page.url.split("/library/")[1].split("/")[0]
    press(page, "Save")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    custom = {CUSTOM: {"assignment": assignment_id}}
    work = stage.arrive(ScriptedBrowser(), ADA, WARM_UP, claims=custom)
    assert work.status == 200
    browser = ScriptedBrowser()
    stage.hand_in(browser, stage.arrive(browser, someone, WARM_UP, claims=custom), right_answers("warm-up"))
    stage.wait_for_cell(someone, WARM_UP)
    page.get_by_role("link", name=f"Edit Warm-up of {someone.name}").click()
    page.get_by_label("Correct number").fill("46")
    return custom


def test_a_new_key_is_asked_about_and_the_row_says_changed_since_sent(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport=WIDE)
    custom = open_changed_key(stage, page, BEN)
    press(page, "Save")
    expect(page.get_by_role("heading", name="Grade 1 submission anew?")).to_be_focused()
    expect(page.get_by_text("1 score changes.")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    press(page, "Back to editing")
    expect(page.get_by_label("Correct number")).to_have_value("46")
    press(page, "Save")
    press(page, "Save and grade anew")
    expect(page.get_by_text("Saved, and what was handed in is graded anew.")).to_be_visible()
    assert asked == []  # nothing that was unsaved was left

    ada = Teacher(stage, WARM_UP, claims=custom)
    assert "Changed since sent" in ada.row(BEN)


def show_confirmation(stage: Stage, page: Page) -> None:
    open_changed_key(stage, page, CLEO)
    page.get_by_role("button", name="Remove question 3").click()
    press(page, "Save")
    expect(page.get_by_role("heading", name="Grade 1 submission anew?")).to_be_visible()


def show_somebody_elses_change(stage: Stage, page: Page) -> None:
    open_library(stage, page)
    page.get_by_role("button", name="Copy Warm-up", exact=True).click()
    expect(page.get_by_text("Nothing is saved")).to_have_count(0)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Title").fill("Theirs")
    press(other, "Save")
    expect(other.get_by_text("Saved.", exact=True)).to_be_visible()
    other.close()
    page.get_by_label("Title").fill("Mine")
    press(page, "Save")
    expect(page.get_by_text("Somebody else changed this assignment meanwhile.")).to_be_visible()


def show_shelf(stage: Stage, page: Page) -> None:
    open_library(stage, page)
    page.get_by_role("button", name="Copy Fractions quiz").click()
    page.get_by_role("button", name="Save").click()
    page.locator("details.more summary").first.click()


def show_empty_shelf(stage: Stage, page: Page) -> None:
    open_library(stage, page)
    page.get_by_label("Words of the title").fill("nothing like it")
    page.get_by_role("button", name="Search").click()


def show_new(stage: Stage, page: Page) -> None:
    open_library(stage, page)
    page.get_by_role("link", name="New assignment").click()


def show_editor(stage: Stage, page: Page) -> None:
    show_new(stage, page)
    for number, kind in enumerate(KINDS, start=1):
        press(page, kind)
        expect(card(page, number)).to_be_visible()
    page.get_by_role("button", name="Add a line to the rubric").click()


def show_refusal(stage: Stage, page: Page) -> None:
    show_editor(stage, page)
    press(page, "Save")
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()


def show_preview(stage: Stage, page: Page) -> None:
    show_editor(stage, page)
    press(page, "Preview")
    expect(page.locator("fieldset.question")).to_have_count(6)


def show_look(stage: Stage, page: Page) -> None:
    open_library(stage, page)
    page.get_by_role("link", name="Look at Fractions quiz").click()


PAGES = [
    show_shelf,
    show_empty_shelf,
    show_new,
    show_editor,
    show_refusal,
    show_preview,
    show_look,
    show_confirmation,
    show_somebody_elses_change,
]


@pytest.mark.parametrize("shown", PAGES, ids=[one.__name__.removeprefix("show_") for one in PAGES])
def test_axe_finds_nothing_and_a_phone_scrolls_only_downwards(
    stage: Stage, browsers: Browsers, shown: Callable[[Stage, Page], None]
) -> None:
    page = browsers.open(viewport=PHONE, reduced_motion="reduce")
    shown(stage, page)
    check_width(page, PHONE["width"])

    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(WIDE)
    check_with_axe(page, {"runOnly": ["color-contrast"]})
