"""Access tokens: a signed assertion in, a token for the scopes both sides allow out [Sec §4.1]."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from threading import Lock
from time import time

from tool.demo_lms.key_reading import ToolKeys
from tool.demo_lms.signatures import SignatureRefused, read_signed

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
REQUIRED_CLAIMS = ("iss", "sub", "aud", "exp", "iat", "jti")
OLDEST_ASSERTION_SECONDS = 300


@dataclass(frozen=True)
class TokenRefused(Exception):
    error: str
    description: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant depends on: who may ask, for whom the assertion must be, and how long a token lives."""

    client_id: str
    token_url: str
    scopes: tuple[str, ...]
    lifetime_seconds: int
    iat_ahead_seconds: int


@dataclass(frozen=True, slots=True)
class Grant:
    token: str
    scopes: tuple[str, ...]
    lifetime_seconds: int


class TokenDesk:
    def __init__(self, tool_keys: ToolKeys) -> None:
        self.tool_keys = tool_keys
        self._lock = Lock()
        self._tokens: dict[str, tuple[frozenset[str], float]] = {}
        self._used_ids: dict[str, float] = {}

    def grant(self, form: Mapping[str, str], terms: Terms) -> Grant:
        """Raises TokenRefused."""
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type", "grant_type must be client_credentials")
        if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("scope"):
            raise TokenRefused("invalid_request", "client_assertion_type or scope is missing or wrong")
        self._check_assertion(form.get("client_assertion", ""), terms)
        asked = form["scope"].split()
        scopes = tuple(scope for scope in terms.scopes if scope in asked)
        if not scopes:
            raise TokenRefused("invalid_scope", "none of these scopes is granted to this tool")
        token = token_hex(16)
        with self._lock:
            self._tokens = {value: entry for value, entry in self._tokens.items() if entry[1] > time()}
            self._tokens[token] = (frozenset(scopes), time() + terms.lifetime_seconds)
        return Grant(token, scopes, terms.lifetime_seconds)

    def scopes_of(self, token: str) -> frozenset[str] | None:
        """None: unknown or expired."""
        with self._lock:
            scopes, expires_at = self._tokens.get(token, (frozenset[str](), 0.0))
            return scopes if expires_at > time() else None

    def forget_all(self) -> None:
        with self._lock:
            self._tokens.clear()

    def _check_assertion(self, assertion: str, terms: Terms) -> None:
        claims = self._read_signed(assertion)
        missing = [name for name in REQUIRED_CLAIMS if not claims.get(name)]
        if missing:
            raise TokenRefused("invalid_request", f"the assertion lacks {', '.join(missing)}")
        if claims["iss"] != terms.client_id or claims["sub"] != terms.client_id:
            raise TokenRefused("invalid_client", "iss and sub must both be the client id")
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if terms.token_url not in audience:
            raise TokenRefused("invalid_client", "aud does not name this token address")
        expires_at = _check_times(claims, terms)
        self._use_once(str(claims["jti"]), expires_at)

    def _read_signed(self, assertion: str) -> dict[str, object]:
        try:
            return read_signed(assertion, self.tool_keys, "client_assertion")
        except SignatureRefused as refusal:
            raise TokenRefused(refusal.error, refusal.description) from None

    def _use_once(self, assertion_id: str, expires_at: float) -> None:
        with self._lock:
            self._used_ids = {name: until for name, until in self._used_ids.items() if until > time()}
            if assertion_id in self._used_ids:
                raise TokenRefused("invalid_client", "this assertion was used before (jti)")
            self._used_ids[assertion_id] = expires_at


def _check_times(claims: dict[str, object], terms: Terms) -> float:
    """Until when the assertion is good."""
    issued_at, expires_at = claims["iat"], claims["exp"]
    if not isinstance(issued_at, int | float) or not isinstance(expires_at, int | float):
        raise TokenRefused("invalid_request", "iat and exp must be numbers")
    if expires_at <= time():
        raise TokenRefused("invalid_client", "Expired token")
    if issued_at > time() + terms.iat_ahead_seconds:
        raise TokenRefused("invalid_client", "iat lies in the future")
    if issued_at < time() - OLDEST_ASSERTION_SECONDS:
        raise TokenRefused("invalid_client", "iat lies more than five minutes back")
    return expires_at
