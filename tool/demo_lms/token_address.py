"""The address where the tool exchanges its signed assertion for an access token."""

from flask import Blueprint, Response, request

from tool.demo_lms.lms import this_lms
from tool.demo_lms.replies import as_json, as_response
from tool.demo_lms.tokens import Terms, TokenRefused

token_address = Blueprint("token_address", __name__)


@token_address.post("/lti/token")
def grant_token() -> Response:
    lms = this_lms()
    terms = Terms(
        client_id=lms.tool.client_id,
        token_url=lms.token_url,
        scopes=lms.granted_scopes,
        lifetime_seconds=lms.settings.access_token_seconds,
        iat_ahead_seconds=lms.manner.iat_ahead_seconds,
    )
    try:
        grant = lms.tokens.grant(request.form, terms)
    except TokenRefused as refusal:
        return as_response(lms.manner.refuse_token(refusal))
    granted = {
        "access_token": grant.token,
        "token_type": lms.manner.token_type,
        "expires_in": grant.lifetime_seconds,
        "scope": " ".join(grant.scopes),
    }
    return as_json(granted, content_type=lms.manner.token_content_type)
