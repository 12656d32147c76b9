"""Both sides for real: the connection is tested from the page and on the command line, in good and in bad moods."""

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from tests.browser.conftest import Browsers, check_width, check_with_axe
from tests.cast import AMARA, FRACTIONS
from tests.operators import GRACE, PASSWORD
from tests.stage import Stage
from tool.db import Database
from tool.model.platforms import CheckTurn, Platform


def let_it_be_tested(stage: Stage) -> int:
    """No need to wait for the pause after a test; the platform's id."""
    database = Database(stage.database_url)
    with database.writing() as connection:
        connection.execute(delete(CheckTurn))
        platform_id = connection.execute(select(Platform.id)).scalars().first()
    database.close()
    assert platform_id is not None
    return platform_id


def open_test(stage: Stage, page: Page) -> None:
    platform_id = let_it_be_tested(stage)
    page.goto(f"{stage.tool_url}/admin")
    page.get_by_label("E-mail").fill(GRACE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{stage.tool_url}/admin/platforms/{platform_id}/check")


def test_the_page_tells_step_by_step(stage: Stage, browsers: Browsers) -> None:
    stage.passback("operator", "add", GRACE, typed=PASSWORD)
    stage.finish(AMARA, FRACTIONS, "fractions-quiz")
    page = browsers.open(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    open_test(stage, page)
    page.get_by_role("button", name="Test the connection").click()

    expect(page.get_by_role("status")).to_contain_text("Nothing is broken.")
    for name in ("Permission to send scores", "Our public keys", "Pages inside the LMS", "Class list of a course"):
        step = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))
        expect(step).to_contain_text("Good")
    check_width(page, 360)
    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)


def test_the_command_says_so_by_its_status(stage: Stage) -> None:
    let_it_be_tested(stage)
    fine = stage.passback("platform", "check", "Demo LMS")
    assert "Public keys of the LMS" in fine.stdout

    stage.set_mood("down")
    let_it_be_tested(stage)
    down = stage.passback("platform", "check", "Demo LMS", check=False)
    stage.set_mood("fine")

    assert down.returncode == 1
    assert "BAD" in down.stdout
    assert stage.passback("platform", "check", "Another LMS", check=False).returncode == 2
