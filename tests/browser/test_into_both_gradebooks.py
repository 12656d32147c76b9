"""One score, two gradebooks: Ben submits and the LMS has it by itself; Ada links her class, syncs: the SIS has it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Browsers, activity_url, answer_everything
from tests.cast import ADA, BEN, FRACTIONS
from tests.conftest import opened
from tests.records_stage import RecordsStage
from tests.stage import wait_until

MATH = "class-2201"
BEN_THERE = "SIS-00100"
WIDE: Any = {"width": 1280, "height": 900}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[RecordsStage]:
    for stage in opened(RecordsStage(tmp_path)):
        assert isinstance(stage, RecordsStage)
        yield stage


def score_there(stage: RecordsStage) -> float | None:
    """Ben's score in the SIS, if he has one."""
    for one in stage.sis("GET", "/control/gradebook"):
        for column in one["columns"] if one["class"] == MATH else []:
            found: float | None = column["results"].get(BEN_THERE, {}).get("score")
            return found
    return None


def hand_in(browsers: Browsers, stage: RecordsStage) -> None:
    page = browsers.open()
    page.goto(activity_url(stage, BEN, FRACTIONS))
    work = page.frame_locator("iframe.tool")
    answer_everything(work)
    work.get_by_role("button", name="Submit").click()
    expect(work.get_by_text("of 20").first).to_be_visible()


def set_up(page: Page, tool: FrameLocator) -> None:
    """The three steps."""
    tool.locator("main").get_by_role("link", name="Set up").click()
    tool.get_by_role("link", name="Find my classes").click()
    tool.get_by_role("radio", name="MATH 9 - Period 3").check()
    tool.get_by_label("No, Passback shall send them").check()
    tool.get_by_role("button", name="Link this class").click()
    show = tool.get_by_role("link", name="Show what is there by now")
    matched = tool.get_by_text("10 of 12 matched").first
    for _ in range(40):
        expect(show.or_(matched).first).to_be_visible()
        if matched.is_visible():
            break
        show.click()
        page.wait_for_timeout(500)
    tool.get_by_role("link", name="Associate categories").first.click()
    tool.get_by_label("Without a category").select_option(label="Quizzes")
    tool.get_by_role("button", name="Save the categories").click()
    expect(tool.get_by_text("Synchronized").first).to_be_visible()


def test_from_the_submit_into_the_lms_and_the_schools_records(records: RecordsStage, browsers: Browsers) -> None:
    hand_in(browsers, records)
    assert records.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    page = browsers.open(viewport=WIDE)
    page.goto(activity_url(records, ADA, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    tool.get_by_role("link", name="School records").click()
    set_up(page, tool)
    assert score_there(records) is None, "nothing goes before she says so"

    tool.get_by_role("link", name="Sync Grades").click()
    tool.get_by_role("button", name="Sync changes").first.click()

    wait_until(lambda: score_there(records) == 20, 45)
    row = tool.get_by_role("row").filter(has_text="Fractions quiz")
    expect(row).to_contain_text("Successful with notes")
    expect(row).to_contain_text("inferred: assigned + 7 days")
    assert (records.cell(BEN, FRACTIONS) or {})["score"] == 20
