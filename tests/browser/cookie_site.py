"""A site that shows which cookies a browser gives back: what a story about cookies stands on."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Locator, Page

COOKIES = ("plain=1; Path=/; Secure; SameSite=None", "parted=1; Path=/; Secure; SameSite=None; Partitioned")


class CookieSite(BaseHTTPRequestHandler):
    """/outer shows /inner of another site in a frame; /inner sets two cookies and writes which ones came."""

    def do_GET(self) -> None:
        came = self.headers.get("Cookie", "none")
        port = self.headers["Host"].partition(":")[2]
        frame = f'<iframe src="http://localhost:{port}/inner"></iframe>'
        # Without this the browser asks for an icon of its own accord, maybe after the site has closed.
        head = '<!doctype html><link rel="icon" href="data:,">'
        body = (head + (frame if self.path == "/outer" else f"<p>came: {came}</p>")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        for cookie in COOKIES if self.path == "/inner" else ():
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_line: object) -> None:
        return


@contextmanager
def cookie_site() -> Iterator[int]:
    """Its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), CookieSite)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def framed_cookies(page: Page, port: int) -> Locator:
    """The line that says which cookies came back from within a frame of another site."""
    for _ in ("sets them", "sends them"):
        page.goto(f"http://127.0.0.1:{port}/outer")
    return page.frame_locator("iframe").get_by_text("came:")
