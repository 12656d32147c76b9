"""Every page of Ada's passes axe in light and dark, fits a phone, and its console stays silent."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ada import Screen, finish, hand_in_with_blanks, type_grade
from tests.browser.conftest import Browsers, check_width, check_with_axe
from tests.cast import AMARA, BEN, CLEO, DIEGO, ESSAY, FATIMA, FRACTIONS, HANA, ISAAC, JAYA
from tests.conftest import opened
from tests.stage import Stage
from tests.teacher import Teacher

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from opened(Stage(tmp_path_factory.mktemp("stage")))


@pytest.fixture(scope="module")
def fractions(stage: Stage) -> Teacher:
    """Ada before a class in which nearly everything has happened."""
    ada = finish(stage, BEN, CLEO, DIEGO, FATIMA)
    ada.press(f"grades/{ada.member_id(CLEO)}/override", ("score", "14.5"), ("reason", "makes up lab"))
    ada.send(CLEO)
    ada.wait_for(CLEO, "Successful")
    ada.press(f"grades/{ada.member_id(DIEGO)}/override", ("score", "25"), ("above", "yes"))
    ada.press(f"grades/{ada.member_id(JAYA)}/excused", ("excused", "yes"))
    hand_in_with_blanks(stage, FRACTIONS, "fractions-quiz", HANA, ISAAC)
    stage.set_mood("refuse")
    ada.send(ISAAC)
    ada.wait_for(ISAAC, "Error")
    stage.set_mood("fine")
    type_grade(stage, FATIMA, 7)
    ada.press("grades/refresh")
    ada.wait_for(FATIMA, "Changed in the LMS")
    return ada


@pytest.fixture(scope="module")
def essay(stage: Stage) -> Teacher:
    hand_in_with_blanks(stage, ESSAY, "my-number-story", AMARA)
    return Teacher(stage, ESSAY)


def go_to(page: Page, ada: Teacher, path: str, words: str) -> None:
    """The page of Ada's launch, with what proves that it is this one."""
    cookies = [
        {"name": name, "value": value, "domain": "localhost", "path": "/", "secure": True}
        for site in ada.browser.cookies.values()
        for name, value in site.items()
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{ada.base}/{path}")
    expect(page.get_by_text(words).first).to_be_visible()


def open_grades(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, fractions, "grades", "Replace with 20")


def open_override_panel(page: Page, fractions: Teacher, essay: Teacher) -> None:
    open_grades(page, fractions, essay)
    Screen(page).row(DIEGO).get_by_role("link", name="Change").click()
    expect(page.get_by_label("It may be more than the maximum")).to_be_visible()


def open_error_panel(page: Page, fractions: Teacher, essay: Teacher) -> None:
    open_grades(page, fractions, essay)
    Screen(page).row(ISAAC).get_by_role("link", name="View error").click()
    page.get_by_text("What Demo LMS answered").click()
    expect(page.get_by_label("For the help desk")).to_be_visible()


def open_menu(page: Page, fractions: Teacher, essay: Teacher) -> None:
    open_grades(page, fractions, essay)
    page.locator("details.menu summary").click()
    expect(page.get_by_role("button", name="Zeros for missing work …")).to_be_visible()


def open_preview(page: Page, fractions: Teacher, essay: Teacher) -> None:
    open_grades(page, fractions, essay)
    screen = Screen(page)
    page.get_by_label("Choose all").check()
    screen.press("Preview")
    expect(page.get_by_role("heading", name="Left out", exact=True)).to_be_visible()


def open_history(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, fractions, "history", "Runs")
    page.locator("tr[id^=run-] a").first.click()
    expect(page.get_by_text("Not delivered")).to_be_visible()


def open_preflight(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, fractions, "preflight", "Will the scores find their way?")


def open_course(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, fractions, "course/grades", "Status log")


def open_digest(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, fractions, "course/digest", "These need you")


def open_queue(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, essay, "grading", "1 of 1 left")


def open_question(page: Page, fractions: Teacher, essay: Teacher) -> None:
    open_queue(page, fractions, essay)
    page.get_by_role("link", name="Grade 1 answer").click()
    expect(page.get_by_label("Feedback for the student")).to_be_visible()


def open_submission(page: Page, fractions: Teacher, essay: Teacher) -> None:
    open_queue(page, fractions, essay)
    page.get_by_role("link", name=AMARA.name).click()
    expect(page.get_by_role("button", name="Give back")).to_be_visible()


def open_settings(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, essay, "settings", "When questions are left blank")


def open_key(page: Page, fractions: Teacher, essay: Teacher) -> None:
    go_to(page, essay, "settings/key", "Save answer key")


PAGES = [
    open_grades,
    open_override_panel,
    open_error_panel,
    open_menu,
    open_preview,
    open_history,
    open_preflight,
    open_course,
    open_digest,
    open_queue,
    open_question,
    open_submission,
    open_settings,
    open_key,
]


@pytest.mark.parametrize("opened_page", PAGES, ids=[one.__name__.removeprefix("open_") for one in PAGES])
def test_axe_finds_nothing_and_a_phone_scrolls_only_downwards(
    fractions: Teacher, essay: Teacher, browsers: Browsers, opened_page: Callable[[Page, Teacher, Teacher], None]
) -> None:
    page = browsers.open(viewport=PHONE, reduced_motion="reduce")
    opened_page(page, fractions, essay)
    check_width(page, PHONE["width"])

    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    check_with_axe(page, {"runOnly": ["color-contrast"]})
