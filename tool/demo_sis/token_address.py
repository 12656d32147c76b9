"""The address where client id and secret are exchanged for an access token (OAuth 2 client credentials)."""

import hmac

from flask import Blueprint, Response, request

from tool.demo_sis.replies import as_json
from tool.demo_sis.sis import CLIENT_ID, SECRET, Sis, this_sis

token_address = Blueprint("token_address", __name__)


@token_address.post("/token")
def grant_token() -> Response:
    sis = this_sis()
    if sis.settings.auth != "oauth2":
        return _refuse(400, "unsupported_grant_type", "This SIS gives no tokens")
    if not _is_known(sis):
        response = _refuse(401, "invalid_client", "Client id or secret is wrong, or the secret has expired")
        response.headers["WWW-Authenticate"] = 'Basic realm="demo SIS"'
        return response
    if request.form.get("grant_type") != "client_credentials":
        return _refuse(400, "unsupported_grant_type", "grant_type must be client_credentials")
    prefix = sis.settings.scope_prefix
    asked = request.form.get("scope", "").split()
    scopes = tuple(scope for scope in sis.settings.granted_scopes if prefix + scope in asked)
    if not scopes:
        return _refuse(400, "invalid_scope", "None of these scopes is granted to this client")
    grant = sis.tokens.grant(scopes, sis.settings.token_seconds)
    return as_json(
        {
            "access_token": grant.token,
            "token_type": "Bearer",
            "expires_in": grant.lifetime_seconds,
            "scope": " ".join(prefix + scope for scope in grant.scopes),
        }
    )


def _is_known(sis: Sis) -> bool:
    """By Basic; a lax SIS also reads the form's client_id and client_secret."""
    told = request.authorization
    pair = (told.username or "", told.password or "") if told is not None and told.type == "basic" else ("", "")
    if not sis.settings.is_strict and not any(pair):
        pair = (request.form.get("client_id", ""), request.form.get("client_secret", ""))
    is_right = [hmac.compare_digest(*map(str.encode, two)) for two in zip(pair, (CLIENT_ID, SECRET), strict=True)]
    return all(is_right) and not sis.settings.is_secret_expired


def _refuse(status: int, error: str, description: str) -> Response:
    return as_json({"error": error, "error_description": description}, status)
