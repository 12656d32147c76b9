"""What real LMSs say about themselves, shortened, and what they answer to a registration."""

import json
from typing import Any

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
EVERY_SCOPE = [f"{AGS}lineitem", f"{AGS}lineitem.readonly", f"{AGS}result.readonly", f"{AGS}score", NRPS]
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CANVAS = "https://canvas.instructure.com/lti/"
PLACEMENTS = ("assignment_menu", "assignment_selection", "course_navigation", "link_selection", "wiki_page_menu")


def canvas(base: str = "https://canvas.example.edu", **changes: Any) -> dict[str, Any]:
    """A Canvas of a school's own, of 2026."""
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/api/lti/authorize_redirect",
        "registration_endpoint": f"{base}/api/lti/registrations",
        "jwks_uri": f"{base}/api/lti/security/jwks",
        "token_endpoint": f"{base}/login/oauth2/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "scopes_supported": ["openid", *EVERY_SCOPE, f"{CANVAS}account_lookup/scope/show"],
        "response_types_supported": ["id_token"],
        "claims_supported": ["sub", "picture", "email", "name", "given_name", "family_name", "locale"],
        # A host and no address, and not what Canvas wants as audience.
        "authorization_server": base.partition("://")[2],
        PLATFORM: {
            "product_family_code": "canvas",
            "version": "OpenSource",
            "messages_supported": [
                {
                    "type": "LtiResourceLinkRequest",
                    "placements": [*(CANVAS + name for name in PLACEMENTS), "ContentArea"],
                },
                {"type": "LtiDeepLinkingRequest", "placements": [f"{CANVAS}assignment_selection", "RichTextEditor"]},
                {"type": "LtiEulaRequest"},
            ],
            "variables": [
                *("ResourceLink.id", "ResourceLink.submission.endDateTime", "Context.id.history", "Person.sourcedId"),
                *("Canvas.assignment.pointsPossible", "Canvas.assignment.dueAt.iso8601", "LineItem.resultValue.max"),
            ],
            f"{CANVAS}account_name": "North High",
            f"{CANVAS}account_lti_guid": "aUiNs1Pw:canvas-lms",
            f"{CANVAS}account_domain": base.partition("://")[2],
        },
    } | changes


def hosted_canvas(**changes: Any) -> dict[str, Any]:
    """Hosted Canvas: one issuer for the world, its services on a host of their own."""
    told = canvas("https://canvas.instructure.com")
    told |= {
        "authorization_endpoint": "https://sso.canvaslms.com/api/lti/authorize_redirect",
        "jwks_uri": "https://sso.canvaslms.com/api/lti/security/jwks",
        "token_endpoint": "https://sso.canvaslms.com/login/oauth2/token",
    }
    told[PLATFORM][f"{CANVAS}account_domain"] = "north.instructure.com"
    return told | changes


def moodle(base: str = "https://moodle.example.org", **changes: Any) -> dict[str, Any]:
    """Moodle 4.5."""
    return {
        "issuer": base,
        "token_endpoint": f"{base}/mod/lti/token.php",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "jwks_uri": f"{base}/mod/lti/certs.php",
        "authorization_endpoint": f"{base}/mod/lti/auth.php",
        "registration_endpoint": f"{base}/mod/lti/openid-registration.php",
        "scopes_supported": ["https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome", *EVERY_SCOPE],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        PLATFORM: {
            "product_family_code": "moodle",
            "version": "4.5.6 (Build: 20250811)",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
            "variables": ["basic-lti-launch-request", "Context.id.history", "Person.sourcedId", "ResourceLink.id"],
        },
    } | changes


def brightspace(base: str = "https://north.brightspace.com", **changes: Any) -> dict[str, Any]:
    """Brightspace: tokens from one address for all, for an audience that is another one."""
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/d2l/lti/authenticate",
        "token_endpoint": "https://auth.brightspace.com/core/connect/token",
        "jwks_uri": f"{base}/d2l/.well-known/jwks",
        "registration_endpoint": f"{base}/d2l/api/lti/registration",
        "authorization_server": "https://api.brightspace.com/auth/token",
        "scopes_supported": EVERY_SCOPE,
        PLATFORM: {"product_family_code": "desire2learn", "messages_supported": [{"type": "LtiResourceLinkRequest"}]},
    } | changes


def canvas_reply(asked: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The client id is the key's number, the deployment id stands beside it."""
    told = {**asked, "client_id": "10000000000005", "deployment_id": "9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"}
    return {**told, "scope": f"{asked['scope']} openid"} | changes


def moodle_reply(asked: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The deployment id stands in the tool's configuration."""
    configuration = {**asked[TOOL], "deployment_id": "3"}
    return {**asked, "client_id": "pHsQ0Tqg4uCBq8s", TOOL: configuration} | changes


def without(told: dict[str, Any], *names: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(json.dumps(told))
    for name in names:
        del kept[name]
    return kept
