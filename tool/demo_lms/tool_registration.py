"""A tool registers itself [Dynamic Registration 1.0]: what we are, where it posts to, and the admin's page."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from tool.demo_lms.key_reading import ToolKeys
from tool.demo_lms.lms import EVERY_SCOPE, Lms, this_lms
from tool.demo_lms.manners.registering import TOOL_CONFIGURATION, find_fault
from tool.demo_lms.registration import KnownTool
from tool.demo_lms.replies import as_json, as_response
from tool.demo_lms.tokens import TokenDesk

tool_registration = Blueprint("tool_registration", __name__)


@tool_registration.get("/lti/openid-configuration")
def show_configuration() -> Response:
    lms = this_lms()
    if lms.manner.wants_token_for_configuration and lms.registrations.look_at(_bearer()) == "unknown":
        return as_response(lms.manner.refuse_registration("unknown"))
    return as_json(
        {
            "issuer": lms.base_url,
            "authorization_endpoint": f"{lms.base_url}/lti/authorize",
            "token_endpoint": lms.token_url,
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "jwks_uri": f"{lms.base_url}/lti/jwks",
            "registration_endpoint": f"{lms.base_url}/lti/registrations",
            "scopes_supported": ["openid", *EVERY_SCOPE],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
            "https://purl.imsglobal.org/spec/lti-platform-configuration": lms.manner.describe_platform(),
        }
    )


@tool_registration.post("/lti/registrations")
def take_registration() -> Response:
    """One tool: from now on launches go to what registered last."""
    lms, token = this_lms(), _bearer()
    standing = lms.registrations.look_at(token) if token else "missing"
    if standing != "good":
        return as_response(lms.manner.refuse_registration(standing))
    asked: Any = request.get_json(force=True, silent=True)
    fault = find_fault(asked)
    if fault is not None:
        return as_response(lms.manner.refuse_registration(fault))
    lms.registrations.spend(token)
    lms.registered = _make_tool(lms, asked)
    lms.tokens = TokenDesk(ToolKeys(asked["jwks_uri"]))
    reply, status = lms.manner.describe_registration(asked, lms.registered.client_id, lms.registered.deployment_id)
    return as_json(reply, status)


@tool_registration.get("/tools")
def show_tools() -> ResponseReturnValue:
    """The admin's page; with a registration address, that address in a frame."""
    url = request.args.get("url", "").strip()
    starts_at = start_address(this_lms(), url) if url.startswith(f"{this_lms().tool_origin}/") else ""
    return render_template("tools.html", tool=this_lms().tool, is_registered=this_lms().registered, starts_at=starts_at)


def start_address(lms: Lms, url: str) -> str:
    """The tool's registration address as an admin's browser opens it."""
    parts = urlsplit(url)
    more = {"openid_configuration": f"{lms.base_url}/lti/openid-configuration", "registration_token": ""}
    more["registration_token"] = lms.registrations.issue()
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *more.items()])))


def _make_tool(lms: Lms, asked: Mapping[str, Any]) -> KnownTool:
    configuration = asked[TOOL_CONFIGURATION]
    return KnownTool(
        login_url=asked["initiate_login_uri"],
        launch_url=asked["redirect_uris"][0],
        client_id=lms.manner.make_client_id(),
        deployment_id=lms.manner.make_deployment_id(),
        scopes=frozenset(asked["scope"].split()),
        custom=MappingProxyType(json.loads(json.dumps(configuration.get("custom_parameters") or {}))),
    )


def _bearer() -> str:
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if word.lower() == "bearer" else ""
