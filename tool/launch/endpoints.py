"""The addresses an LMS sends browsers to: login initiation, the cookie probe behind it, and the launch."""

import hmac
from dataclasses import asdict
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from tool.access import ANYONE, digest, launch_cookie_name, opens, part
from tool.db import Database
from tool.launch.arriving import LAUNCH_LIFE, RecordedLaunch, record_launch
from tool.launch.cookies import drop_cookie, drop_surplus, login_cookie_name, set_cookie
from tool.launch.frames import origins_of
from tool.lti.errors import LaunchRefused
from tool.lti.id_token import verify_launch
from tool.lti.key_set import KeySets
from tool.lti.login import BegunLogin, LoginRequest, StateSigner, begin_login, read_login
from tool.registration.platforms import TrustedPlatforms

blueprint = Blueprint("launch", __name__)

LOGIN_SECONDS = 600


class WaitingSeal(URLSafeTimedSerializer):
    """Signs a login that waits for its cookie, or for its new window, in the address of our own next step."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret, salt="passback.login.waiting")


@opens(blueprint, "/lti/login", to=ANYONE, methods=("GET", "POST"))
def login() -> Response:
    """Third-party initiated login. [Sec §5.1.1.1]

    Inside an iframe the cookie is tried first, by one redirect to ourselves: at launch time it would be too late, since
    the LMS's hint is good once.
    """
    asked = read_login({**request.args, **request.form})
    _frame_for(asked.issuer, asked.client_id)
    begun = _begin(asked)
    if request.headers.get("Sec-Fetch-Dest") == "iframe":
        waiting = part(WaitingSeal).dumps(
            {
                "login": asdict(asked),
                "login_id": begun.state.login_id,
                "binding": begun.state.binding_digest,
                "to": begun.authorization_url,
            }
        )
        return _bind(redirect(url_for("launch.probe", waiting=waiting), 303), begun)
    return _bind(redirect(begun.authorization_url, 302), begun)


@opens(blueprint, "/lti/login/check", to=ANYONE)
def probe() -> Response | str:
    """Did the cookie come back? Then on to the LMS; if not, one button opens the same unspent login in a new window."""
    waiting = _read_waiting()
    came_back = request.cookies.get(login_cookie_name(waiting["login_id"]), "")
    if hmac.compare_digest(digest(came_back), waiting["binding"]):
        return redirect(waiting["to"], 302)
    _frame_for(waiting["login"]["issuer"], waiting["login"]["client_id"])
    continue_url = url_for("launch.continue_login", waiting=request.args["waiting"])
    return render_template("launch/new_window.html", continue_url=continue_url)


@opens(blueprint, "/lti/login/continue", to=ANYONE)
def continue_login() -> Response:
    """The same login again, in a window of its own where cookies are our own."""
    begun = _begin(LoginRequest(**_read_waiting()["login"]))
    return _bind(redirect(begun.authorization_url, 302), begun)


@opens(blueprint, "/lti/launch", to=ANYONE, methods=("POST",))
def launch() -> Response:
    """Authentication response: verify, record, and go to the page. [Sec §5.1.1.3]"""
    platforms = part(TrustedPlatforms)
    _frame_for_state(request.form.get("state", ""))
    verified = verify_launch(
        request.form,
        read_binding=lambda login_id: request.cookies.get(login_cookie_name(login_id)),
        registry=platforms,
        signer=part(StateSigner),
        key_sets=part(KeySets),
    )
    known = platforms.known(verified.platform.issuer, verified.platform.client_id)
    if known is None:
        raise LookupError("the platform of a verified launch is known")
    _refuse_other_messages(verified.claims.message_type)
    recorded = record_launch(part(Database), known, verified)
    response = redirect(_destination(recorded), 303)
    drop_cookie(response, login_cookie_name(verified.login.login_id))
    drop_surplus(response, request)
    set_cookie(
        response,
        launch_cookie_name(recorded.launch_id),
        recorded.secret,
        max_age_seconds=int(LAUNCH_LIFE.total_seconds()),
    )
    return response


def _begin(asked: LoginRequest) -> BegunLogin:
    return begin_login(
        asked,
        registry=part(TrustedPlatforms),
        signer=part(StateSigner),
        launch_url=current_app.config["TOOL_ORIGIN"] + url_for("launch.launch"),
        tool_origin=current_app.config["TOOL_ORIGIN"],
    )


def _bind(response: Response, begun: BegunLogin) -> Response:
    drop_surplus(response, request)
    set_cookie(response, login_cookie_name(begun.state.login_id), begun.binding, max_age_seconds=LOGIN_SECONDS)
    return response


def _read_waiting() -> dict[str, Any]:
    try:
        waiting: dict[str, Any] = part(WaitingSeal).loads(request.args.get("waiting", ""), max_age=LOGIN_SECONDS)
    except BadData:
        raise LaunchRefused("state.expired") from None
    return waiting


def _frame_for(issuer: str, client_id: str | None) -> None:
    """Refusals are shown inside the LMS too: an unframed one would be an empty box to whoever reads it."""
    platform = part(TrustedPlatforms).find(issuer, client_id)
    if platform is not None:
        g.frame_ancestors = " ".join(origins_of(platform))


def _frame_for_state(text: str) -> None:
    try:
        state = part(StateSigner).read(text)
    except LaunchRefused:
        return
    _frame_for(state.issuer, state.client_id)


def _refuse_other_messages(message_type: str) -> None:
    if message_type != "LtiResourceLinkRequest":
        raise LaunchRefused("message.unsupported")


def _destination(recorded: RecordedLaunch) -> str:
    arrival, launch_id = recorded.arrival, recorded.launch_id
    who = arrival.standing
    if arrival.placement_id is None:
        return url_for("arrival.course", launch_id=launch_id)
    if arrival.assignment_id is None:
        return url_for("arrival.unbound", launch_id=launch_id)
    if who.is_teacher:
        return url_for("passback.overview", launch_id=launch_id)
    return url_for("assessment.work", launch_id=launch_id)
