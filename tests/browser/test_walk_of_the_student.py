"""A student on a phone, in the LMS's page: nothing typed is lost by a bad line, a closed tab, a second one, or time."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect
from sqlalchemy import update

from tests.browser.conftest import Browsers, activity_url, answer_everything, check_width, wait_until_saved
from tests.cast import BEN, CLEO, DIEGO, FRACTIONS, Someone
from tests.conftest import opened
from tests.stage import ASSIGNMENTS, Stage, wait_until
from tool.clock import now
from tool.db import Database
from tool.model.work import Launch

PHONE: Any = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "timezone_id": "UTC"}
DUE = "2099-03-02T12:00:00+00:00"
TYPED = "two-thirds-plus-one-sixth"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The quiz has a date until when."""
    folder = tmp_path_factory.mktemp("stage")
    for one in opened(Stage(folder)):
        file = json.loads((ASSIGNMENTS / "fractions-quiz.json").read_text())
        (folder / "dated.json").write_text(json.dumps({**file, "due_at": DUE}))
        one.passback("assignment", "import", str(folder / "dated.json"))
        yield one


def open_quiz(stage: Stage, context: BrowserContext, someone: Someone) -> tuple[Page, FrameLocator]:
    """A tab with the LMS's page, and the tool in its frame."""
    page = context.new_page()
    page.goto(activity_url(stage, someone, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    expect(tool.locator("fieldset.question").first).to_be_visible()
    return page, tool


def field(tool: FrameLocator) -> Locator:
    return tool.locator(f"[name={TYPED}]")


def state(tool: FrameLocator) -> Locator:
    """The line that says whether the work is safe."""
    return tool.locator("[data-save-state='']")


def beside(tool: FrameLocator) -> Locator:
    """The same in the question that is being answered: the bar may be far below on a phone."""
    return tool.locator("fieldset.question").filter(has=field(tool)).locator(".near-news")


def places(tool: FrameLocator) -> list[float]:
    """How far down each choice and field stands, in pixels."""
    tops: list[float] = tool.locator("main").evaluate(
        "main => [...main.querySelectorAll('fieldset.question input')]"
        ".map(field => field.getBoundingClientRect().top + window.scrollY)"
    )
    return tops


def end_launches(stage: Stage) -> None:
    """Hours go by."""
    database = Database(stage.database_url)
    with database.writing() as connection:
        connection.execute(update(Launch).values(expires_at=now()))
    database.close()


def test_from_the_first_look_to_the_gradebook(stage: Stage, browsers: Browsers) -> None:
    browsers.expect_complaint("ERR_INTERNET_DISCONNECTED")  # that is what it is about
    context = browsers.open(**PHONE).context
    page, tool = open_quiz(stage, context, BEN)
    facts = tool.locator(".facts-line")
    expect(tool.get_by_role("heading", level=1)).to_have_text("Fractions quiz")
    expect(facts).to_contain_text("20 points")
    expect(facts).to_contain_text("Due Mar 2, 2099")
    expect(tool.get_by_text("0 of 8 answered")).to_be_visible()
    check_width(page, 360)

    tool.get_by_label("9/12").check()
    wait_until_saved(tool)
    before = places(tool)
    context.set_offline(True)
    field(tool).press_sequentially("5/6")
    expect(state(tool)).to_contain_text("Not saved yet. Trying again…")
    expect(beside(tool)).to_have_text("Not saved yet. Trying again…")
    expect(beside(tool)).to_be_in_viewport()
    assert places(tool) == before, "a choice that moves under the finger is another answer"
    expect(field(tool)).to_have_value("5/6")
    assert [one for one in browsers.complaints if "icons.svg" in one] == [], "its picture is there as well"
    context.set_offline(False)
    wait_until_saved(tool)
    expect(beside(tool)).to_have_count(0)

    page.close()
    page, tool = open_quiz(stage, context, BEN)
    expect(tool.get_by_label("9/12")).to_be_checked()
    expect(field(tool)).to_have_value("5/6")
    expect(tool.get_by_text("2 of 8 answered")).to_be_visible()

    answer_everything(tool)
    tool.get_by_role("button", name="Submit").click()
    expect_received(tool)
    check_width(page, 360)
    assert stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20

    tool.locator("main").evaluate("main => { main.dataset.before = 'yes' }")
    page.evaluate("history.back()")  # of the frame
    expect(tool.locator("main[data-before]")).to_have_count(0)
    expect_received(tool)
    assert len(stage.scores_sent(BEN)) == 1, "going back hands in nothing again"


def expect_received(tool: FrameLocator) -> None:
    """What was received, what it earned, and that it is in the LMS."""
    expect(tool.get_by_text("Handed in")).to_be_visible()
    expect(tool.get_by_text("20 of 20")).to_be_visible()
    expect(tool.get_by_text("In Demo LMS since")).to_be_visible()


def test_the_older_of_two_tabs_is_told(stage: Stage, browsers: Browsers) -> None:
    browsers.expect_complaint("status of 409")
    context = browsers.open(**PHONE).context
    _, older = open_quiz(stage, context, CLEO)
    _, newer = open_quiz(stage, context, CLEO)
    field(newer).press_sequentially("5/6")
    wait_until_saved(newer)

    older.get_by_label("9/12").check()

    expect(state(older)).to_contain_text("Newer answers were saved in another window.")
    older.get_by_role("link", name="Reload this page").click()
    expect(field(older)).to_have_value("5/6")
    older.get_by_label("9/12").check()
    wait_until_saved(older)
    assert stage.cell(CLEO, FRACTIONS) is None


def test_a_session_that_ended_says_so_and_keeps_what_was_saved(stage: Stage, browsers: Browsers) -> None:
    browsers.expect_complaint("status of 401")
    context = browsers.open(**PHONE).context
    page, tool = open_quiz(stage, context, DIEGO)
    tool.get_by_label("9/12").check()
    wait_until_saved(tool)
    end_launches(stage)

    field(tool).press_sequentially("5/6")

    expect(state(tool)).to_contain_text("Open the assignment again from your course.")
    expect(state(tool)).to_contain_text("Your saved answers are kept.")
    expect(beside(tool)).to_be_in_viewport()
    expect(tool.get_by_role("link", name="Reload this page")).to_be_hidden()  # it would lead nowhere
    expect(field(tool)).to_have_value("5/6")
    check_width(page, 360)
    tool.get_by_role("button", name="Submit").click()
    expect(tool.get_by_role("heading", name="This page belongs to a launch that has ended")).to_be_in_viewport()

    _, again = open_quiz(stage, context, DIEGO)
    expect(again.get_by_label("9/12")).to_be_checked()
    answer_everything(again)
    again.get_by_role("button", name="Submit").click()
    expect_received(again)
    assert wait_until(lambda: stage.cell(DIEGO, FRACTIONS), 45)["score"] == 20
