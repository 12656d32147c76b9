"""A stand-in for the tool: its own key, its key set on a real loopback address, and the requests it makes."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from tool.demo_lms.key_reading import ToolKeys
from tool.demo_lms.manners import MANNERS
from tool.demo_lms.server import create_lms
from tool.demo_lms.tokens import TokenDesk

LMS_URL = "http://127.0.0.1:9000"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
EVERY_SCOPE = f"{AGS}lineitem {AGS}lineitem.readonly {AGS}result.readonly {AGS}score {NRPS}"
SCORE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"


@dataclass
class ToolKey:
    kid: str
    private_key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048), repr=False
    )

    def public(self) -> dict[str, Any]:
        entry: dict[str, Any] = RSAAlgorithm.to_jwk(self.private_key.public_key(), as_dict=True)
        return {**entry, "kid": self.kid, "alg": "RS256", "use": "sig"}


class KeyServer:
    """Serves `keys` as a key set and counts how often it was read; `status` other than 200 breaks it."""

    def __init__(self) -> None:
        self.keys: list[ToolKey] = []
        self.status = 200
        self.reads = 0
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.reads += 1
                body = json.dumps({"keys": [key.public() for key in outer.keys]}).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_line: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


class Story:
    """One LMS and the tool's side of the talk with it."""

    def __init__(self, app: Flask, key: ToolKey, key_server: KeyServer) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.key = key
        self.key_server = key_server
        self._token: str | None = None

    @property
    def tool_url(self) -> str:
        return self.key_server.url

    # ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────

    def assertion(self, key: ToolKey | None = None, **claims: Any) -> str:
        """A client assertion as it should be; `claims` replaces some of it, None takes one away."""
        signer = key or self.key
        now = int(time.time())
        usual: dict[str, object] = {
            "iss": "passback-demo",
            "sub": "passback-demo",
            "aud": f"{LMS_URL}/lti/token",
            "iat": now - 5,
            "exp": now + 60,
            "jti": token_urlsafe(12),
        }
        told = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(told, signer.private_key, algorithm="RS256", headers={"kid": signer.kid})

    def ask_token(self, assertion: str | None = None, scope: str = EVERY_SCOPE, **form: str) -> TestResponse:
        sent = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.assertion(),
            "scope": scope,
        }
        return self.client.post("/lti/token", data={**sent, **form})

    @property
    def token(self) -> str:
        if self._token is None:
            self._token = json.loads(self.ask_token().get_data(as_text=True))["access_token"]
        return self._token

    def forget_token(self) -> None:
        self._token = None

    # ── services ─────────────────────────────────────────────────────────────────────────────────────────────────

    def call(self, method: str, url: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(url.removeprefix(LMS_URL), method=method, headers=headers, **options)

    def call_without_token(self, method: str, url: str) -> TestResponse:
        return self.client.open(url.removeprefix(LMS_URL), method=method)

    def column_url(self, label: str = "Fractions quiz", course: str = "course-math") -> str:
        for column in self.gradebook():
            if column["label"] == label and column["course_id"] == course:
                return str(column["line_item_url"])
        raise LookupError(label)

    def post_score(self, user: str = "ben", given: object = 15, **fields: Any) -> TestResponse:
        """A fully graded score of 20 for Ben in the fractions quiz, now; `fields` replaces, None takes away."""
        url = str(fields.pop("url", None) or self.column_url())
        usual = {
            "userId": user,
            "scoreGiven": given,
            "scoreMaximum": 20,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": "2026-03-02T10:00:00.000Z",
        }
        sent = {name: value for name, value in {**usual, **fields}.items() if value is not None}
        return self.post_raw_score(json.dumps(sent), url)

    def post_raw_score(self, body: str, url: str | None = None, content_type: str = SCORE) -> TestResponse:
        address, _, query = (url or self.column_url()).partition("?")
        scores_url = f"{address}/scores?{query}" if query else f"{address}/scores"
        return self.call("POST", scores_url, data=body, content_type=content_type)

    # ── control ──────────────────────────────────────────────────────────────────────────────────────────────────

    def order(self, path: str, **order: object) -> Any:
        answer = self.client.post(f"/control/{path}", json=order)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def gradebook(self) -> list[dict[str, Any]]:
        columns: list[dict[str, Any]] = self.client.get("/control/gradebook").get_json()
        return columns

    def journal(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.client.get("/control/journal").get_json()
        return entries

    def cell(self, user: str = "ben", url: str | None = None) -> dict[str, Any]:
        address = url or self.column_url()
        column = next(column for column in self.gradebook() if column["line_item_url"] == address)
        cell: dict[str, Any] = column["scores"].get(user, {})
        return cell

    # ── the login ────────────────────────────────────────────────────────────────────────────────────────────────

    def begin_launch(self, person: str = "ben", link: str = "link-fractions", **more: object) -> dict[str, str]:
        order = {"course": "course-math", "link": link, "person": person, **more}
        form = self.order("launch-form", **order)
        fields: dict[str, str] = form["fields"]
        return fields

    def authorization(self, fields: dict[str, str], **changes: str | None) -> dict[str, str]:
        usual = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": fields["client_id"],
            "redirect_uri": f"{self.tool_url}/lti/launch",
            "login_hint": fields["login_hint"],
            "lti_message_hint": fields["lti_message_hint"],
            "state": "a-state",
            "nonce": "a-nonce",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def launch(self, **how: Any) -> dict[str, Any]:
        """The verified claims of a whole launch."""
        answer = self.client.post("/lti/authorize", data=self.authorization(self.begin_launch(**how)))
        return self.read_id_token(read_form(answer)["id_token"])

    def follow(self, form: TestResponse) -> dict[str, Any]:
        """The verified claims of the launch that a page's form begins."""
        answer = self.client.post("/lti/authorize", data=self.authorization(read_form(form)))
        return self.read_id_token(read_form(answer)["id_token"])

    def read_id_token(self, id_token: str) -> dict[str, Any]:
        entry = self.client.get("/lti/jwks").get_json()["keys"][0]
        assert jwt.get_unverified_header(id_token)["kid"] == entry["kid"]
        claims: dict[str, Any] = jwt.decode(
            id_token, jwt.PyJWK(entry), algorithms=["RS256"], audience="passback-demo", issuer=LMS_URL
        )
        return claims


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action, self.method, self.fields = "", "", {}  # type: str, str, dict[str, str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.method = found["action"], found["method"]
        if tag == "input":
            self.fields[found["name"]] = found.get("value", "")


def read_form(answer: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return read_whole_form(answer).fields


def read_whole_form(answer: TestResponse) -> _FormReader:
    reader = _FormReader()
    reader.feed(answer.get_data(as_text=True))
    return reader


@pytest.fixture(scope="session")
def tool_key() -> ToolKey:
    return ToolKey("tool-key-1")


@pytest.fixture(scope="session")
def running_key_server() -> Iterator[KeyServer]:
    server = KeyServer()
    yield server
    server.close()


@pytest.fixture
def key_server(running_key_server: KeyServer, tool_key: ToolKey) -> KeyServer:
    running_key_server.keys = [tool_key]
    running_key_server.status = 200
    running_key_server.reads = 0
    return running_key_server


@pytest.fixture(scope="session")
def other_key() -> ToolKey:
    """A key that the tool does not publish."""
    return ToolKey("other-key")


@pytest.fixture(scope="session")
def apps(running_key_server: KeyServer) -> dict[str, Flask]:
    """One LMS of each manner for all stories: building an app takes longer than a story."""
    url = running_key_server.url
    return {manner: create_lms(base_url=LMS_URL, tool_url=url, manner=manner) for manner in MANNERS}


@pytest.fixture
def tell(apps: dict[str, Flask], key_server: KeyServer, tool_key: ToolKey) -> Any:
    """Starts a story with an LMS of the named manner, as if it had just been started: tell("moodle")."""

    def start(manner: str = "canvas") -> Story:
        lms = apps[manner].extensions["demo_lms.parts"]
        lms.tokens = TokenDesk(ToolKeys(f"{key_server.url}/.well-known/jwks.json"))
        started = Story(apps[manner], tool_key, key_server)
        started.order("reset")
        return started

    return start


@pytest.fixture
def story(tell: Any) -> Story:
    started: Story = tell("canvas")
    return started
