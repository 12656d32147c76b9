"""Ada at the Grade Passback screen, in a Chromium that keeps third-party cookies out; what the LMS holds decides."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.ada import Screen, finish, hand_in_with_blanks, open_screen, score_in_lms, type_grade, wait_for_score
from tests.browser.conftest import Browsers, activity_url, tab_to
from tests.cast import (
    ADA,
    AMARA,
    BEN,
    CLEO,
    DIEGO,
    FATIMA,
    FRACTIONS,
    HANA,
    ISAAC,
    JAYA,
    LINH,
    MATEUSZ,
    SIOBHAN,
    WARM_UP,
    ZOE,
    Someone,
)
from tests.conftest import opened
from tests.stage import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Shared by these stories only: each has its own students, and leaves the link's switches as they were."""
    yield from opened(Stage(tmp_path_factory.mktemp("stage")))


@pytest.fixture(autouse=True)
def fine_afterwards(stage: Stage) -> Iterator[None]:
    yield
    stage.set_mood("fine")


def test_the_chosen_students_are_sent_and_the_rows_follow(stage: Stage, browsers: Browsers) -> None:
    hand_in_with_blanks(stage, WARM_UP, "warm-up", BEN, CLEO, AMARA)
    screen = open_screen(stage, browsers, WARM_UP)
    for one in (BEN, CLEO, AMARA):
        expect(screen.row(one)).to_contain_text("Not yet sent")
    stage.set_mood("slow", delay_seconds=1)

    screen.send(BEN, CLEO)

    expect(screen.tool.get_by_role("progressbar")).to_be_visible()
    expect(screen.tool.get_by_role("status")).to_contain_text("you can leave this page")
    screen.row(BEN).evaluate("row => { row.wasHereBefore = true }")
    expect(screen.tool.get_by_role("status")).to_contain_text("2 of 2 sent")
    for one in (BEN, CLEO):
        expect(screen.row(one)).to_contain_text("Successful")
        assert 0 < stage.wait_for_cell(one, WARM_UP)["score"] < 5
    assert screen.row(BEN).evaluate("row => row.wasHereBefore"), "the row changed in place"
    expect(screen.tool.get_by_role("progressbar")).to_have_count(0)
    assert stage.cell(AMARA, WARM_UP) is None


def test_an_override_is_seen_in_the_lms_only(stage: Stage, browsers: Browsers) -> None:
    finish(stage, BEN)
    screen = open_screen(stage, browsers)

    screen.override(BEN, "14,5", "makes up lab")
    expect(screen.row(BEN)).to_contain_text("Changed since sent")
    expect(screen.row(BEN)).to_contain_text("“makes up lab”")
    assert score_in_lms(stage, BEN) == 20, "nothing goes before she sends it"
    screen.send(BEN)

    wait_for_score(stage, BEN, 14.5)
    expect(screen.row(BEN)).to_contain_text("Successful")
    expect(screen.row(BEN).locator("[data-label='Score here']")).to_have_text("20 of 20")
    expect(screen.row(BEN).locator("[data-label='To send']")).to_contain_text("14.5")


def test_complete_or_incomplete_with_one_flip(stage: Stage, browsers: Browsers) -> None:
    hand_in_with_blanks(stage, WARM_UP, "warm-up", MATEUSZ, SIOBHAN)
    screen = open_screen(stage, browsers, WARM_UP)

    screen.press_in_menu("Complete/incomplete instead of points")
    expect(screen.tool.get_by_text("Complete or incomplete instead of points")).to_be_visible()
    screen.press("Count as incomplete", screen.row(SIOBHAN))
    expect(screen.row(SIOBHAN).get_by_role("button", name="Count as complete")).to_be_visible()
    screen.send(MATEUSZ, SIOBHAN)

    wait_for_score(stage, MATEUSZ, 5, WARM_UP)
    wait_for_score(stage, SIOBHAN, 0, WARM_UP)
    screen.press("Back to points")
    expect(screen.row(MATEUSZ)).to_contain_text("Changed since sent")
    assert score_in_lms(stage, MATEUSZ, WARM_UP) == 5, "nothing goes by itself"


@pytest.mark.parametrize(
    ("someone", "button", "in_the_lms", "to_send"),
    [(CLEO, "Keep 7", 7, "20"), (DIEGO, "Replace with 20", 20, "20"), (FATIMA, "Use 7 here too", 7, "7")],
    ids=["keep", "replace", "use"],
)
def test_a_grade_edited_in_the_lms_is_held(
    stage: Stage, browsers: Browsers, someone: Someone, button: str, in_the_lms: int, to_send: str
) -> None:
    finish(stage, someone)
    type_grade(stage, someone, 7)
    screen = open_screen(stage, browsers)
    screen.press("Refresh from Demo LMS")
    row = screen.row(someone)
    expect(row).to_contain_text("Changed in the LMS")
    assert score_in_lms(stage, someone) == 7

    screen.press(button, row)

    expect(row).to_contain_text("Successful")
    wait_for_score(stage, someone, in_the_lms)
    expect(row.locator("[data-label='To send']")).to_contain_text(to_send)


def test_undo_restores_the_old_value(stage: Stage, browsers: Browsers) -> None:
    ada = finish(stage, HANA)
    ada.press(f"grades/{ada.member_id(HANA)}/override", ("score", "3"))
    screen = open_screen(stage, browsers)
    screen.send(HANA)
    wait_for_score(stage, HANA, 3)
    expect(screen.row(HANA)).to_contain_text("Successful")

    screen.press_in_menu("Undo last send")

    wait_for_score(stage, HANA, 20)
    expect(screen.tool.get_by_role("status")).to_contain_text("1 of 1 put back")


def test_an_error_is_read_mended_and_tried_again(stage: Stage, browsers: Browsers) -> None:
    stage.set_mood("refuse")
    hand_in_with_blanks(stage, FRACTIONS, "fractions-quiz", ISAAC)
    screen = open_screen(stage, browsers)
    screen.send(ISAAC)
    row = screen.row(ISAAC)
    expect(row).to_contain_text("Error")

    row.get_by_role("link", name="View error").click()
    panel = screen.tool.get_by_role("region", name="does not know Isaac Goldberg")
    for heading in ("Why", "Who can fix it", "Then"):
        expect(panel.get_by_text(heading, exact=True)).to_be_visible()
    panel.get_by_text("What Demo LMS answered").click()
    ticket = panel.get_by_label("For the help desk").input_value()
    assert ticket
    assert "Isaac" not in ticket
    screen.tool.get_by_role("link", name="Overview").click()
    expect(screen.tool.get_by_role("heading", name="Fractions quiz")).to_be_visible()
    expect(screen.tool.get_by_text("An error waits for you")).to_have_count(0)

    screen.tool.get_by_role("link", name="Grade Passback").click()
    row.get_by_role("link", name="View error").click()
    stage.set_mood("fine")
    screen.press("Try again", panel)

    assert 0 < stage.wait_for_cell(ISAAC, FRACTIONS)["score"] < 20
    expect(row).to_contain_text("Successful")


def test_opting_out_and_back(stage: Stage, browsers: Browsers) -> None:
    screen = open_screen(stage, browsers, WARM_UP)
    screen.press_in_menu("Switch passback off for this link")
    expect(screen.tool.get_by_text("Passback is switched off for this link")).to_be_visible()
    expect(screen.tool.locator("[data-send]")).to_have_count(0)
    hand_in_with_blanks(stage, WARM_UP, "warm-up", HANA)
    expect(screen.row(HANA)).to_contain_text("Opted out")

    screen.press("Switch passback on")
    expect(screen.row(HANA)).to_contain_text("Not yet sent")
    assert stage.cell(HANA, WARM_UP) is None, "switching on again sends nothing by itself"
    screen.send(HANA)

    stage.wait_for_cell(HANA, WARM_UP)
    expect(screen.row(HANA)).to_contain_text("Successful")


def test_zeros_for_missing_work_and_back(stage: Stage, browsers: Browsers) -> None:
    screen = open_screen(stage, browsers)
    expect(screen.row(ZOE)).to_contain_text("Not launched")

    screen.press_in_menu("Zeros for missing work …")
    expect(screen.tool.get_by_role("row", name=ZOE.name)).to_contain_text("nothing handed in")
    screen.choose(ZOE)
    screen.press("Send 1 zero")
    expect(screen.row(ZOE)).to_contain_text("Successful")
    wait_for_score(stage, ZOE, 0)
    assert stage.cell(MATEUSZ, FRACTIONS) is None, "whom she unticked gets no zero"
    screen.press_in_menu("Undo last send")
    wait_for_score(stage, ZOE, None)


def test_the_preview_shows_old_and_new(stage: Stage, browsers: Browsers) -> None:
    ada = finish(stage, AMARA)
    ada.press(f"grades/{ada.member_id(AMARA)}/override", ("score", "14.5"))
    screen = open_screen(stage, browsers)
    screen.choose(AMARA)

    screen.press("Preview")

    expect(screen.tool.get_by_role("heading", name="1 grade would change")).to_be_visible()
    line = screen.tool.get_by_role("row", name=AMARA.name)
    expect(line.locator("[data-label='In Demo LMS now']")).to_have_text("20")
    expect(line.locator("[data-label='After sending']")).to_have_text("→ 14.5 of 20")
    assert score_in_lms(stage, AMARA) == 20
    screen.press("Send 1 grade")
    wait_for_score(stage, AMARA, 14.5)


def test_from_the_keyboard_alone(stage: Stage, browsers: Browsers) -> None:
    hand_in_with_blanks(stage, FRACTIONS, "fractions-quiz", JAYA)
    page = browsers.open()
    page.goto(activity_url(stage, ADA, FRACTIONS, window="1"))
    tab_to(page, page.get_by_role("link", name="Grade Passback"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type("jaya")
    page.keyboard.press("Enter")
    expect(page.locator("tr[id^=student-]")).to_have_count(1)

    tick = page.get_by_role("checkbox", name=JAYA.name)
    tab_to(page, tick)
    if tick.is_checked():
        page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Send chosen grades")).to_be_disabled()
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Send 1 grade"))
    page.keyboard.press("Enter")

    stage.wait_for_cell(JAYA, FRACTIONS)
    expect(Screen(page).row(JAYA)).to_contain_text("Successful")


def test_without_scripts(stage: Stage, browsers: Browsers) -> None:
    ada = finish(stage, LINH)
    page = browsers.open(java_script_enabled=False)
    page.goto(activity_url(stage, ADA, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    for step in ("login", "launch"):
        tool.locator(f"form[action$='/lti/{step}']").get_by_role("button", name="Continue").click()
    tool.get_by_role("link", name="Grade Passback").click()
    screen = Screen(tool)

    screen.override(LINH, "12", "late work")
    expect(screen.row(LINH)).to_contain_text("Changed since sent")
    tool.get_by_role("searchbox").fill("Linh")
    screen.press("Find")
    expect(tool.get_by_role("checkbox", name=LINH.name)).to_be_checked()
    screen.press("Send 1 grade")

    wait_for_score(stage, LINH, 12)
    ada.wait_for(LINH, "Successful")  # this page does not change by itself
    tool.get_by_role("link", name="Grade Passback").click()
    expect(screen.row(LINH)).to_contain_text("Successful")
