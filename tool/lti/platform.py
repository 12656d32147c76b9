"""What is known about an LMS we trust, and how PyLTI1p3 gets to know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from pylti1p3.deployment import Deployment
from pylti1p3.registration import Registration, TKeySet
from pylti1p3.tool_config.abstract import ToolConfAbstract

from tool.lti.errors import LaunchRefused
from tool.lti.sealed import SealedRequest


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """One registration: an LMS and the client id it gave us. `family` is one of the words in `quirks`."""

    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    auth_audience: str | None
    key_set_url: str | None
    key_set: Mapping[str, object] | None
    family: str


class PlatformRegistry(Protocol):
    """Where registrations are kept; another room keeps them."""

    def find(self, issuer: str, client_id: str | None) -> PlatformFacts | None:
        """The registration; without a client id only when the issuer has exactly one."""

    def knows_issuer(self, issuer: str) -> bool:
        """Whether any registration has this issuer."""

    def knows_deployment(self, platform: PlatformFacts, deployment_id: str) -> bool:
        """Whether launches of this deployment are accepted."""


class KnownRegistration(Registration):
    """PyLTI1p3's registration that remembers the facts it was made from."""

    def __init__(self, platform: PlatformFacts) -> None:
        self.platform = platform
        self.set_issuer(platform.issuer)
        self.set_client_id(platform.client_id)
        self.set_auth_login_url(platform.auth_login_url)
        self.set_auth_token_url(platform.auth_token_url)
        self.set_key_set_url(platform.key_set_url)
        self.set_key_set(cast(TKeySet | None, platform.key_set))
        if platform.auth_audience:
            self.set_auth_audience(platform.auth_audience)


class RegistryToolConf(ToolConfAbstract[SealedRequest]):
    """PyLTI1p3's configuration on top of the registry: a new registration for every request.

    PyLTI1p3 keeps the fetched keys on the registration and the kind of issuer on the class, so neither may be
    shared. Every issuer may have many clients: all hosted Canvas sites share one.
    """

    def __init__(self, registry: PlatformRegistry) -> None:
        self._registry = registry
        self._found: dict[tuple[str, str], PlatformFacts] = {}

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:  # noqa: ARG002
        return True

    def find_registration_by_issuer(self, iss: str, *_args: Any, **_kwargs: Any) -> KnownRegistration:
        """The issuer's only registration. Raises LaunchRefused when there is none or more than one."""
        return self.find_registration_by_params(iss, "")

    def find_registration_by_params(self, iss: str, client_id: str, *_args: Any, **_kwargs: Any) -> KnownRegistration:
        """The registration of issuer and client; an empty client id means the issuer's only one [Core §4.1.3]."""
        if (iss, client_id) not in self._found:
            platform = self._registry.find(iss, client_id or None)
            if platform is None:
                is_ambiguous = not client_id and self._registry.knows_issuer(iss)
                raise LaunchRefused("platform.ambiguous" if is_ambiguous else "platform.unknown", about=iss)
            self._found[iss, client_id] = platform
        return KnownRegistration(self._found[iss, client_id])

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        """A deployment of the issuer's only registration."""
        return self.find_deployment_by_params(iss, deployment_id, "")

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *_args: Any, **_kwargs: Any
    ) -> Deployment | None:
        """The deployment if it is known for exactly this registration [Core §5.3.3]."""
        platform = self.find_registration_by_params(iss, client_id).platform
        if not self._registry.knows_deployment(platform, deployment_id):
            return None
        return Deployment().set_deployment_id(deployment_id)
