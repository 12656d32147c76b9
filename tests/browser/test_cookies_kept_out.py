"""Browsers that keep third-party cookies out, and one that keeps every cookie of a framed page out."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.conftest import ARGUMENTS, Browsers, activity_url, answer_everything
from tests.cast import FRACTIONS, HANA
from tests.conftest import CHROMIUM
from tests.stage import Stage

COOKIES = ("plain=1; Path=/; Secure; SameSite=None", "parted=1; Path=/; Secure; SameSite=None; Partitioned")


class CookieSite(BaseHTTPRequestHandler):
    """/outer shows /inner of another site in a frame; /inner sets two cookies and writes which ones came."""

    def do_GET(self) -> None:
        came = self.headers.get("Cookie", "none")
        port = self.headers["Host"].partition(":")[2]
        frame = f'<iframe src="http://localhost:{port}/inner"></iframe>'
        body = (frame if self.path == "/outer" else f"<p>came: {came}</p>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        for cookie in COOKIES if self.path == "/inner" else ():
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_line: object) -> None:
        return


@pytest.fixture
def cookie_site() -> Iterator[int]:
    """Its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), CookieSite)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def strict_browser(playwright_here: Playwright, stage: Stage, tmp_path: Path) -> Iterator[BrowserContext]:
    """The user forbids Passback every cookie, partitioned ones too, while it stands in a page of the LMS."""
    pattern = f"{stage.tool_url},{stage.lms_url}"
    forbidden = {"profile": {"content_settings": {"exceptions": {"cookies": {pattern: {"setting": 2}}}}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(forbidden))
    chromium = playwright_here.chromium
    context = chromium.launch_persistent_context(tmp_path, executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield context
    context.close()


def test_this_chromium_keeps_third_party_cookies_out(browsers: Browsers, cookie_site: int) -> None:
    """What the other stories here stand on: a cookie of a framed site comes back only if it is partitioned."""
    page = browsers.open()
    for _ in ("sets them", "sends them"):
        page.goto(f"http://127.0.0.1:{cookie_site}/outer")
    framed = page.frame_locator("iframe").get_by_text("came:")
    expect(framed).to_have_text("came: parted=1")

    for _ in ("sets them", "sends them"):
        page.goto(f"http://localhost:{cookie_site}/inner")

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
