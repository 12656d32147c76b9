"""Ada's LMS asks her to choose (deep linking): the launch, the picker, and the answer as the LMS reads it."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import jwt
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import ADA, Someone
from tests.desk import TOOL, Desk, hidden
from tests.rows import CLIENT, ISSUER, make_assignment
from tool.db import Database
from tool.lti import vocabulary as v
from tool.model.work import Selection
from tool.registration.keys import ensure_signing_key
from tool.registration.trusted import KnownPlatform

RETURN = f"{ISSUER}/courses/2/deep_link?data=a%26b"
SETTINGS: dict[str, Any] = {
    "deep_link_return_url": RETURN,
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe", "window"],
    "accept_lineitem": True,
}


class Chooser:
    """Somebody in front of the picker; `settings` are what the LMS asks for, None leaves one out."""

    def __init__(self, desk: Desk, someone: Someone = ADA, *, claims: dict[str, Any] | None = None, **settings: Any):
        self.desk = desk
        self.browser: FlaskClient = desk.browser()
        told = {name: value for name, value in (SETTINGS | settings).items() if value is not None}
        changes = {"message_type": "LtiDeepLinkingRequest", "resource_link": None, "custom": None, **(claims or {})}
        self.launched: TestResponse = desk.launch(self.browser, someone, deep_linking=told, **changes)
        self.path = self.launched.headers.get("Location", "").removeprefix(TOOL)

    def see(self, query: str = "") -> TestResponse:
        return self.browser.get(self.path + query, base_url=TOOL)

    def press(self, do: str = "choose", *assignments: str, **fields: str) -> TestResponse:
        """A button of the picker."""
        form: dict[str, Any] = {"csrf": hidden(self.see(), "csrf"), "do": do, "assignment": list(assignments)}
        return self.send(form | fields)

    def send(self, form: dict[str, Any]) -> TestResponse:
        return self.browser.post(self.path, data=form, base_url=TOOL, headers={"Origin": TOOL})

    def follow(self, response: TestResponse) -> TestResponse:
        assert response.status_code == 303, response.text
        return self.browser.get(response.location, base_url=TOOL)

    def read(self, page: TestResponse) -> dict[str, Any]:
        """What the LMS learns from the form of the answer page."""
        key = ensure_signing_key(self.desk.database, self.desk.parts.settings)
        token = hidden(page, "JWT")
        assert jwt.get_unverified_header(token)["kid"] == key.kid
        answer: dict[str, Any] = jwt.decode(
            token, key.private_key.public_key(), algorithms=["RS256"], audience=ISSUER, issuer=CLIENT, leeway=10
        )
        return answer

    def answered_at(self) -> Any:
        with self.desk.database.reading() as connection:
            return connection.execute(select(Selection.answered_at)).scalar_one()


def target(page: TestResponse) -> str:
    """Where the answer page's form goes."""
    found = re.search(r'<form method="post" action="([^"]*)" data-submit-now>', page.text)
    assert found, page.text
    return unescape(found[1])


def open_desk(database: Database, folder: Path) -> Iterator[Desk]:
    """Everyone's library has two assignments."""
    make_assignment(database)
    make_assignment(database, id="decimals", title="Decimals & co")
    opened = Desk(database, folder)
    yield opened
    opened.outbound.close()


def platform_of(desk: Desk) -> KnownPlatform:
    known = desk.parts.platforms.known(ISSUER, CLIENT)
    assert known is not None
    return known


def items_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = answer[v.CONTENT_ITEMS]
    return items
