"""One call: signed in, in its turn, with an answer judged. A refused token is renewed once."""

from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import urlencode

from tool.outbound import Answer, Outbound, OutboundError
from tool.sis.oneroster.answers import About, Root, classify, explain_outbound
from tool.sis.oneroster.complaints import read_complaint
from tool.sis.oneroster.oauth1 import sign_request
from tool.sis.oneroster.pace import Pace
from tool.sis.oneroster.tokens import Token, TokenShelf, list_scopes, list_secrets, name_shelf, request_token
from tool.sis.plain import Access, SisError

Method = Literal["GET", "PUT", "DELETE"]
# A class of hundreds takes some SIS a while.
_TOTAL_SECONDS = 30.0


class Wire:
    """Calls to one SIS. Safe to share between threads."""

    def __init__(self, access: Access, outbound: Outbound, pace: Pace, tokens: TokenShelf | None) -> None:
        self._access = access
        self._outbound = outbound
        self._pace = pace
        self._tokens = TokenShelf() if tokens is None else tokens
        roots = {"rostering": access.rostering_url, "gradebook": access.gradebook_url}
        self._roots: Mapping[str, str] = {root: url.rstrip("/") for root, url in roots.items()}

    def ask_token(self) -> frozenset[str]:
        """Ask for a new token now, whatever stands on the shelf. Raises SisError."""
        scopes = list_scopes(self._access.version)
        self._tokens.forget(name_shelf(self._access, scopes))
        return self._take_token(scopes).scopes

    def ask(
        self,
        method: Method,
        root: Root,
        path: str,
        *,
        about: About,
        query: Iterable[tuple[str, str]] = (),
        body: bytes | None = None,
    ) -> Answer:
        """The answer, if it is a good one of 2xx. `path` begins with a slash, its ids escaped. Raises SisError."""
        asked = urlencode(list(query))
        url = self._roots[root] + path + (f"?{asked}" if asked else "")
        headers = self._write_headers(root, has_body=body is not None)
        if self._access.auth != "oauth2":
            answer = self._send(method, url, headers | {"Authorization": self._sign(method, url)}, body)
            return self._judge(answer, path, about, root, [])
        scopes = list_scopes(self._access.version, may_delete=method == "DELETE")
        token = self._take_token(scopes)
        answer = self._send(method, url, headers | {"Authorization": f"Bearer {token.value}"}, body)
        if answer.status == 401:
            self._tokens.discard(name_shelf(self._access, scopes), token)
            token = self._take_token(scopes)
            answer = self._send(method, url, headers | {"Authorization": f"Bearer {token.value}"}, body)
        return self._judge(answer, path, about, root, [token.value])

    def _take_token(self, scopes: frozenset[str]) -> Token:
        def request() -> Token:
            self._pace.wait()
            try:
                return request_token(self._access, scopes, self._outbound)
            except SisError as error:
                self._heed(error)
                raise

        return self._tokens.take(name_shelf(self._access, scopes), request)

    def _sign(self, method: str, url: str) -> str:
        access = self._access
        if access.auth == "bearer":
            return f"Bearer {access.secret}"
        try:
            return sign_request(method, url, access.client_id or "", access.secret, access.signature_method)
        except OutboundError as error:
            raise explain_outbound(error) from None

    def _write_headers(self, root: Root, *, has_body: bool) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if has_body:
            headers["Content-Type"] = "application/json"
        name, value = self._access.profile.vendor_header, self._access.vendor_header
        # Infinite Campus wants its vendor's key on every path of the gradebook, reading too.
        if root == "gradebook" and name and value:
            headers[name] = value
        return headers

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        self._pace.wait()
        try:
            return self._outbound.request(method, url, headers=headers, body=body, total_seconds=_TOTAL_SECONDS)
        except OutboundError as error:
            raise explain_outbound(error) from None

    def _judge(self, answer: Answer, path: str, about: About, root: Root, secrets: Iterable[str]) -> Answer:
        if _is_good(answer, about):
            return answer
        error = classify(
            answer,
            self._access.profile,
            about=about,
            root=root,
            names_object=path.count("/") > 1,
            secrets=[*list_secrets(self._access), *secrets],
        )
        self._heed(error)
        raise error

    def _heed(self, error: SisError) -> None:
        """Whoever was told to come back later was told it for all who ask this SIS."""
        if error.retry_at is not None:
            self._pace.hold(error.retry_at)


def _is_good(answer: Answer, about: About) -> bool:
    if not 200 <= answer.status < 300:
        return False
    complaint = read_complaint(answer)
    # What is put may be answered with anything; what is read is JSON.
    is_readable = complaint.is_json or about != "reading" or answer.status == 204
    return is_readable and not complaint.is_page and not complaint.is_failure
