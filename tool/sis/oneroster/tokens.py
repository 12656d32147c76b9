"""Access tokens by client credentials: one request, an answer read with patience, kept while the token is good.

[1EdTech Security Framework §4.1: id and secret in a Basic header, the grant and the scopes in a form]
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlencode

from tool.clock import now
from tool.outbound import Answer, Outbound, OutboundError
from tool.sis.oneroster.answers import classify, explain_outbound
from tool.sis.oneroster.json_text import read_json
from tool.sis.plain import Access, SisError, Version

ROSTER_READ, GRADEBOOK_READ, GRADEBOOK_PUT = "roster.readonly", "gradebook.readonly", "gradebook.createput"
GRADEBOOK_DELETE = "gradebook.delete"
_PREFIXES: Mapping[Version, str] = {
    "1.1": "https://purl.imsglobal.org/spec/or/v1p1/scope/",
    "1.2": "https://purl.imsglobal.org/spec/or/v1p2/scope/",
}
_TOKEN = re.compile(r"[\x21-\x7e]{1,20000}")
_USUAL_SECONDS = 3600
_EARLIER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)
    scopes: frozenset[str]
    is_good_until: datetime
    """A little before it runs out, so that it does not do so on its way."""


class TokenShelf:
    """Where tokens stand while they are good; safe to share between threads, and between clients of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._locks: dict[str, Lock] = {}
        self._tokens: dict[str, Token] = {}

    def take(self, key: str, ask: Callable[[], Token]) -> Token:
        """The token that stands there, else a new one: of several threads without one only the first asks."""
        with self._lock_of(key):
            token = self._tokens.get(key)
            if token is None or token.is_good_until <= now():
                token = self._tokens[key] = ask()
            return token

    def discard(self, key: str, refused: Token) -> None:
        """Forget this very token: the SIS refused it. One that another thread fetched meanwhile stays."""
        with self._lock_of(key):
            if self._tokens.get(key) is refused:
                del self._tokens[key]

    def forget(self, key: str) -> None:
        """Forget whatever stands there."""
        with self._lock_of(key):
            self._tokens.pop(key, None)

    def _lock_of(self, key: str) -> Lock:
        with self._lock:
            return self._locks.setdefault(key, Lock())


def list_scopes(version: Version, *, may_delete: bool = False) -> frozenset[str]:
    """The least that is needed, as full addresses; deleting only when something is to be deleted."""
    names = [ROSTER_READ, GRADEBOOK_READ, GRADEBOOK_PUT, *([GRADEBOOK_DELETE] if may_delete else [])]
    return frozenset(_PREFIXES[version] + name for name in names)


def name_shelf(access: Access, scopes: frozenset[str]) -> str:
    """Under which key a token stands: changed credentials ask anew."""
    parts = (access.token_url or "", access.client_id or "", access.secret, *sorted(scopes))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def request_token(access: Access, scopes: frozenset[str], outbound: Outbound) -> Token:
    """Ask the SIS for a token. Raises SisError."""
    if not access.token_url:
        raise SisError("permanent", "sis.route")
    asked_at = now()
    headers = {
        "Authorization": f"Basic {write_basic(access)}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    form = {"grant_type": "client_credentials", "scope": " ".join(sorted(scopes))}
    try:
        answer = outbound.request(
            "POST", access.token_url, headers=headers, body=urlencode(form).encode(), max_bytes=1_000_000
        )
    except OutboundError as error:
        raise explain_outbound(error) from None
    return _read_token(answer, access, scopes, asked_at)


def _read_token(answer: Answer, access: Access, asked: frozenset[str], asked_at: datetime) -> Token:
    try:
        told = read_json(answer)
    except ValueError:
        told = None
    told = told if isinstance(told, dict) and 200 <= answer.status < 300 else {}
    value = told.get("access_token")
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise classify(answer, access.profile, about="token", secrets=list_secrets(access))
    seconds = _read_lifetime(told.get("expires_in"))
    lifetime = timedelta(seconds=seconds - min(_EARLIER_SECONDS, seconds / 2))
    return Token(value, _read_scopes(told.get("scope"), asked, access.version), asked_at + lifetime)


def write_basic(access: Access) -> str:
    """As curl writes it. Escaping both parts first [RFC 6749 §2.3.1] is what hardly any server undoes."""
    return base64.b64encode(f"{access.client_id or ''}:{access.secret}".encode()).decode()


def list_secrets(access: Access) -> list[str]:
    """What no excerpt may show, in the forms in which a server could echo it."""
    vendor = access.vendor_header or ""
    return [access.secret, write_basic(access), vendor, *vendor.split(":")[1:]]


def _read_lifetime(value: object) -> int:
    """Seconds from a number or its text; an hour when it is missing or nonsense, and never more than a day."""
    try:
        seconds = int(str(value)) if isinstance(value, int | str) else _USUAL_SECONDS
    except ValueError:
        seconds = _USUAL_SECONDS
    return min(seconds, 86_400) if seconds > 0 else _USUAL_SECONDS


def _read_scopes(value: object, asked: frozenset[str], version: Version) -> frozenset[str]:
    """What was granted, as full addresses; where nothing is said, what was asked. [RFC 6749 §5.1]"""
    names = [one for one in value if isinstance(one, str)] if isinstance(value, list) else str(value or "").split()
    full = (name if "/" in name else _PREFIXES[version] + name for name in names)
    return frozenset(full) or asked
