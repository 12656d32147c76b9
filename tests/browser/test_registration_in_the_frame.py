"""An LMS admin registers Passback in the frame of the LMS, which takes the frame away when it is done."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, check_with_axe
from tests.stage import Stage
from tool.db import Database
from tool.migrations.upgrading import upgrade


@pytest.fixture
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Both sides run, and know nothing of each other."""
    made = Stage(tmp_path_factory.mktemp("strangers"))
    try:
        made.start_lms()
        made.write_config({})
        database = Database(made.database_url)
        upgrade(database)
        database.close()
        made.start_tool("--no-sender")
        yield made
    finally:
        made.close()


def look_with_axe(browsers: Browsers, page: Page) -> None:
    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    browsers.listens = True


def test_from_the_link_to_the_closed_frame(strangers: Stage, browsers: Browsers) -> None:
    link = strangers.passback("admin", "invite").stdout.strip()
    alone = browsers.open()
    alone.goto(link)
    expect(alone.locator("main")).to_contain_text(link)
    look_with_axe(browsers, alone)

    page = browsers.open()
    page.goto(f"{strangers.lms_url}/tools")
    page.get_by_label("Registration address").fill(link)
    page.get_by_role("button", name="Add the tool").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Register Passback with Demo School?")
    look_with_axe(browsers, page)
    frame.get_by_role("button", name="Register Passback").click()

    expect(frame.locator("main")).to_contain_text("waits for an operator")
    look_with_axe(browsers, page)
    frame.get_by_role("button", name="Close").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("which registered itself")
    expect(page.locator("[data-client-id]")).not_to_have_text("passback-demo")


def test_without_scripts_it_registers_and_says_how_it_ends(strangers: Stage, browsers: Browsers) -> None:
    link = strangers.passback("admin", "invite", "--approve").stdout.strip()
    page = browsers.open(java_script_enabled=False)
    page.goto(f"{strangers.lms_url}/tools?url={link}")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Register Passback").click()

    expect(frame.locator("main")).to_contain_text("It is approved here")
    expect(frame.locator("main")).to_contain_text("close it in the LMS")
    expect(frame.get_by_role("button", name="Close")).to_have_count(0)
