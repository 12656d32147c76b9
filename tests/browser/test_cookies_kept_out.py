"""Browsers that keep third-party cookies out, and one that keeps every cookie of a framed page out."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Browsers, activity_url, answer_everything
from tests.browser.cookie_site import cookie_site, framed_cookies
from tests.cast import FRACTIONS, HANA
from tests.stage import Stage


def test_this_chromium_keeps_third_party_cookies_out(browsers: Browsers) -> None:
    """What the other stories here stand on: a cookie of a framed site comes back only if it is partitioned."""
    page = browsers.open()
    with cookie_site() as port:
        expect(framed_cookies(page, port)).to_have_text("came: parted=1")

        for _ in ("sets them", "sends them"):
            page.goto(f"http://localhost:{port}/inner")

    expect(page.get_by_text("came:")).to_have_text("came: plain=1; parted=1")


def test_a_frame_without_any_cookie_offers_a_new_window(
    stage: Stage, browsers: Browsers, strict_browser: BrowserContext
) -> None:
    page = browsers.watch(strict_browser).new_page()
    page.goto(activity_url(stage, HANA, FRACTIONS))
    frame = page.frame_locator("iframe.tool")
    expect(frame.get_by_role("heading")).to_have_text("This needs a window of its own")

    with strict_browser.expect_page() as opening:
        frame.get_by_role("link", name="Open in a new window").click()
    window = opening.value

    # The LMS lets a login through once only: this is the very one that began in the frame.
    expect(window.get_by_text("0 of 8 answered")).to_be_visible()
    answer_everything(window)
    window.get_by_role("button", name="Submit").click()
    expect(window.get_by_text("In Demo LMS since")).to_be_visible()
    assert stage.wait_for_cell(HANA, FRACTIONS)["score"] == 20
