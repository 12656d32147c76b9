"""A student's work comes home whatever the browser does with cookies, and whatever the LMS does with what it keeps."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, FrameLocator, Page, Playwright, expect

from tests.browser.conftest import (
    PATIENCE_MS,
    Browsers,
    activity_url,
    answer_everything,
    chromium_of_its_own,
    wait_until_saved,
)
from tests.browser.cookie_site import cookie_site, framed_cookies
from tests.cast import ADA, AMARA, BEN, CLEO, DIEGO, FATIMA, FRACTIONS, HANA, ISAAC, JAYA, LINH, Someone
from tests.stage import Stage

PLACES = [pytest.param(False, FATIMA, id="the page itself keeps it"), pytest.param(True, BEN, id="a frame beside")]
LIES = [
    pytest.param("other_origin", id="answers from another origin"),
    pytest.param("other_message", id="answers to another message"),
    pytest.param("changed", id="changed values"),
    pytest.param("error", id="error objects"),
    pytest.param("silent", id="silence"),
    pytest.param("unable", id="capabilities without storage"),
]


@pytest.fixture
def lenient_browser(playwright_here: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """Third-party cookies are allowed, as they used to be everywhere."""
    profile = {"cookie_controls_mode": 0, "block_third_party_cookies": False}
    with chromium_of_its_own(playwright_here, tmp_path / "lenient", profile) as context:
        yield context


@pytest.fixture(autouse=True)
def plain_storage(stage: Stage) -> Iterator[None]:
    """Storage is offered and kept, unless the story says otherwise."""
    keep(stage, "kept")
    yield
    keep(stage, "none")


def keep(stage: Stage, how: str, *, beside: bool = False) -> None:
    stage.lms("POST", "/control/settings", storage=how, storage_beside=beside)


def open_activity(page: Page, stage: Stage, someone: Someone) -> FrameLocator:
    page.goto(activity_url(stage, someone, FRACTIONS), wait_until="commit", timeout=PATIENCE_MS / 3)
    return page.frame_locator("iframe.tool")


def come_in(
    context: BrowserContext, stage: Stage, someone: Someone, sign: str = "fieldset.question"
) -> tuple[Page, FrameLocator]:
    """The LMS's page, once the tool's page with this sign is in its frame. Two seconds without an answer lead to a
    window instead, and a busy machine, with a browser just started, may be silent so long, or lose sight of a frame:
    the link is opened again in a new tab, as a student would."""
    stood_at = []
    for _ in range(3):
        page = context.new_page()
        try:
            tool = open_activity(page, stage, someone)
            # The way to a window stands in the page until its script has run, which nobody sees and a driver does.
            expect(tool.locator(sign).first).to_be_visible(timeout=PATIENCE_MS / 3)
            return page, tool
        except (AssertionError, Error):
            stood_at.append([frame.url for frame in page.frames])
            page.close()
    raise AssertionError(f"it never came in: {stood_at}")


def address(page: Page) -> str:
    """Where the tool's frame stands."""
    frame = page.frame("tool")
    assert frame
    return frame.url


def finish(stage: Stage, tool: FrameLocator, someone: Someone) -> None:
    """Answer, see it saved, submit, and see the grade arrive."""
    answer_everything(tool)
    expect(tool.get_by_text("8 of 8 answered")).to_be_visible()
    wait_until_saved(tool)
    tool.get_by_role("button", name="Submit").click()
    expect(tool.get_by_text("20 of 20")).to_be_visible()
    expect(tool.get_by_text("In Demo LMS since")).to_be_visible()
    assert stage.wait_for_cell(someone, FRACTIONS)["score"] == 20


@pytest.mark.parametrize(("beside", "someone"), PLACES)
def test_a124_without_any_cookie_the_grade_comes_home_in_the_frame(
    stage: Stage, browsers: Browsers, strict_browser: BrowserContext, beside: bool, someone: Someone
) -> None:
    keep(stage, "kept", beside=beside)
    page, tool = come_in(browsers.watch(strict_browser), stage, someone)
    finish(stage, tool, someone)

    for step in ("history.back()", "location.reload()"):
        frame = page.frame("tool")
        assert frame
        with page.expect_response(re.compile(r"/l/[^/]+/result$")) as answered:
            frame.evaluate(f"void setTimeout(() => {step}, 50)")
        assert answered.value.status == 200, step
        expect(tool.get_by_text("20 of 20")).to_be_visible()
    assert [one for one in strict_browser.cookies() if "passback" in one["name"]] == []
    assert len(strict_browser.pages) == 1 + 1, "the browser's own first page and this one: no window was needed"


@pytest.mark.parametrize("how", LIES)
def test_a125_and_a127_an_lms_that_lies_gets_a_new_window(
    stage: Stage, browsers: Browsers, strict_browser: BrowserContext, how: str
) -> None:
    keep(stage, how)
    page = browsers.watch(strict_browser).new_page()
    tool = open_activity(page, stage, HANA)
    expect(tool.get_by_role("heading", name="This needs a window of its own")).to_be_visible()

    with strict_browser.expect_page() as opening:
        tool.get_by_role("link", name="Open in a new window").click()

    expect(opening.value.get_by_text("of 8 answered").first).to_be_visible()


def test_a126_an_lms_that_lies_late_is_refused(
    stage: Stage, browsers: Browsers, strict_browser: BrowserContext
) -> None:
    keep(stage, "changed_later")
    browsers.expect_complaint("400")
    _, tool = come_in(browsers.watch(strict_browser), stage, ISAAC, "code.reference")

    expect(tool.get_by_role("heading")).to_have_text("This launch began in another browser.")
    expect(tool.locator("code.reference")).to_be_visible()


def test_without_storage_on_offer_a_new_window_it_is(
    stage: Stage, browsers: Browsers, strict_browser: BrowserContext
) -> None:
    keep(stage, "none")
    page = browsers.watch(strict_browser).new_page()
    tool = open_activity(page, stage, JAYA)

    with strict_browser.expect_page() as opening:
        tool.get_by_role("link", name="Open in a new window").click()
    window = opening.value

    expect(window.get_by_text("0 of 8 answered")).to_be_visible()
    answer_everything(window)
    window.get_by_role("button", name="Submit").click()
    expect(window.get_by_text("In Demo LMS since")).to_be_visible()
    assert stage.wait_for_cell(JAYA, FRACTIONS)["score"] == 20


def test_where_cookies_are_partitioned_no_page_carries_a_token(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open()

    tool = open_activity(page, stage, CLEO)

    expect(tool.get_by_text("0 of 8 answered")).to_be_visible()
    assert "." not in address(page).removeprefix(stage.tool_url)
    finish(stage, tool, CLEO)


def test_where_cookies_are_allowed_no_page_carries_a_token(
    stage: Stage, browsers: Browsers, lenient_browser: BrowserContext
) -> None:
    page = browsers.watch(lenient_browser).new_page()
    with cookie_site() as port:
        expect(framed_cookies(page, port)).to_have_text(re.compile("plain=1"))

    tool = open_activity(page, stage, DIEGO)

    expect(tool.get_by_text("0 of 8 answered")).to_be_visible()
    assert "." not in address(page).removeprefix(stage.tool_url)
    finish(stage, tool, DIEGO)


def test_an_address_that_was_copied_opens_nothing(
    stage: Stage, browsers: Browsers, strict_browser: BrowserContext
) -> None:
    browsers.expect_complaint("401")
    page, tool = come_in(browsers.watch(strict_browser), stage, AMARA)
    expect(tool.get_by_text("0 of 8 answered")).to_be_visible()
    copied = address(page)
    assert re.fullmatch(r"/l/[\w-]+\.[0-9a-f]+\.[\w-]{43}/work", copied.removeprefix(stage.tool_url))

    for other in (strict_browser.new_page(), browsers.open()):
        other.goto(copied)
        expect(other.get_by_role("heading")).to_have_text(
            "This page belongs to a launch that has ended or was opened in another browser."
        )


def test_a_teacher_works_without_any_cookie(stage: Stage, browsers: Browsers, strict_browser: BrowserContext) -> None:
    stage.finish(LINH, FRACTIONS, "fractions-quiz")
    page, tool = come_in(browsers.watch(strict_browser), stage, ADA, "header nav a")
    tool.get_by_role("link", name="Grade Passback").click()
    row = tool.get_by_role("row", name=re.compile("^Linh"))
    expect(row).to_be_visible()

    row.get_by_role("link", name=re.compile("^Change")).click()
    expect(tool.locator("#panel-score")).to_be_visible()
    tool.locator("#panel-score").fill("12")
    tool.get_by_role("button", name="Save for the next send").click()
    expect(row).to_contain_text("12")

    tool.get_by_role("searchbox").fill("linh")
    tool.get_by_role("searchbox").press("Enter")
    expect(row).to_be_visible()
    assert "." in address(page).removeprefix(stage.tool_url)
