"""Grace connects the school's records in a real browser: on a phone, by day and by night, and without JavaScript."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, check_width, check_with_axe
from tests.operators import GRACE, PASSWORD
from tests.sis.connecting.demo import DistrictBeside, district
from tests.stage import Stage

HEADING = "School records"


@pytest.fixture(scope="module", autouse=True)
def grace_is_hired(stage: Stage) -> None:
    stage.passback("operator", "add", GRACE, typed=PASSWORD)


@pytest.fixture
def beside() -> Iterator[DistrictBeside]:
    with district() as opened:
        yield opened


def sign_in(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.tool_url}/admin")
    page.get_by_label("E-mail").fill(GRACE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation").get_by_role("link", name=HEADING).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADING)


def fill_in(page: Page, beside: DistrictBeside, name: str) -> None:
    told = beside.handed_out
    page.get_by_label("Whose courses is it for?").select_option(index=1)
    page.get_by_label("What should it be called here?").fill(name)
    page.get_by_label("Address of rostering").fill(told.rostering_url)
    page.get_by_label("Address of the gradebook").fill(told.gradebook_url)
    page.get_by_label("Address for access tokens").fill(told.token_url or "")
    page.get_by_label("Client id").fill(told.client_id or "")
    page.get_by_label("Secret, or the constant token").fill(told.secret)
    page.get_by_label("Time zone of the district").fill("America/Chicago")


def connect_and_test(stage: Stage, page: Page, beside: DistrictBeside, name: str) -> None:
    """From the list to a connection that is tested and switched on."""
    page.goto(f"{stage.tool_url}/admin/school-records")
    page.get_by_role("link", name="Connect school records").click()
    page.get_by_role("link", name="Another SIS with OneRoster").click()
    fill_in(page, beside, name)
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    page.get_by_label("E-mail address of a teacher (optional)").fill("ada@school.example")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("Nothing is broken.")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("status").first).to_contain_text("Teachers can link their classes now")


def test_from_the_list_to_a_tested_connection_without_javascript(
    stage: Stage, browsers: Browsers, beside: DistrictBeside
) -> None:
    page = browsers.open(java_script_enabled=False)
    sign_in(stage, page)
    connect_and_test(stage, page, beside, "Aspire")


def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    stage: Stage, browsers: Browsers, beside: DistrictBeside
) -> None:
    browsers.expect_complaint("status of 400")
    page = browsers.open(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    sign_in(stage, page)
    look(page, browsers, "list-empty")
    page.goto(f"{stage.tool_url}/admin/school-records/new")
    look(page, browsers, "choose")
    page.get_by_role("link", name="Infinite Campus").click()
    page.get_by_text("What is known of this SIS").click()
    page.get_by_text("How this SIS differs from the standard").click()
    look(page, browsers, "form")
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("alert")).to_contain_text("not right yet")
    look(page, browsers, "form-with-flaws")

    connect_and_test(stage, page, beside, "Infinite Campus")
    look(page, browsers, "switched-on")
    page.get_by_role("link", name="Change").click()
    look(page, browsers, "edit")
    page.get_by_label("Secret, or the constant token").fill("wrong")
    page.get_by_label("Day on which the credentials run out (optional)").fill("2020-01-01")
    page.get_by_role("button", name="Store").click()
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("2 steps do not work.")).to_be_visible()
    look(page, browsers, "tested-badly")
    page.get_by_role("link", name="Remove").click()
    look(page, browsers, "remove")
    page.goto(f"{stage.tool_url}/admin")
    expect(page.get_by_text("ran out on 2020-01-01")).to_be_visible()
    look(page, browsers, "overview")


def look(page: Page, browsers: Browsers, name: str) -> None:
    """On a phone by day, on a desk by night; `PASSBACK_SHOTS` names a folder that gets a picture of each."""
    folder = os.environ.get("PASSBACK_SHOTS")
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="light")
    check_width(page, 360)
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-phone.png", full_page=True)
    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    check_with_axe(page)
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-desk.png", full_page=True)
    browsers.listens = True
