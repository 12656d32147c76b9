"""Grace looks after the installation in a real browser: by keyboard, on a phone, and until the score has arrived."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from tests.browser.conftest import Browsers, check_width, check_with_axe, tab_to
from tests.cast import FRACTIONS, HANA, ISAAC, MATEUSZ, Someone
from tests.operators import GRACE, PASSWORD
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tool.clock import now
from tool.db import Database
from tool.model.errands import Errand

OVERVIEW, LIST, ERRANDS = "Overview", "Needs a person", "Failed errands"


@pytest.fixture(scope="module", autouse=True)
def grace_is_hired(stage: Stage) -> None:
    stage.passback("operator", "add", GRACE, typed=PASSWORD)


@pytest.fixture(autouse=True)
def in_a_good_mood_afterwards(stage: Stage) -> Iterator[None]:
    yield
    stage.set_mood("fine")


def be_refused(stage: Stage, someone: Someone) -> None:
    """Someone's score needs a person, though the LMS takes scores again."""
    stage.set_mood("refuse")
    browser = ScriptedBrowser()
    stage.hand_in(browser, stage.arrive(browser, someone, FRACTIONS), right_answers("fractions-quiz"))
    wait_until(lambda: stage.scores_sent(someone), 45)
    stage.set_mood("fine")


def give_up_an_errand(stage: Stage) -> None:
    at = now()
    given_up = {"kind": "roster", "subject_id": 4711, "tries": 6, "failure": "scope_missing"}
    database = Database(stage.database_url)
    with database.writing() as connection:
        connection.execute(insert(Errand).values(**given_up, asked_at=at, finished_at=at))
    database.close()


def sign_in(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.tool_url}/admin")
    page.get_by_label("E-mail").fill(GRACE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OVERVIEW)


def test_from_the_keyboard_alone_until_the_score_has_arrived(stage: Stage, browsers: Browsers) -> None:
    be_refused(stage, HANA)
    page = browsers.open()
    page.goto(f"{stage.tool_url}/admin")
    page.keyboard.type(GRACE)  # the field has the focus already
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(OVERVIEW)
    expect(page.get_by_role("article", name="Demo LMS")).to_contain_text("Needs a person")
    expect(page.get_by_text("1 is alive")).to_be_visible()

    tab_to(page, page.get_by_role("navigation").get_by_role("link", name=LIST))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(LIST)
    expect(page.get_by_text(HANA.name)).to_have_count(0)
    tab_to(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Retry the chosen ones"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Tried again now: 1")
    assert stage.wait_for_cell(HANA, FRACTIONS)["score"] == 20
    tab_to(page, page.get_by_role("button", name="Sign out"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_keeps_the_address_and_says_so(stage: Stage, browsers: Browsers) -> None:
    browsers.expect_complaint("status of 401")
    page = browsers.open()
    page.goto(f"{stage.tool_url}/admin")
    page.get_by_label("E-mail").fill(GRACE)
    page.get_by_label("Password").fill("wrong for certain")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_have_text("That e-mail and password do not belong together.")
    expect(page.get_by_label("E-mail")).to_have_value(GRACE)
    expect(page.get_by_label("Password")).to_be_focused()
    browsers.listens = False
    check_with_axe(page)


def test_it_works_without_javascript(stage: Stage, browsers: Browsers) -> None:
    be_refused(stage, MATEUSZ)
    page = browsers.open(java_script_enabled=False)
    sign_in(stage, page)
    page.get_by_role("link", name=LIST).click()
    page.get_by_role("button", name="Retry all of not_enrolled in Demo LMS").click()

    expect(page.get_by_role("status")).to_contain_text("Tried again now")
    assert stage.wait_for_cell(MATEUSZ, FRACTIONS)["score"] == 20


def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(stage: Stage, browsers: Browsers) -> None:
    be_refused(stage, ISAAC)
    give_up_an_errand(stage)
    page = browsers.open(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    page.goto(f"{stage.tool_url}/admin/sign-in")
    check_everywhere(page, browsers)
    page.set_viewport_size({"width": 360, "height": 640})
    sign_in(stage, page)
    for name in (OVERVIEW, LIST, ERRANDS):
        page.set_viewport_size({"width": 360, "height": 640})
        page.emulate_media(color_scheme="light")
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        check_everywhere(page, browsers)


def check_everywhere(page: Page, browsers: Browsers) -> None:
    """On a phone by day, on a desk by night."""
    check_width(page, 360)
    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 800})
    check_with_axe(page)
    browsers.listens = True
