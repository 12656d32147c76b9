"""An LMS of which every answer can be changed, Passback's own address beside it, and a test of the connection."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.cast import BEN
from tests.lti.paper_lms import public_entry
from tests.lti.rough_server import Behaviour, RoughServer, reply
from tests.rows import ALL_SCOPES, arrive, make_platform
from tool.clock import now
from tool.db import Database
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_MEMBERSHIPS, SCOPE_RESULT_READ, SCOPE_SCORE
from tool.registration.checking import check_platform
from tool.registration.checks.steps import Step
from tool.registration.keys import ensure_signing_key, read_published_keys
from tool.settings import Settings

EVERY_SCOPE = (SCOPE_SCORE, SCOPE_LINE_ITEM, SCOPE_RESULT_READ, SCOPE_MEMBERSHIPS)
MEMBERS = [{"user_id": subject, "name": f"{subject} Secret", "roles": ["Learner"]} for subject in ("ben", "cleo")]
LOGIN = "/lti/login"
OWN_KEYS = "/.well-known/jwks.json"


def answer(content: object, status: int = 200, **headers: str) -> Behaviour:
    return reply(status, json.dumps(content), headers)


def dated(content: object, ahead_seconds: float, **headers: str) -> Behaviour:
    """The answer of a server whose clock is ahead of ours."""

    def behave(handler: Any) -> None:
        told = format_datetime(now() + timedelta(seconds=ahead_seconds), usegmt=True)
        reply(200, json.dumps(content), {"Date": told} | headers)(handler)

    return behave


def granting(*scopes: str, ahead_seconds: float = 0) -> Behaviour:
    """Grants what is asked for and is among these; refuses where nothing is left, as Canvas does."""

    def behave(handler: Any) -> None:
        form = parse_qs(handler.server_side.received[-1].body.decode())
        given = [scope for scope in form["scope"][0].split() if scope in scopes]
        token = {"access_token": "a-token-nobody-sees", "expires_in": 3600, "scope": " ".join(given)}
        met = dated(token, ahead_seconds) if given else answer({"error": "invalid_scope"}, 400)
        met(handler)

    return behave


def framing(ancestors: str, **headers: str) -> Behaviour:
    return reply(302, "", {"Content-Security-Policy": f"default-src 'none'; frame-ancestors {ancestors}"} | headers)


@dataclass
class Wired:
    """Both sides on this machine; every answer is a good one until a story changes it."""

    database: Database
    folder: Path
    lms: RoughServer = field(default_factory=RoughServer)
    tool: RoughServer = field(default_factory=RoughServer)

    def __post_init__(self) -> None:
        self.settings = Settings(base_url=self.tool.url, keys_dir=self.folder / "keys")
        ensure_signing_key(self.database, self.settings)
        self.platform = make_platform(self.database, issuer=self.lms.url, **self.entry())
        self.columns = f"{self.lms.url}/columns"
        self.lms.on("/keys", answer({"keys": [public_entry("lms-key")]}))
        self.lms.on("/token", granting(*EVERY_SCOPE))
        self.lms.on("/columns", answer([{"id": f"{self.columns}/7", "label": "Fractions", "scoreMaximum": 10}]))
        self.lms.on("/columns/7/results", answer([{"userId": "ben", "resultScore": 8, "resultMaximum": 10}]))
        self.lms.on("/members", answer({"members": MEMBERS}))
        self.tool.on(OWN_KEYS, answer({"keys": read_published_keys(self.database)}))
        self.tool.on(LOGIN, framing(self.lms.url))

    def entry(self, **changes: Any) -> dict[str, Any]:
        return {"host": self.lms.url, "key_set": None, "key_set_url": f"{self.lms.url}/keys"} | changes

    def register(self, **changes: Any) -> None:
        """The same LMS with other facts in its registration."""
        self.platform = make_platform(self.database, issuer=self.lms.url, **self.entry(**changes))

    def launch(self, **changes: Any) -> None:
        """Ben opens a link of his course."""
        ags = {"lineitem": f"{self.columns}/7", "lineitems": self.columns, "scope": ALL_SCOPES}
        told = {"ags": ags, "nrps": {"context_memberships_url": f"{self.lms.url}/members"}}
        arrive(self.database, self.platform, BEN, **(told | changes))

    def check(self, *, invited: bool = False) -> dict[str, Step]:
        steps = check_platform(self.database, self.settings, self.platform.id, invited=invited)
        return {step.key: step for step in steps}

    def step(self, key: str, state: str) -> Step:
        """The step of a test, which must have ended so."""
        found = self.check()[key]
        assert found.state == state, found
        return found

    def stop(self) -> None:
        self.lms.stop()
        self.tool.stop()
