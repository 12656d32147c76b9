"""The platform's side of the login: it checks the tool's authorization request strictly and posts the id token back."""

from dataclasses import dataclass

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from tool.demo_lms.claims import build_claims, target_link_uri
from tool.demo_lms.launches import PendingLaunch
from tool.demo_lms.lms import Lms, this_lms
from tool.demo_lms.storage import storage_fields

oidc = Blueprint("oidc", __name__)


class StoppedHere(Exception):
    """The login ends on a page of the LMS; the tool hears nothing."""


@dataclass(frozen=True)
class SentBack(Exception):
    """The login goes back to the tool with an error in place of an id token."""

    error: str
    description: str


def login_fields(lms: Lms, launch: PendingLaunch) -> dict[str, str]:
    """The form that starts a login at the tool [Sec §5.1.1.1]. Begins the launch: the hint in it is good once."""
    return {
        "iss": lms.base_url,
        "login_hint": launch.login_hint,
        "target_link_uri": target_link_uri(lms, launch),
        "lti_message_hint": lms.launches.begin(launch),
        "client_id": lms.tool.client_id,
        "lti_deployment_id": lms.tool.deployment_id,
        **storage_fields(lms),
    }


@oidc.route("/lti/authorize", methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    lms = this_lms()
    asked = request.values
    try:
        launch = check_request(lms, asked)
        answer = {
            "id_token": lms.key.sign(build_claims(lms, launch, asked["nonce"])),
            "state": asked.get("state", ""),
        }
    except StoppedHere as stop:
        return render_template("stopped.html", reason=str(stop)), lms.manner.error_page_status
    except SentBack as back:
        answer = {"error": back.error, "error_description": back.description, "state": asked.get("state", "")}
    return render_template(
        "post_form.html", title="Opening the tool", action=lms.launch_url, method="post", fields=answer
    )


@oidc.get("/lti/jwks")
def key_set() -> ResponseReturnValue:
    return jsonify(this_lms().key.public_key_set())


def check_request(lms: Lms, asked: "dict[str, str]") -> PendingLaunch:
    """The launch that this request finishes, its hint now spent. Raises StoppedHere or SentBack [Sec §5.1.1.2]."""
    if asked.get("redirect_uri") != lms.launch_url:
        raise StoppedHere("The address to return to (redirect_uri) is not the one registered for this tool.")
    if asked.get("client_id") != lms.tool.client_id:
        raise SentBack("unauthorized_client", "This client is not known here")
    _check_fixed_words(lms, asked)
    hint = asked["lti_message_hint"]
    launch = lms.launches.look_at(hint)
    if launch is None:
        raise _refuse(lms, "launch_no_longer_valid", "The launch has expired or was used before")
    if asked["login_hint"] != launch.login_hint:
        raise SentBack(
            "access_denied" if lms.manner.family == "moodle" else "login_required",
            "Another user is signed in",
        )
    if not lms.launches.spend(hint):
        raise _refuse(lms, "launch_no_longer_valid", "The launch has expired or was used before")
    return launch


def _check_fixed_words(lms: Lms, asked: "dict[str, str]") -> None:
    missing = [name for name in ("nonce", "login_hint", "lti_message_hint") if not asked.get(name)]
    if missing:
        raise _refuse(lms, "invalid_request", f"Missing: {', '.join(missing)}")
    if asked.get("scope") != "openid":
        raise _refuse(lms, "invalid_request", "The 'scope' must be 'openid'")
    if asked.get("response_type") != "id_token":
        raise _refuse(lms, "invalid_request", "The 'response_type' must be 'id_token'")
    if asked.get("response_mode") != "form_post":
        raise SentBack("invalid_request", "Invalid response_mode")
    if asked.get("prompt") != "none":
        raise SentBack("invalid_request", "Invalid prompt")


def _refuse(lms: Lms, error: str, description: str) -> StoppedHere | SentBack:
    """Most tell the tool; Moodle stops on a page of its own."""
    return SentBack(error, description) if lms.manner.answers_bad_login_to_tool else StoppedHere(description)
