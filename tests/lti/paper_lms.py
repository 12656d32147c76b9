"""An LMS on paper and the tool's front door: tokens signed by a key of its own, any part changed on request."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tool.lti.errors import LaunchRefused
from tool.lti.id_token import VerifiedLaunch, verify_launch
from tool.lti.key_set import KeySets
from tool.lti.login import BegunLogin, StateSigner, begin_login, read_login
from tool.lti.platform import PlatformFacts
from tool.outbound import Outbound

TOOL = "https://tool.example"
LAUNCH_URL = f"{TOOL}/lti/launch"
TARGET = f"{TOOL}/lti/launch"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
ABSENT = object()

Changes = Mapping[str, object]


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key for each name, made once in a test run."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public_entry(kid: str, key: rsa.RSAPrivateKey | None = None) -> dict[str, Any]:
    """A key as a platform publishes it."""
    entry: dict[str, Any] = RSAAlgorithm.to_jwk((key or rsa_key("lms")).public_key(), as_dict=True)
    return {"kty": "RSA", "n": entry["n"], "e": entry["e"], "kid": kid, "alg": "RS256", "use": "sig"}


def make_facts(**changes: Any) -> PlatformFacts:
    """A registration with the LMS on paper."""
    facts = PlatformFacts(
        issuer="https://lms.example",
        client_id="passback-1",
        auth_login_url="https://lms.example/auth",
        auth_token_url="https://lms.example/token",
        auth_audience=None,
        key_set_url=None,
        key_set={"keys": [public_entry("lms-key")]},
        family="unknown",
    )
    return replace(facts, **changes)


@dataclass
class Registry:
    """Registrations in memory, each with its deployments."""

    entries: list[tuple[PlatformFacts, set[str]]]

    def find(self, issuer: str, client_id: str | None) -> PlatformFacts | None:
        known = [facts for facts, _ in self.entries if facts.issuer == issuer]
        if client_id is None:
            return known[0] if len(known) == 1 else None
        return next((facts for facts in known if facts.client_id == client_id), None)

    def knows_issuer(self, issuer: str) -> bool:
        return any(facts.issuer == issuer for facts, _ in self.entries)

    def knows_deployment(self, platform: PlatformFacts, deployment_id: str) -> bool:
        return any(deployment_id in known for facts, known in self.entries if facts == platform)


class ShelfStore:
    """Fetched key sets in memory."""

    def __init__(self) -> None:
        self.saved: dict[str, tuple[Mapping[str, object], datetime]] = {}

    def load(self, platform: PlatformFacts) -> tuple[Mapping[str, object], datetime] | None:
        return self.saved.get(platform.client_id)

    def save(self, platform: PlatformFacts, key_set: Mapping[str, object], fetched_at: datetime) -> None:
        self.saved[platform.client_id] = (key_set, fetched_at)


def encode_part(raw: bytes) -> str:
    """One segment of a token."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class FrontDoor:
    """The tool's side of a launch, with the cookies of one browser."""

    outbound: Outbound
    facts: PlatformFacts = field(default_factory=make_facts)
    deployments: set[str] = field(default_factory=lambda: {"course-install"})
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.registry = Registry([(self.facts, self.deployments)])
        self.signer = StateSigner("a secret of the tests")
        self.key_sets = KeySets(self.outbound, ShelfStore())

    def login_params(self, changes: Changes | None = None) -> dict[str, str]:
        """What the LMS posts to begin."""
        params: dict[str, Any] = {
            "iss": self.facts.issuer,
            "login_hint": "ben-at-lms",
            "target_link_uri": TARGET,
            "client_id": self.facts.client_id,
            "lti_message_hint": "link-7",
            **(changes or {}),
        }
        return {name: value for name, value in params.items() if value is not ABSENT}

    def begin(self, changes: Changes | None = None) -> BegunLogin:
        """Ben's browser comes from the LMS and is sent back there with a cookie of ours."""
        begun = begin_login(
            read_login(self.login_params(changes)),
            registry=self.registry,
            signer=self.signer,
            launch_url=LAUNCH_URL,
            tool_origin=TOOL,
        )
        self.cookies[begun.state.login_id] = begun.binding
        return begun

    def payload(self, begun: BegunLogin, changes: Changes | None = None) -> dict[str, Any]:
        """What the LMS says about Ben."""
        now = int(time.time())
        payload: dict[str, Any] = {
            "iss": self.facts.issuer,
            "aud": self.facts.client_id,
            "sub": "ben",
            "iat": now,
            "exp": now + 60,
            "nonce": begun.state.nonce,
            CLAIM + "version": "1.3.0",
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "deployment_id": "course-install",
            CLAIM + "target_link_uri": TARGET,
            CLAIM + "roles": [LEARNER],
            CLAIM + "resource_link": {"id": "link-7", "title": "Fractions"},
            CLAIM + "context": {"id": "course-2", "label": "M1", "title": "Maths"},
            **(changes or {}),
        }
        return {name: value for name, value in payload.items() if value is not ABSENT}

    def sign(self, payload: Mapping[str, Any], headers: Changes | None = None) -> str:
        """Sign as the LMS does, whatever the header claims to be."""
        header = {"alg": "RS256", "typ": "JWT", "kid": "lms-key", **(headers or {})}
        header = {name: value for name, value in header.items() if value is not ABSENT}
        return sign_raw(json.dumps(header).encode(), json.dumps(payload).encode())

    def post(self, begun: BegunLogin, id_token: str, changes: Changes | None = None) -> VerifiedLaunch:
        """The browser posts the LMS's form."""
        params: dict[str, Any] = {"state": begun.signed_state, "id_token": id_token, **(changes or {})}
        return verify_launch(
            {name: value for name, value in params.items() if value is not ABSENT},
            read_binding=self.cookies.get,
            registry=self.registry,
            signer=self.signer,
            key_sets=self.key_sets,
        )

    def launch(self, changes: Changes | None = None, headers: Changes | None = None) -> VerifiedLaunch:
        """A whole launch with some of its claims or headers changed."""
        begun = self.begin()
        return self.post(begun, self.sign(self.payload(begun, changes), headers))


def sign_raw(header: bytes, payload: bytes, key: rsa.RSAPrivateKey | None = None) -> str:
    """Sign two texts as they are, also ones that no honest library would write."""
    signing_input = f"{encode_part(header)}.{encode_part(payload)}"
    algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
    signature = algorithm.sign(signing_input.encode(), key or rsa_key("lms"))
    return f"{signing_input}.{encode_part(signature)}"


def sign_with(payload: Mapping[str, Any], key: Any, algorithm: str) -> str:
    """Sign with another kind of key."""
    return jwt.encode(dict(payload), key, algorithm=algorithm, headers={"kid": "lms-key"})


def refusal(act: Callable[[], object]) -> LaunchRefused:
    """Do it, and give back the refusal it must end in."""
    with pytest.raises(LaunchRefused) as caught:
        act()
    assert caught.value.message
    assert caught.value.hint
    assert caught.value.section
    return caught.value
