"""The pages of the tool with an LMS on paper in front of them: logins, signed launches, browsers."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import BEN, Someone
from tests.lti.paper_lms import sign_raw
from tests.rows import CLIENT, ISSUER, entry, launch_claims
from tool.app import create_app
from tool.db import Database
from tool.outbound import Outbound
from tool.parts import Parts
from tool.registration.platforms import TrustedPlatforms, adopt_file_platforms
from tool.settings import Settings
from tool.wake import Bell

TOOL = "https://tool.example"
LMS_FRAME = {"Sec-Fetch-Dest": "iframe"}


@dataclass
class Desk:
    """The app on a database of the story's own; `platform` changes the registration of the paper LMS, `settings` what
    the installation is told. It reaches nobody, unless the story has a server on this machine."""

    database: Database
    folder: Path
    platform: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    reaches_this_machine: bool = False

    def __post_init__(self) -> None:
        adopt_file_platforms(self.database, {ISSUER: (entry(**self.platform),)})
        self.outbound = Outbound(allow_loopback_http=self.reaches_this_machine)
        told: dict[str, Any] = {"base_url": TOOL, "keys_dir": self.folder / "keys"}
        settings = Settings(**(told | self.settings))
        self.parts = Parts(settings, self.database, TrustedPlatforms(self.database), self.outbound, Bell())
        self.app = create_app(self.parts)

    def browser(self, *, takes_cookies: bool = True) -> FlaskClient:
        return self.app.test_client(use_cookies=takes_cookies)

    def login(self, browser: FlaskClient, headers: Mapping[str, str] | None = None, **changes: Any) -> TestResponse:
        """The LMS sends the browser to begin."""
        plain = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": f"{TOOL}/lti/launch"}
        return browser.post("/lti/login", data=plain | changes, base_url=TOOL, headers=headers)

    def id_token(self, authorization_url: str, someone: Someone = BEN, **changes: Any) -> dict[str, str]:
        """The form the LMS lets the browser post, answering the request in this address."""
        asked = parse_qs(urlsplit(authorization_url).query)
        present = int(time.time())
        claims = launch_claims(someone, **changes)
        claims |= {"iat": present, "exp": present + 60, "nonce": asked["nonce"][0]}
        header = {"alg": "RS256", "typ": "JWT", "kid": "lms-key"}
        token = sign_raw(json.dumps(header).encode(), json.dumps(claims).encode())
        return {"state": asked["state"][0], "id_token": token}

    def post(self, browser: FlaskClient, form: dict[str, str]) -> TestResponse:
        return browser.post("/lti/launch", data=form, base_url=TOOL)

    def launch(self, browser: FlaskClient, someone: Someone = BEN, **changes: Any) -> TestResponse:
        """Someone opens a link: both halves of the launch."""
        begun = self.login(browser)
        return self.post(browser, self.id_token(begun.location, someone, **changes))

    def open(self, browser: FlaskClient, someone: Someone = BEN, **changes: Any) -> TestResponse:
        """And on to the page."""
        launched = self.launch(browser, someone, **changes)
        assert launched.status_code == 303, launched.text
        return browser.get(launched.location, base_url=TOOL)


def launch_id(response: TestResponse) -> str:
    """The id of the launch a response leads to."""
    return response.location.removeprefix(TOOL).split("/")[2]


def hidden(page: TestResponse, name: str) -> str:
    """A hidden field of a page's form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def cookies_set(response: TestResponse) -> dict[str, str]:
    """Name → the whole line, of each cookie a response sets."""
    return {line.partition("=")[0]: line for line in response.headers.getlist("Set-Cookie")}
