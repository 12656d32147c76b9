"""Access tokens: a signed assertion, one request, an answer read with patience. [Sec §4.1]"""

import re
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

import jwt

from tool.clock import now
from tool.lti import quirks
from tool.lti.answers import explain_outbound
from tool.lti.platform import PlatformFacts
from tool.lti.tool_keys import SigningKey
from tool.outbound import Answer, Outbound, OutboundError

DEFAULT_SECONDS = 3600
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_TOKEN = re.compile(r"[\x21-\x7e]{1,20000}")
_BACKDATED_SECONDS = 5
_ASSERTION_SECONDS = 60


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token of one registration; it serves all its courses."""

    value: str = field(repr=False)
    scopes: frozenset[str]
    expires_at: datetime


class TokenSource(Protocol):
    """Where tokens are kept and shared; another room keeps them."""

    def token(self, platform: PlatformFacts, scopes: frozenset[str]) -> AccessToken:
        """A token that is valid for a while yet. Raises ServiceError."""

    def discard(self, platform: PlatformFacts, token: AccessToken) -> None:
        """Forget this very token: the LMS refused it."""


def request_token(
    platform: PlatformFacts, scopes: frozenset[str], *, signing_key: SigningKey, outbound: Outbound
) -> AccessToken:
    """Ask the LMS for a token by a signed assertion [Sec §4.1.1]. Raises ServiceError."""
    asked_at = now()
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": _sign_assertion(platform, signing_key),
        "scope": " ".join(sorted(scopes)),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = outbound.request(
            "POST",
            platform.auth_token_url,
            headers=headers,
            body=urlencode(form).encode(),
            max_bytes=1_000_000,
        )
    except OutboundError as error:
        raise explain_outbound(error) from None
    return _read_token(platform, answer, scopes, asked_at)


def _sign_assertion(platform: PlatformFacts, signing_key: SigningKey) -> str:
    """Backdated a little: Moodle refuses an assertion that is two seconds ahead of its clock."""
    issued_at = int(time.time()) - _BACKDATED_SECONDS
    claims = {
        "iss": platform.client_id,
        "sub": platform.client_id,
        "aud": platform.auth_audience or platform.auth_token_url,
        "iat": issued_at,
        "exp": issued_at + _BACKDATED_SECONDS + _ASSERTION_SECONDS,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode(claims, signing_key.private_key, algorithm="RS256", headers={"kid": signing_key.kid})


def _read_token(platform: PlatformFacts, answer: Answer, asked: frozenset[str], asked_at: datetime) -> AccessToken:
    if not 200 <= answer.status < 300:
        raise quirks.classify_token_refusal(platform.family, answer)
    try:
        body = answer.json()
    except ValueError:
        body = None
    value = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise quirks.classify_token_refusal(platform.family, answer)
    lifetime = timedelta(seconds=_read_lifetime(body.get("expires_in")))
    return AccessToken(value, _read_scopes(body.get("scope"), asked), asked_at + lifetime)


def _read_lifetime(value: object) -> int:
    """Seconds from a number or its text; an hour when it is missing or nonsense, and never longer."""
    try:
        seconds = int(value) if isinstance(value, int | float | str) else DEFAULT_SECONDS
    except (ValueError, OverflowError):
        seconds = DEFAULT_SECONDS
    return max(0, min(seconds, DEFAULT_SECONDS))


def _read_scopes(value: object, asked: frozenset[str]) -> frozenset[str]:
    """What was granted: Moodle grants what it can of what was asked and says so here only."""
    if isinstance(value, list):
        return frozenset(one for one in value if isinstance(one, str))
    return frozenset(value.split()) if isinstance(value, str) and value.strip() else asked
