"""An admin's browser in the frame of an LMS that a story makes rough: registering Passback by an invitation's link."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.lti.recorded_platforms import moodle, moodle_reply
from tests.lti.rough_server import RoughServer, reply
from tool.app import create_app
from tool.db import Database
from tool.model.platforms import Deployment, Platform
from tool.outbound import Outbound
from tool.parts import Parts
from tool.registration.invitations import find_invitation, invite
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell

TOOL_URL = "http://localhost:8000"
CONFIGURATION = "/openid-configuration"
REGISTRATIONS = "/registrations"
TOKEN = "registration-token-of-the-lms"
PRESSED = {"Origin": TOOL_URL, "Sec-Fetch-Dest": "iframe"}


@dataclass
class Office:
    """Passback in development, an LMS that a story makes rough, and an admin's browser."""

    database: Database
    server: RoughServer
    parts: Parts
    browser: FlaskClient
    approves: bool = False

    def __post_init__(self) -> None:
        self.secret = self.invite()
        self.answer_like(moodle, moodle_reply)

    def invite(self) -> str:
        return invite(self.database, note="", approves=self.approves, valid_for=timedelta(days=1), made_by=None)

    def answer_like(
        self, told: Callable[..., dict[str, Any]], answered: Callable[..., dict[str, Any]], **changes: Any
    ) -> None:
        """The LMS tells this of itself, and answers the registration so; `changes` are those of the answer."""
        url = self.server.url
        self.configuration = told(url, registration_endpoint=url + REGISTRATIONS)
        self.configure()

        def answer(handler: Any) -> None:
            asked = json.loads(self.server.requests_for(REGISTRATIONS)[-1].body)
            reply(200, json.dumps(answered(asked, **changes)))(handler)

        self.server.on(REGISTRATIONS, answer)

    def configure(self, **changes: Any) -> None:
        told = {name: value for name, value in (self.configuration | changes).items() if value is not None}
        self.server.on(CONFIGURATION, reply(200, json.dumps(told)))

    def path(self, secret: str | None = None, **changes: Any) -> str:
        asked = {"openid_configuration": self.server.url + CONFIGURATION, "registration_token": TOKEN} | changes
        return f"/lti/register/{secret or self.secret}?{urlencode(asked, doseq=True)}"

    def look(self, secret: str | None = None, **changes: Any) -> TestResponse:
        return self.browser.get(self.path(secret, **changes), base_url=TOOL_URL)

    def press(
        self, page: TestResponse, secret: str | None = None, headers: dict[str, str] | None = None, **changes: str
    ) -> TestResponse:
        fields = {
            name: html.unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
        }
        assert set(fields) == {"csrf", "offer", "registration_token"}, page.text
        path = f"/lti/register/{secret or self.secret}"
        return self.browser.post(path, data=fields | changes, base_url=TOOL_URL, headers=headers or PRESSED)

    def register(self) -> TestResponse:
        return self.press(self.look())

    def platforms(self) -> list[Platform]:
        with self.database.session() as session:
            found = list(session.scalars(select(Platform)))
            session.expunge_all()
        return found

    def deployments(self) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.execute(select(Deployment.deployment_id)).scalars())

    def state(self) -> str | None:
        with self.database.reading() as connection:
            found = find_invitation(connection, self.secret)
        return found.state if found else None


def make_office(database: Database, server: RoughServer, folder: Path, **changes: Any) -> Office:
    settings = Settings(base_url=TOOL_URL, keys_dir=folder / "keys")
    outbound = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=10)
    parts = Parts(settings, database, TrustedPlatforms(database), outbound, Bell())
    return Office(database, server, parts, create_app(parts).test_client(), **changes)


def frames(page: TestResponse) -> str:
    found = re.search(r"frame-ancestors (.*)$", page.headers["Content-Security-Policy"])
    assert found
    return found[1]
