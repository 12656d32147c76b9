"""Calls to the LMS's services: an access token, one request, one more try when the token was refused.

[Sec §4.1; AGS §3; NRPS §2] The token goes only to hosts that belong to the registration.
"""

import re
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin

import jwt
from pylti1p3.service_connector import ServiceConnector, TServiceConnectorResponse

from tool.clock import now
from tool.lti import quirks
from tool.lti.answers import explain_outbound, is_readable, parse_json
from tool.lti.errors import ServiceError
from tool.lti.hosts import own_hosts, read_service_address
from tool.lti.link_header import find_next_url
from tool.lti.platform import KnownRegistration, PlatformFacts
from tool.lti.sealed import NO_NETWORK
from tool.lti.tool_keys import SigningKey
from tool.lti.vocabulary import SCORE_TYPE
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


class Connector(ServiceConnector):
    """PyLTI1p3's connector on our token source and our way out; its own classes work on top of it."""

    def __init__(
        self,
        platform: PlatformFacts,
        token_source: TokenSource,
        outbound: Outbound,
        allowed_hosts: frozenset[str] | None = None,
    ) -> None:
        super().__init__(KnownRegistration(platform), NO_NETWORK)
        self.platform = platform
        self._token_source = token_source
        self._outbound = outbound
        self._allowed_hosts = own_hosts(platform) | {host.lower() for host in allowed_hosts or ()}

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """The text of a token for these scopes, from the shared source."""
        return self._find_token(frozenset(scopes)).value

    def call(
        self,
        method: str,
        url: str,
        *,
        scopes: frozenset[str],
        accept: str | None = None,
        content_type: str | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send one authorized request; whatever the LMS answers comes back, except a second 401 (ServiceError)."""
        self._check_host(url)
        headers = {"Accept": accept or "*/*"}
        if content_type is not None:
            headers["Content-Type"] = content_type
        token = self._find_token(scopes)
        answer = self._send(method, url, headers, body, token)
        if answer.status == 401:
            self._token_source.discard(self.platform, token)
            answer = self._send(method, url, headers, body, self._find_token(scopes))
        if answer.status == 401:
            raise quirks.classify(self.platform.family, answer)
        return answer

    def pages(self, url: str, *, scopes: frozenset[str], accept: str, max_pages: int = 200) -> Iterator[Answer]:
        """Read a list page by page, following `Link: rel="next"` on the same origin only [NRPS §2.4.2; AGS §3.2.9].

        Raises ServiceError rather than give an incomplete list: a roster cut short would look like students
        who left.
        """
        origin = read_service_address(url).origin
        seen: set[str] = set()
        page: str | None = url
        while page is not None and page not in seen:
            if len(seen) >= max_pages:
                raise ServiceError("needs_person", "too_many_pages")
            if read_service_address(page).origin != origin:
                raise ServiceError("needs_person", "host_not_allowed")
            seen.add(page)
            answer = self.call("GET", page, scopes=scopes, accept=accept)
            if not is_readable(answer):
                raise quirks.classify(self.platform.family, answer)
            yield answer
            page = _find_next_page(page, answer)

    def make_service_request(  # noqa: PLR0913, PLR0917 - PyLTI1p3's signature
        self,
        scopes: Sequence[str],
        url: str,
        is_post: bool = False,
        data: str | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        case_insensitive_headers: bool = False,  # noqa: ARG002
    ) -> TServiceConnectorResponse:
        """What PyLTI1p3's services send through; a refusal raises ServiceError instead of its LtiServiceException."""
        answer = self.call(
            "POST" if is_post else "GET",
            url,
            scopes=frozenset(scopes),
            accept=accept,
            content_type=content_type if is_post else None,
            body=data.encode() if is_post and data else None,
        )
        is_score = is_post and content_type == SCORE_TYPE
        is_success = quirks.is_accepted(self.platform.family, answer) if is_score else is_readable(answer)
        if not is_success:
            raise quirks.classify(self.platform.family, answer)
        return {
            "headers": dict(answer.headers),
            "body": None if is_score else _read_body(answer),
            "next_page_url": _find_next_page(url, answer),
        }

    def _find_token(self, scopes: frozenset[str]) -> AccessToken:
        token = self._token_source.token(self.platform, scopes)
        if token.scopes.isdisjoint(scopes):
            raise ServiceError("needs_person", "scope_missing")
        return token

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, token: AccessToken) -> Answer:
        try:
            return self._outbound.request(
                method, url, headers={**headers, "Authorization": f"Bearer {token.value}"}, body=body
            )
        except OutboundError as error:
            raise explain_outbound(error) from None

    def _check_host(self, url: str) -> None:
        """A line item address may come from a launch, an answer or a database row: none of them may take the token."""
        host = read_service_address(url).host
        if host not in self._allowed_hosts and not quirks.serves_from(self.platform.issuer, host):
            raise ServiceError("needs_person", "host_not_allowed")


def _find_next_page(page: str, answer: Answer) -> str | None:
    following = find_next_url(answer.headers.get("link", ""))
    try:
        return urljoin(page, following) if following else None
    except ValueError:
        # An address that cannot be read must not pass for the end of the list.
        raise ServiceError("later", "unreadable", status=answer.status) from None


def _read_body(answer: Answer) -> Any:
    return parse_json(answer) if answer.body.strip() else None
