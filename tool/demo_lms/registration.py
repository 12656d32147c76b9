"""What both sides must know about each other before the first launch."""

from tool.demo_lms.manners import MANNERS

CLIENT_ID = "passback-demo"
DEPLOYMENT_ID = "1"


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
