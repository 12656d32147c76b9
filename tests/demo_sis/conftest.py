"""A sender's side of the talk with the demo SIS. Every answer is held against 1EdTech's own files as it comes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.sis.oracle import check_answer, check_request
from tool.demo_sis.server import create_sis
from tool.demo_sis.settings import EVERY_SCOPE, SCOPES_11, SCOPES_12, SisSettings
from tool.demo_sis.sis import CLIENT_ID, GRADEBOOK_12, ROOT_11, ROSTERING_12, SECRET, Sis

SIS_URL = "http://127.0.0.1:9100"
MATH, SCIENCE = "class-2201", "class-2305"
BEN, CLEO, DAN, ISAAC = "SIS-00100", "stu-2041", "SIS-00200", "SIS-00106"
HOMEWORK, QUIZZES = "cat-hw-2201", "cat-quiz-2201"
COLUMN, MARK = "d362f5ef-9b1a-5d70-a7e9-2015b8a68589", "4a0b0ca7-1e20-595f-87c3-b73a8623e225"
JSON = "application/json"


def in_days(days: int) -> str:
    """That many days from now, as a date-time of the standard."""
    moment = datetime.now(UTC) + timedelta(days=days)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Story:
    """One SIS and a sender with its token."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.sis: Sis = app.extensions["demo_sis.parts"]
        self.client: FlaskClient = app.test_client()
        self.roots = {"roster": ROSTERING_12, "book": GRADEBOOK_12}
        self.headers: dict[str, str] | None = None
        self.is_to_the_letter = True

    # ── the wire ─────────────────────────────────────────────────────────────────────────────────────────────────

    def ask_token(self, scopes: tuple[str, ...] = EVERY_SCOPE, secret: str = SECRET) -> TestResponse:
        prefix = SCOPES_11 if self.sis.is_old else SCOPES_12
        form = {"grant_type": "client_credentials", "scope": " ".join(prefix + one for one in scopes)}
        return self.client.post("/token", data=form, auth=(CLIENT_ID, secret), base_url=SIS_URL)

    def sign_in(self, *scopes: str) -> None:
        token = self.ask_token(scopes or EVERY_SCOPE).get_json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> TestResponse:
        """`path` is a path or one of our own addresses. Signs in by itself the first time."""
        if self.headers is None and headers is None:
            self.sign_in()
        sent = {**(headers if headers is not None else self.headers or {})}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent["Content-Type"] = JSON
        parts = urlsplit(path)
        answer = self.client.open(
            parts.path, query_string=parts.query, method=method, data=data, headers=sent, base_url=SIS_URL
        )
        if self.is_to_the_letter and answer.status_code != 405:
            held = answer.get_data() or None
            check_answer(method, f"{SIS_URL}{path}", answer.status_code, dict(answer.headers), held)
        return answer

    def check_sent(self, method: str, path: str, body: object) -> None:
        """Raises AssertionError for a request that is not the standard's."""
        headers = {"Authorization": "Bearer x", "Content-Type": JSON}
        check_request(method, f"{SIS_URL}{path}", headers, json.dumps(body).encode())

    def get(self, service: str, path: str) -> Any:
        """The body; the request has to go well."""
        answer = self.call("GET", self.roots[service] + path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def ids(self, service: str, path: str) -> list[str]:
        (records,) = self.get(service, path).values()
        return [one["sourcedId"] for one in records]

    # ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────

    def refer(self, kind: str, place: str, sourced_id: str) -> dict[str, str]:
        root = self.roots["book" if kind in ("category", "lineItem") else "roster"]
        return {"href": f"{SIS_URL}{root}/{place}/{sourced_id}", "sourcedId": sourced_id, "type": kind}

    def line_item(self, sourced_id: str = COLUMN, *, in_class: str = MATH, **changes: Any) -> dict[str, Any]:
        """The whole form, 1.2, of 20 points and due in a week; `changes` replaces, None takes away."""
        usual = {
            "sourcedId": sourced_id,
            "status": "active",
            "dateLastModified": in_days(0),
            "title": "Fractions check 4",
            "assignDate": in_days(-1),
            "dueDate": in_days(7),
            "class": self.refer("class", "classes", in_class),
            "school": self.refer("org", "orgs", "school-12"),
            "category": self.refer("category", "categories", HOMEWORK if in_class == MATH else "cat-hw-2305"),
            "gradingPeriod": self.refer("academicSession", "academicSessions", "gp-q2"),
            "resultValueMin": 0,
            "resultValueMax": 20,
            "metadata": {"toolItem": "item-58"},
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def result(self, sourced_id: str = MARK, student: str = BEN, **changes: Any) -> dict[str, Any]:
        """The whole form, 1.2, fully graded; `changes` replaces, None takes away."""
        usual = {
            "sourcedId": sourced_id,
            "status": "active",
            "dateLastModified": in_days(0),
            "lineItem": self.refer("lineItem", "lineItems", str(changes.pop("column", COLUMN))),
            "student": self.refer("user", "users", student),
            "class": self.refer("class", "classes", MATH),
            "scoreStatus": "fully graded",
            "score": 17.5,
            "scoreDate": in_days(0)[:10],
            "late": "true",
            "missing": "false",
            "incomplete": "false",
            "inProgress": "false",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def put_column(self, sourced_id: str = COLUMN, **changes: Any) -> TestResponse:
        sent = {"lineItem": self.line_item(sourced_id, **changes)}
        return self.call("PUT", f"{self.roots['book']}/lineItems/{sourced_id}", sent)

    def put_mark(self, sourced_id: str = MARK, student: str = BEN, **changes: Any) -> TestResponse:
        sent = {"result": self.result(sourced_id, student, **changes)}
        return self.call("PUT", f"{self.roots['book']}/results/{sourced_id}", sent)

    # ── control ──────────────────────────────────────────────────────────────────────────────────────────────────

    def order(self, path: str, **order: object) -> Any:
        answer = self.client.post(f"/control/{path}", json=order, base_url=SIS_URL)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def look(self, path: str) -> Any:
        return self.client.get(f"/control/{path}", base_url=SIS_URL).get_json()

    def columns(self, class_id: str = MATH) -> dict[str, dict[str, Any]]:
        """By title."""
        book = next(one for one in self.look("gradebook") if one["class"] == class_id)
        return {one["title"]: one for one in book["columns"]}

    def mark(self, student: str = BEN, title: str = "Fractions check 4") -> dict[str, Any]:
        found: dict[str, Any] = self.columns()[title]["results"].get(student, {})
        return found


def said(answer: TestResponse) -> str:
    """What the SIS says is wrong."""
    return str(answer.get_json()["imsx_description"])


@pytest.fixture(scope="session")
def app() -> Flask:
    """One SIS for all stories: building it takes longer than a story."""
    return create_sis(base_url=SIS_URL)


@pytest.fixture
def tell(app: Flask) -> Callable[..., Story]:
    """Starts a story with an SIS as if it had just been started: tell(is_strict=False)."""

    def start(**settings: Any) -> Story:
        story = Story(app)
        story.order("reset")
        story.sis.tokens.forget_all()
        story.sis.settings = SisSettings(**settings)
        if story.sis.is_old:
            story.roots = {"roster": ROOT_11, "book": ROOT_11}
        return story

    return start


@pytest.fixture
def story(tell: Callable[..., Story]) -> Story:
    return tell()
