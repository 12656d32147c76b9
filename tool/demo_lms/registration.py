"""What both sides must know about each other before the first launch."""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tool.demo_lms.manners import MANNERS

CLIENT_ID = "passback-demo"
DEPLOYMENT_ID = "1"


@dataclass(frozen=True, slots=True)
class KnownTool:
    """The tool as this LMS has it: written down at the start, or as it registered itself."""

    login_url: str
    launch_url: str
    client_id: str = CLIENT_ID
    deployment_id: str = DEPLOYMENT_ID
    scopes: frozenset[str] | None = None
    """What it asked for when it registered itself; None: everything."""
    custom: MappingProxyType[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def platform_entry(base_url: str, manner: str = "canvas") -> dict[str, object]:
    """The tool's `platforms` entry for an LMS at `base_url`: {issuer: [registration]}."""
    base_url = base_url.rstrip("/")
    registration = {
        "client_id": CLIENT_ID,
        "auth_login_url": f"{base_url}/lti/authorize",
        "auth_token_url": f"{base_url}/lti/token",
        "key_set_url": f"{base_url}/lti/jwks",
        "deployment_ids": [DEPLOYMENT_ID],
        "name": "Demo LMS",
        "family": MANNERS[manner].family,
    }
    return {base_url: [registration]}
