"""The second half of a launch: the LMS vouches for a person, and everything it says is checked in order.

[Sec §5.1.1.3, §5.1.3; Core §5.3] Nothing is written here: the caller spends the nonce, in the launch's transaction,
once everything else has passed.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self, cast

from pylti1p3.message_launch import MessageLaunch, TLaunchData

from tool.lti.claims import LaunchClaims, read_claims, read_client_id
from tool.lti.errors import LaunchRefused
from tool.lti.key_set import KeySets
from tool.lti.login import CLOCK_LEEWAY_SECONDS, LoginState, StateSigner, digest_binding
from tool.lti.platform import KnownRegistration, PlatformFacts, PlatformRegistry, RegistryToolConf
from tool.lti.sealed import NO_NETWORK, NoCookies, NoSession, SealedRequest
from tool.lti.token_format import ALGORITHM, UnverifiedToken, read_token
from tool.lti.unverified import read_id

MAX_AGE_SECONDS = 600
MAX_LIFETIME_SECONDS = 86_400
_LATEST_TIME = 10**11


@dataclass(frozen=True, slots=True)
class VerifiedLaunch:
    """A launch that may be believed once its nonce is spent: insert `nonce_digest`, unique, in its transaction.

    The digest may be forgotten once the state that carries the nonce has expired: STATE_SECONDS after the login.
    """

    claims: LaunchClaims
    platform: PlatformFacts
    nonce_digest: str
    login: LoginState


class UnknownDeployment(LaunchRefused):
    """Everything else of the launch is verified: the platform itself vouches for this deployment, which is not known.

    Whoever keeps the deployments may take it in, and verify the launch again.
    """

    def __init__(self, platform: PlatformFacts, deployment_id: str) -> None:
        super().__init__("deployment.unknown")
        self.platform = platform
        self.deployment_id = deployment_id


def verify_launch(
    params: Mapping[str, str],
    *,
    read_binding: Callable[[str], str | None],
    registry: PlatformRegistry,
    signer: StateSigner,
    key_sets: KeySets,
) -> VerifiedLaunch:
    """Check a launch from the posted form. `read_binding` gives this browser's secret for a login id.

    Raises LaunchRefused for whatever is wrong first; nothing else, whatever was sent.
    """
    launch = _IncomingLaunch(params, RegistryToolConf(registry), signer, key_sets, read_binding)
    launch.validate()
    return VerifiedLaunch(
        claims=launch.claims,
        platform=launch.platform,
        nonce_digest=hashlib.sha256(launch.login.nonce.encode()).hexdigest(),
        login=launch.login,
    )


class _IncomingLaunch(MessageLaunch[SealedRequest, RegistryToolConf, NoSession, NoCookies]):
    """PyLTI1p3's launch with a ladder of its own: the library's lets a launch be replayed and checks no times."""

    login: LoginState
    token: UnverifiedToken
    platform: PlatformFacts
    claims: LaunchClaims

    def __init__(
        self,
        params: Mapping[str, str],
        tool_conf: RegistryToolConf,
        signer: StateSigner,
        key_sets: KeySets,
        read_binding: Callable[[str], str | None],
    ) -> None:
        super().__init__(SealedRequest(params), tool_conf, NoSession(), NoCookies(), requests_session=NO_NETWORK)
        self._signer = signer
        self._key_sets = key_sets
        self._read_binding = read_binding

    def validate(self) -> Self:
        """Climb the ladder; the first rung that does not hold refuses the launch."""
        self._validated = True  # PyLTI1p3 would otherwise validate anew at each look into the token
        self.refuse_error_response()
        self.validate_state()
        self.validate_jwt_format()
        self.validate_registration()
        self.validate_jwt_signature()
        self.validate_times()
        self.validate_nonce()
        self.validate_message()
        self.validate_deployment()
        return self

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def refuse_error_response(self) -> None:
        """The LMS may answer with an error instead of a token [Sec §5.1.1.5]."""
        error = self._get_request_param("error")
        if error:
            word = error if error.isascii() and error.replace("_", "").isalnum() and len(error) <= 50 else "error"
            raise LaunchRefused(f"platform.refused:{word}")

    def validate_state(self) -> Self:
        """The state is ours, recent, and began in this very browser [Sec §5.1.1.3, §7.3.1]."""
        self.login = self._signer.read(self._get_request_param("state"))
        binding = self._read_binding(self.login.login_id)
        if not binding:
            raise LaunchRefused("state.cookie_missing")
        if not hmac.compare_digest(digest_binding(binding), self.login.binding_digest):
            raise LaunchRefused("state.other_browser")
        return self

    def validate_jwt_format(self) -> Self:
        """The token has the form of a signed JWT in RS256 [Sec §5.1.2]."""
        self.token = read_token(self._get_request_param("id_token"))
        self._jwt = {"header": {"alg": ALGORITHM, "kid": self.token.kid}}
        self._jwt["body"] = cast(TLaunchData, self.token.payload)
        return self

    def get_client_id(self) -> str:
        """The client the token is for; PyLTI1p3 looks at the first audience only."""
        return read_client_id(self.token.payload)

    def validate_registration(self) -> Self:
        """The token is for the issuer and the client the login began with, which are registered."""
        if read_id(self.token.payload.get("iss"), "iss") != self.login.issuer:
            raise LaunchRefused("token.issuer")
        if self.get_client_id() != self.login.client_id:
            raise LaunchRefused("token.audience")
        super().validate_registration()
        self.platform = cast(KnownRegistration, self._registration).platform
        return self

    def validate_jwt_signature(self) -> Self:
        """One of the platform's own keys signed exactly the bytes that were read [Sec §5.1.3].

        PyJWT's algorithm is called as it is, since its whole decoder would read the token a second time, letter by
        letter, at six times the price of the signature. The key carries its algorithm: the header has no say.
        """
        key = self._key_sets.find_key(self.platform, self.token.kid)
        if not key.Algorithm.verify(self.token.signed_bytes, key.key, self.token.signature):
            raise LaunchRefused("token.signature")
        return self

    def validate_times(self) -> None:
        """Made lately, valid now, and not for long [Sec §5.1.3]; a minute of difference between clocks is forgiven.

        Moodle's tokens live for one minute, so without the leeway a small difference would stop every launch.
        """
        issued_at, expires_at = self._read_time("iat"), self._read_time("exp")
        present = time.time()
        starts_at = max(issued_at, self._read_time("nbf") if "nbf" in self.token.payload else issued_at)
        if starts_at > present + CLOCK_LEEWAY_SECONDS:
            raise LaunchRefused("clock.ahead")
        if expires_at <= present - CLOCK_LEEWAY_SECONDS:
            raise LaunchRefused("token.expired")
        if issued_at < present - MAX_AGE_SECONDS - CLOCK_LEEWAY_SECONDS:
            raise LaunchRefused("token.too_old")
        if expires_at - issued_at > MAX_LIFETIME_SECONDS:
            raise LaunchRefused("token.lifetime")

    def _read_time(self, name: str) -> float:
        value = self.token.payload.get(name)
        if value is None:
            raise LaunchRefused(f"claim.missing:{name}")
        # Compared before it becomes a float: 10**400 has no float, and infinity fails here too.
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST_TIME:
            raise LaunchRefused(f"claim.invalid:{name}")
        return float(value)

    def validate_nonce(self) -> Self:
        """The nonce is the one of this very login, so no token of another login fits [Sec §5.1.1.2, §5.1.3]."""
        nonce = read_id(self.token.payload.get("nonce"), "nonce")
        if not hmac.compare_digest(nonce.encode(), self.login.nonce.encode()):
            raise LaunchRefused("nonce.mismatch")
        return self

    def validate_message(self) -> Self:
        """Everything the message must say is there, and it leads where the login wanted to go [Core §5.3]."""
        self.claims = read_claims(self.token.payload)
        if self.claims.target_link_uri != self.login.target_link_uri:
            raise LaunchRefused("target.mismatch")
        return self

    def validate_deployment(self) -> Self:
        """The deployment is the one the login named, and a known one [Core §4.1.2, §5.3.3]."""
        if self.login.deployment_id not in (None, self.claims.deployment_id):
            raise LaunchRefused("deployment.mismatch")
        named = self.claims.issuer, self.claims.deployment_id, self.claims.client_id
        if self._tool_config.find_deployment_by_params(*named) is None:
            raise UnknownDeployment(self.platform, self.claims.deployment_id)
        return self
