"""The first half of a launch: the LMS says who wants to come, we send the browser on to be vouched for.

[Sec §5.1.1] Nothing is stored: what the second half must know travels in the signed state.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

from itsdangerous import BadData, URLSafeSerializer
from pylti1p3.oidc_login import OIDCLogin

from tool.lti.errors import LaunchRefused
from tool.lti.platform import KnownRegistration, PlatformFacts, PlatformRegistry, RegistryToolConf
from tool.lti.sealed import AddressOnly, NoCookies, NoSession, SealedRequest
from tool.lti.unverified import is_plain_id, is_storable

STATE_SECONDS = 600
CLOCK_LEEWAY_SECONDS = 60
_STATE_PREFIX = "state-"  # PyLTI1p3 puts it before every state
_MAX_STATE_CHARACTERS = 10_000
# The message hint is the LMS's own: Canvas sends a whole JWT, Moodle JSON. It goes back as it came.
_MAX_CHARACTERS = {
    "iss": 2000,
    "login_hint": 2000,
    "target_link_uri": 2000,
    "client_id": 255,
    "lti_message_hint": 20_000,
    "lti_deployment_id": 255,
    "deployment_id": 255,
    "lti_storage_target": 255,
}


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """What the LMS sent to begin a launch; all of it is unverified."""

    issuer: str
    login_hint: str
    target_link_uri: str
    client_id: str | None
    message_hint: str | None
    deployment_id: str | None
    storage_target: str | None


@dataclass(frozen=True, slots=True)
class LoginState:
    """What the launch must know of its login. `issued_at` is in seconds since 1970."""

    login_id: str
    nonce: str
    issuer: str
    client_id: str
    deployment_id: str | None
    target_link_uri: str
    binding_digest: str
    issued_at: int
    storage_target: str | None = None
    """The frame of the LMS that keeps the browser's secret where a cookie cannot; None: a cookie keeps it."""


_STATE_PARTS = tuple(one.name for one in fields(LoginState))


@dataclass(frozen=True, slots=True)
class BegunLogin:
    """Where to send the browser, and the secret to leave in it (a cookie named by `state.login_id`)."""

    authorization_url: str
    state: LoginState
    signed_state: str
    binding: str
    platform: PlatformFacts


class StateSigner:
    """Signs login states, so that any process can check one that any other began [Sec §5.1.1.3]."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(
            secret, salt="passback.login-state", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def sign(self, state: LoginState) -> str:
        # `asdict` would copy deeply what are texts and a number.
        return _STATE_PREFIX + self._serializer.dumps({name: getattr(state, name) for name in _STATE_PARTS})

    def read(self, text: str) -> LoginState:
        """Raises LaunchRefused when the state is absent, not ours, or older than ten minutes."""
        state = self.read_whatever_its_age(text)
        # Our machines' clocks may differ a little, so a state from the near future is fine.
        if not -CLOCK_LEEWAY_SECONDS <= time.time() - state.issued_at <= STATE_SECONDS:
            raise LaunchRefused("state.expired")
        return state

    def read_whatever_its_age(self, text: str) -> LoginState:
        """To know which LMS a launch that took too long came from. Raises LaunchRefused as well."""
        if not text:
            raise LaunchRefused("state.missing")
        if len(text) > _MAX_STATE_CHARACTERS or not text.startswith(_STATE_PREFIX):
            raise LaunchRefused("state.forged")
        try:
            return LoginState(**self._serializer.loads(text.removeprefix(_STATE_PREFIX)))
        except (BadData, TypeError, ValueError):
            raise LaunchRefused("state.forged") from None


def digest_binding(binding: str) -> str:
    """What the state keeps of the browser's secret."""
    return hashlib.sha256(binding.encode("utf-8", "replace")).hexdigest()


def read_login(params: Mapping[str, str]) -> LoginRequest:
    """Read a third-party initiated login [Sec §5.1.1.1; Core §4.1]. Raises LaunchRefused, naming the parameter."""
    for name, limit in _MAX_CHARACTERS.items():
        value = params.get(name) or ""
        if len(value) > limit:
            raise LaunchRefused(f"login.too_long:{name}")
        if not (is_storable(value) if name.endswith("hint") else is_plain_id(value)):
            raise LaunchRefused(f"login.unreadable:{name}")
    for name in ("iss", "login_hint", "target_link_uri"):
        if not params.get(name):
            raise LaunchRefused(f"login.missing:{name}")
    return LoginRequest(
        issuer=params["iss"],
        login_hint=params["login_hint"],
        target_link_uri=params["target_link_uri"],
        client_id=params.get("client_id") or None,
        message_hint=params.get("lti_message_hint") or None,
        # The standard's name is lti_deployment_id; Canvas has sent the short one.
        deployment_id=params.get("lti_deployment_id") or params.get("deployment_id") or None,
        storage_target=params.get("lti_storage_target") or None,
    )


def begin_login(
    login: LoginRequest,
    *,
    registry: PlatformRegistry,
    signer: StateSigner,
    launch_url: str,
    tool_origin: str,
    is_kept_in_storage: bool = False,
) -> BegunLogin:
    """Answer a login with an authentication request [Sec §5.1.1.2]. Raises LaunchRefused.

    `is_kept_in_storage`: the browser's secret goes to the LMS's own storage, since no cookie of ours is kept.
    """
    if not _is_on_origin(login.target_link_uri, tool_origin):
        raise LaunchRefused("login.target")
    flow = _StatelessLogin(login, registry, signer, is_kept_in_storage)
    authorization_url = flow.get_redirect_object(launch_url).get_redirect_url()
    return BegunLogin(authorization_url, flow.state, flow.signed_state, flow.binding, flow.platform)


def _is_on_origin(url: str, origin: str) -> bool:
    """Compared as text up to the first slash: no two parsers can then disagree about the host."""
    origin = origin.rstrip("/")
    head, rest = url[: len(origin)], url[len(origin) :]
    return head.lower() == origin.lower() and (not rest or rest[0] in "/?#")


class _StatelessLogin(OIDCLogin[SealedRequest, RegistryToolConf, NoSession, NoCookies, str]):
    """PyLTI1p3's login whose state is signed instead of stored."""

    def __init__(
        self, login: LoginRequest, registry: PlatformRegistry, signer: StateSigner, is_kept_in_storage: bool
    ) -> None:
        params = {
            "iss": login.issuer,
            "login_hint": login.login_hint,
            "client_id": login.client_id or "",
            "lti_message_hint": login.message_hint or "",
        }
        super().__init__(SealedRequest(params), RegistryToolConf(registry), NoSession(), NoCookies())
        self._login = login
        self._signer = signer
        self._storage_target = login.storage_target if is_kept_in_storage else None
        self.binding = secrets.token_urlsafe(32)

    def get_redirect(self, url: str) -> AddressOnly:
        """PyLTI1p3 appends "?…" even to an authorization address that has a query already."""
        address = self.platform.auth_login_url
        joint = "&" if "?" in address else "?"
        return AddressOnly(address + joint + url.removeprefix(address + "?"))

    def validate_oidc_login(self) -> KnownRegistration:
        registration = cast(KnownRegistration, super().validate_oidc_login())
        self.platform = registration.platform
        self.state = LoginState(
            login_id=secrets.token_urlsafe(16),
            nonce=secrets.token_urlsafe(32),
            issuer=self.platform.issuer,
            client_id=self.platform.client_id,
            deployment_id=self._login.deployment_id,
            target_link_uri=self._login.target_link_uri,
            binding_digest=digest_binding(self.binding),
            issued_at=int(time.time()),
            storage_target=self._storage_target,
        )
        self.signed_state = self._signer.sign(self.state)
        return registration

    def _get_uuid(self) -> str:
        return self.signed_state.removeprefix(_STATE_PREFIX)

    def _generate_nonce(self) -> str:
        return self.state.nonce
