"""The tool's side of the services: a registration with the rough LMS, tokens that are counted, a connector."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from tests.lti.paper_lms import make_facts
from tests.lti.rough_server import Behaviour, RoughServer, reply
from tool.clock import now
from tool.lti.access_token import AccessToken
from tool.lti.connector import Connector
from tool.lti.platform import PlatformFacts
from tool.outbound import Outbound


@dataclass
class CountedTokens:
    """A token source that makes a new token whenever one was discarded."""

    granted: frozenset[str] | None = None
    made: int = 0
    discarded: list[str] = field(default_factory=list)
    asked: list[frozenset[str]] = field(default_factory=list)

    def token(self, platform: PlatformFacts, scopes: frozenset[str]) -> AccessToken:  # noqa: ARG002
        self.asked.append(scopes)
        if self.made == len(self.discarded):
            self.made += 1
        return AccessToken(f"secret-{self.made}", self.granted or scopes, now() + timedelta(hours=1))

    def discard(self, platform: PlatformFacts, token: AccessToken) -> None:  # noqa: ARG002
        self.discarded.append(token.value)


@dataclass
class ServiceDesk:
    """One LMS family played by the rough server."""

    server: RoughServer
    outbound: Outbound
    tokens: CountedTokens = field(default_factory=CountedTokens)

    def facts(self, family: str = "unknown") -> PlatformFacts:
        return replace(
            make_facts(family=family),
            auth_login_url=self.server.url + "/auth",
            auth_token_url=self.server.url + "/token",
            key_set_url=self.server.url + "/keys",
            key_set=None,
        )

    def connector(self, family: str = "unknown", allowed: Iterable[str] = ()) -> Connector:
        return Connector(self.facts(family), self.tokens, self.outbound, frozenset(allowed))

    def sent_json(self, path: str) -> Any:
        """The JSON of the last request for a path."""
        return json.loads(self.server.requests_for(path)[-1].body)


def reply_json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    return reply(status, json.dumps(value), {"Content-Type": "application/json", **(headers or {})})
