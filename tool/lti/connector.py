"""Calls to the LMS's services: one request with a token, one more try when the token was refused.

[Sec §4.1; AGS §3; NRPS §2] The token goes only to hosts that belong to the registration.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from urllib.parse import urljoin

from pylti1p3.service_connector import ServiceConnector, TServiceConnectorResponse

from tool.lti import quirks
from tool.lti.access_token import AccessToken, TokenSource
from tool.lti.answers import explain_outbound, is_readable, parse_json
from tool.lti.errors import ServiceError
from tool.lti.hosts import own_hosts, read_service_address
from tool.lti.link_header import find_next_url
from tool.lti.platform import KnownRegistration, PlatformFacts
from tool.lti.sealed import NO_NETWORK
from tool.lti.vocabulary import SCORE_TYPE
from tool.outbound import Answer, Outbound, OutboundError


class Watch(Protocol):
    """Told of every call to one platform, from any thread; another room keeps the platform's health."""

    def on_the_wire(self) -> AbstractContextManager[None]:
        """Entered while a call is under way."""

    def answered(self, answer: Answer) -> None:
        """The platform answered, whatever it said."""

    def failed(self, error: ServiceError, scopes: frozenset[str]) -> None:
        """There was no answer, or no token of these scopes to ask with."""


class Connector(ServiceConnector):
    """PyLTI1p3's connector on our token source and our way out; its own classes work on top of it."""

    def __init__(
        self,
        platform: PlatformFacts,
        token_source: TokenSource,
        outbound: Outbound,
        allowed_hosts: frozenset[str] | None = None,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(KnownRegistration(platform), NO_NETWORK)
        self.platform = platform
        self._token_source = token_source
        self._outbound = outbound
        self._allowed_hosts = own_hosts(platform) | {host.lower() for host in allowed_hosts or ()}
        self._watch = watch
        self._before_send: Callable[[], None] = _nothing

    def ask_before_send(self, check: Callable[[], None]) -> None:
        """Have `check` called in the last moment before each request; what it raises is raised by the call."""
        self._before_send = check

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
        if self._watch is None:
            return self._ask(method, url, headers, body, scopes)
        try:
            with self._watch.on_the_wire():
                answer = self._ask(method, url, headers, body, scopes)
        except ServiceError as error:
            self._watch.failed(error, scopes)
            raise
        self._watch.answered(answer)
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

    def _ask(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, scopes: frozenset[str]
    ) -> Answer:
        token = self._find_token(scopes)
        answer = self._send(method, url, headers, body, token)
        if answer.status == 401:
            self._token_source.discard(self.platform, token)
            answer = self._send(method, url, headers, body, self._find_token(scopes))
        if answer.status == 401:
            raise quirks.classify(self.platform.family, answer)
        return answer

    def _find_token(self, scopes: frozenset[str]) -> AccessToken:
        token = self._token_source.token(self.platform, scopes)
        if token.scopes.isdisjoint(scopes):
            # Asked anew the next time: an administrator may allow it at any moment.
            self._token_source.discard(self.platform, token)
            raise ServiceError("needs_person", "scope_missing")
        return token

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, token: AccessToken) -> Answer:
        self._before_send()
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


def _nothing() -> None:
    """Nobody wants to be asked."""


def _find_next_page(page: str, answer: Answer) -> str | None:
    following = find_next_url(answer.headers.get("link", ""))
    try:
        return urljoin(page, following) if following else None
    except ValueError:
        # An address that cannot be read must not pass for the end of the list.
        raise ServiceError("later", "unreadable", status=answer.status) from None


def _read_body(answer: Answer) -> Any:
    return parse_json(answer) if answer.body.strip() else None
