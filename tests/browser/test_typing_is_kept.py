"""What a student typed and could not save is kept in the browser, for that student alone, until it is saved.

A browser that keeps third-party cookies out gives a frame storage of its own for each LMS. The driver of these tests
switches that off, and the frame of a browser as they open it is refused any: such browsers are part of the story, too.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, Playwright, Route, expect
from sqlalchemy import select, update

from tests.browser.conftest import (
    Browsers,
    activity_url,
    answer_everything,
    check_with_axe,
    chromium_of_its_own,
    wait_until_saved,
)
from tests.cast import AMARA, BEN, CLEO, DIEGO, FATIMA, FRACTIONS, HANA, ISAAC, JAYA, LINH, MATEUSZ, SIOBHAN, Someone
from tests.stage import Stage, wait_until
from tool.clock import now
from tool.db import Database
from tool.model.people import Member, Person
from tool.model.work import Assignment, Launch, Submission

TYPED = "two-thirds-plus-one-sixth"
IN_THE_BROWSER = "Object.entries(localStorage).filter(([key]) => key.startsWith('passback.kept.'))"


@pytest.fixture
def here(playwright_here: Playwright, browsers: Browsers, tmp_path: Path) -> Iterator[BrowserContext]:
    """The browser in which the student types; its frames have storage."""
    profile = {"cookie_controls_mode": 0, "block_third_party_cookies": False}
    with chromium_of_its_own(playwright_here, tmp_path / "here", profile) as context:
        yield browsers.watch(context)


def open_quiz(stage: Stage, context: BrowserContext, someone: Someone) -> tuple[Page, FrameLocator]:
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(activity_url(stage, someone, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    expect(tool.locator("main")).to_be_visible()
    return page, tool


def field(tool: FrameLocator) -> Locator:
    return tool.locator(f"[name={TYPED}]")


def state(tool: FrameLocator) -> Locator:
    return tool.locator("[data-save-state='']")


def end_launches(stage: Stage) -> None:
    """Hours go by."""
    database = Database(stage.database_url)
    with database.writing() as connection:
        connection.execute(update(Launch).values(expires_at=now()))
    database.close()


def close_assignment(stage: Stage, at: datetime | None) -> None:
    database = Database(stage.database_url)
    with database.writing() as connection:
        connection.execute(update(Assignment).where(Assignment.id == "fractions-quiz").values(closes_at=at))
    database.close()


def saved(stage: Stage, someone: Someone) -> dict[str, object]:
    """The answers in the row of somebody's work."""
    database = Database(stage.database_url)
    whose = select(Member.id).join(Person, Person.id == Member.person_id).where(Person.subject == someone.subject)
    with database.reading() as connection:
        answers = connection.execute(select(Submission.answers).where(Submission.member_id.in_(whose))).scalar_one()
    database.close()
    return dict(answers)


def kept(tool: FrameLocator) -> list[tuple[str, dict[str, Any]]]:
    """What the browser holds for Passback under this LMS."""
    found = tool.locator("main").evaluate(f"() => {IN_THE_BROWSER}")
    return [(key, json.loads(entry)) for key, entry in found]


def type_after_the_end(stage: Stage, context: BrowserContext, someone: Someone, text: str = "5/6") -> Page:
    """The session ends while the page is open, the student goes on typing, and is told."""
    page, tool = open_quiz(stage, context, someone)
    tool.get_by_label("9/12").check()
    wait_until_saved(tool)
    end_launches(stage)
    field(tool).press_sequentially(text)
    expect(state(tool)).to_contain_text("Open the assignment again from your course.")
    return page


def test_what_was_typed_after_the_session_ended_is_there_again_and_saved(
    stage: Stage, browsers: Browsers, here: BrowserContext
) -> None:
    browsers.expect_complaint("status of 401")
    page = type_after_the_end(stage, here, BEN)
    expect(state(page.frame_locator("iframe.tool"))).to_contain_text(
        "What you typed since then is kept in this browser."
    )
    assert TYPED not in saved(stage, BEN)
    page.close()

    page, tool = open_quiz(stage, here, BEN)

    expect(field(tool)).to_have_value("5/6")
    expect(tool.get_by_text("2 of 8 answered")).to_be_visible()
    expect(tool.get_by_text("What you typed before is back.")).to_be_visible()
    check_with_axe(page)
    wait_until(lambda: saved(stage, BEN).get(TYPED) == "5/6", 30)
    wait_until(lambda: kept(tool) == [], 30)
    page.close()
    _, tool = open_quiz(stage, here, BEN)
    expect(field(tool)).to_have_value("5/6")
    expect(tool.get_by_text("What you typed before is back.")).to_have_count(0)


def test_what_was_typed_without_a_connection_outlives_the_tab(
    stage: Stage, browsers: Browsers, here: BrowserContext
) -> None:
    browsers.expect_complaint("ERR_INTERNET_DISCONNECTED")
    page, tool = open_quiz(stage, here, AMARA)
    here.set_offline(True)
    tool.get_by_label("9/12").check()
    field(tool).press_sequentially("5/6")
    expect(state(tool)).to_contain_text("Not saved yet. Trying again…")
    page.close()
    here.set_offline(False)

    _, tool = open_quiz(stage, here, AMARA)

    expect(tool.get_by_label("9/12")).to_be_checked()
    expect(field(tool)).to_have_value("5/6")
    wait_until(lambda: len(saved(stage, AMARA)) == 2, 30)


def test_what_was_typed_before_the_scripts_came_is_saved(
    stage: Stage, browsers: Browsers, here: BrowserContext
) -> None:
    page = here.new_page()
    waiting: list[Route] = []
    page.route(
        "**/*.js*", lambda route: waiting.append(route) if "/work.js" in route.request.url else route.continue_()
    )
    page.goto(activity_url(stage, MATEUSZ, FRACTIONS), wait_until="commit")
    tool = page.frame_locator("iframe.tool")
    field(tool).fill("5/6")
    tool.get_by_label("9/12").check()
    expect(tool.get_by_text("0 of 8 answered")).to_be_visible()
    assert waiting

    waiting.pop().continue_()

    expect(tool.get_by_text("2 of 8 answered")).to_be_visible()
    wait_until_saved(tool)
    assert saved(stage, MATEUSZ)[TYPED] == "5/6"
    wait_until(lambda: kept(tool) == [], 30)


def test_another_student_of_the_same_browser_sees_nothing_of_it(
    stage: Stage, browsers: Browsers, here: BrowserContext
) -> None:
    browsers.expect_complaint("status of 401")
    type_after_the_end(stage, here, CLEO).close()

    page, tool = open_quiz(stage, here, DIEGO)

    expect(field(tool)).to_have_value("")
    expect(tool.get_by_text("0 of 8 answered")).to_be_visible()
    expect(tool.get_by_text("What you typed before is back.")).to_have_count(0)
    ((key, entry),) = kept(tool)
    assert CLEO.subject not in key.lower() + json.dumps(entry).lower()
    assert [one["values"] for one in entry["answers"]] == [["5/6"]], "only what was not saved"
    page.close()
    _, tool = open_quiz(stage, here, CLEO)
    expect(field(tool)).to_have_value("5/6")


def test_a_newer_answer_from_elsewhere_stays_until_the_student_chooses(
    stage: Stage, browsers: Browsers, here: BrowserContext
) -> None:
    browsers.expect_complaint("status of 401")
    type_after_the_end(stage, here, FATIMA).close()
    _, elsewhere = open_quiz(stage, browsers.open().context, FATIMA)
    field(elsewhere).fill("2/3")
    wait_until_saved(elsewhere)

    page, tool = open_quiz(stage, here, FATIMA)

    offer = tool.locator("fieldset.question").filter(has=field(tool)).locator(".note")
    expect(offer).to_contain_text("a newer answer was saved since")
    expect(offer).to_contain_text("5/6")
    expect(field(tool)).to_have_value("2/3")
    check_with_axe(page)
    page.close()
    assert saved(stage, FATIMA)[TYPED] == "2/3"

    _, tool = open_quiz(stage, here, FATIMA)
    tool.get_by_role("button", name="Use what I typed").click()
    expect(field(tool)).to_have_value("5/6")
    wait_until(lambda: saved(stage, FATIMA)[TYPED] == "5/6", 30)
    wait_until(lambda: kept(tool) == [], 30)


def test_the_newer_answer_can_be_kept_for_good(stage: Stage, browsers: Browsers, here: BrowserContext) -> None:
    browsers.expect_complaint("status of 401")
    type_after_the_end(stage, here, JAYA).close()
    _, elsewhere = open_quiz(stage, browsers.open().context, JAYA)
    field(elsewhere).fill("2/3")
    wait_until_saved(elsewhere)
    _, tool = open_quiz(stage, here, JAYA)

    tool.get_by_role("button", name="Keep the newer answer").click()

    assert kept(tool) == []
    expect(field(tool)).to_have_value("2/3")
    assert saved(stage, JAYA)[TYPED] == "2/3"


def test_a_browser_that_keeps_nothing_promises_nothing(stage: Stage, browsers: Browsers) -> None:
    browsers.expect_complaint("status of 401")

    page = type_after_the_end(stage, browsers.open().context, HANA)

    tool = page.frame_locator("iframe.tool")
    expect(state(tool)).to_contain_text("this browser does not keep it: copy it first.")
    expect(state(tool)).not_to_contain_text("is kept in this browser")
    expect(field(tool)).to_have_value("5/6")


def test_a_hand_in_leaves_nothing_behind(stage: Stage, browsers: Browsers, here: BrowserContext) -> None:
    """Even one that is pressed while nothing could be saved before."""
    browsers.expect_complaint("ERR_FAILED")
    page, tool = open_quiz(stage, here, ISAAC)
    page.route("**/save", lambda route: route.abort())
    answer_everything(tool)
    expect(state(tool)).to_contain_text("Not saved yet. Trying again…")
    assert len(kept(tool)[0][1]["answers"]) == 8

    tool.get_by_role("button", name="Submit").click()

    expect(tool.get_by_text("20 of 20")).to_be_visible()
    wait_until(lambda: kept(tool) == [], 30)
    expect(tool.get_by_text("not part of your work")).to_have_count(0)


def test_what_came_too_late_can_be_read_and_copied(stage: Stage, browsers: Browsers, here: BrowserContext) -> None:
    """The work was handed in on another device meanwhile."""
    browsers.expect_complaint("status of 401")
    type_after_the_end(stage, here, LINH, "7/6, I think").close()
    _, elsewhere = open_quiz(stage, browsers.open().context, LINH)
    answer_everything(elsewhere)
    elsewhere.get_by_role("button", name="Submit").click()
    expect(elsewhere.get_by_text("20 of 20")).to_be_visible()

    page, tool = open_quiz(stage, here, LINH)

    note = tool.locator(".note").filter(has_text="Typed in this browser, and not part of your work")
    expect(note).to_contain_text("7/6, I think")
    check_with_axe(page)
    assert saved(stage, LINH)[TYPED] == "5/6"
    note.get_by_role("button", name="Remove it from this browser").click()
    assert kept(tool) == []


def test_after_a_week_it_is_gone(stage: Stage, browsers: Browsers, here: BrowserContext) -> None:
    browsers.expect_complaint("status of 401")
    type_after_the_end(stage, here, CLEO, "1").close()
    page, tool = open_quiz(stage, here, DIEGO)
    assert len(kept(tool)) == 1
    week = 7 * 24 * 3600 * 1000
    tool.locator("main").evaluate(
        f"() => {{ for (const [key, entry] of {IN_THE_BROWSER})"
        f" localStorage.setItem(key, JSON.stringify({{ ...JSON.parse(entry), at: Date.now() - {week} }})); }}"
    )

    page.reload()

    expect(tool.locator("main")).to_be_visible()
    wait_until(lambda: kept(tool) == [], 30)


def test_what_was_typed_into_closed_work_can_be_read_and_copied(
    stage: Stage, browsers: Browsers, here: BrowserContext
) -> None:
    browsers.expect_complaint("status of 401")
    type_after_the_end(stage, here, SIOBHAN, "7/6, I think").close()
    close_assignment(stage, now())

    _, tool = open_quiz(stage, here, SIOBHAN)

    note = tool.locator(".note").filter(has_text="Typed in this browser, and not part of your work")
    expect(note).to_contain_text("7/6, I think")
    expect(tool.locator(f"[name={TYPED}]:enabled")).to_have_count(0)
    assert TYPED not in saved(stage, SIOBHAN)
    close_assignment(stage, None)
