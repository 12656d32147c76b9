"""Grace looks after the installation: her browser, her sign-in, her pages."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.desk import Desk
from tool.admin.operators import add_operator
from tool.db import Database

GRACE = "grace@example.org"
PASSWORD = "correct horse battery"
SESSION_COOKIE = "__Host-passback-operator"
WRONG_PASSWORD = "incorrect horse battery"


def hire(database: Database, email: str = GRACE, password: str = PASSWORD) -> None:
    add_operator(database, email, password)


@dataclass
class Operator:
    """Somebody in front of the operator's pages, signed in or not; `source` is where the requests come from."""

    desk: Desk
    source: str = "192.0.2.1"

    def __post_init__(self) -> None:
        self.browser: FlaskClient = self.desk.browser()
        self.origin: str = self.desk.parts.settings.base_url

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path, base_url=self.origin, environ_base={"REMOTE_ADDR": self.source})

    def post(self, path: str, headers: Mapping[str, str] | None = None, /, **fields: Any) -> TestResponse:
        return self.browser.post(
            path,
            data=fields,
            base_url=self.origin,
            headers={"Origin": self.origin, **(headers or {})},
            environ_base={"REMOTE_ADDR": self.source},
        )

    def sign_in(self, email: str = GRACE, password: str = PASSWORD) -> TestResponse:
        door = self.get("/admin/sign-in")
        return self.post("/admin/sign-in", csrf=mark_of(door), email=email, password=password)

    def open(self, path: str = "/admin") -> str:
        """A page, which must open."""
        answer = self.get(path)
        assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"), answer.text[:300])
        return answer.text

    def press(self, path: str, /, **fields: Any) -> TestResponse:
        """A button of a page: with the mark that its form carries."""
        return self.post(path, csrf=mark_of(self.get("/admin")), **fields)

    def token(self) -> str:
        """What the browser holds of the session."""
        host = urlsplit(self.origin).hostname or ""
        kept = self.browser.get_cookie(SESSION_COOKIE, domain=host)
        assert kept is not None
        return kept.value

    def hold(self, token: str) -> None:
        """The browser presents this from now on."""
        self.browser.set_cookie(SESSION_COOKIE, token, domain=urlsplit(self.origin).hostname or "")

    def is_signed_in(self) -> bool:
        return self.get("/admin").status_code == 200


def at_work(desk: Desk) -> Operator:
    """Grace, signed in."""
    hire(desk.database)
    grace = Operator(desk)
    assert grace.sign_in().status_code == 303
    return grace


def mark_of(page: TestResponse) -> str:
    """What a page's forms carry to prove where they come from; nothing where there is none."""
    found = re.search(r'name="csrf" value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


def words(page: str) -> str:
    """What is read on a page, in one line."""
    reader = _WordReader()
    reader.feed(page)
    return " ".join(" ".join(reader.words).split())


class _WordReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
