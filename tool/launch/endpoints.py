"""The addresses an LMS sends browsers to: login initiation, the cookie probe behind it, and the launch."""

import hmac
from dataclasses import asdict
from typing import Any

import structlog
from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from tool.access import ANYONE, digest, launch_cookie_name, opens, part
from tool.db import Database
from tool.launch.arriving import LAUNCH_LIFE, record_launch
from tool.launch.cookies import drop_cookie, drop_surplus, login_cookie_name, set_cookie
from tool.launch.destinations import destination
from tool.launch.frames import origins_of
from tool.launch.limits import let_in, limit_body
from tool.launch.selecting import read_choice
from tool.launch.storing import asking_page, is_known_by_storage, keeping_page, presented_binding
from tool.lti.errors import LaunchRefused
from tool.lti.id_token import UnknownDeployment, VerifiedLaunch, verify_launch
from tool.lti.key_set import KeySets
from tool.lti.login import BegunLogin, LoginRequest, LoginState, StateSigner, begin_login, read_login
from tool.page_tokens import PageSeal, carry
from tool.registration.deployments import meet_deployment
from tool.registration.trusted import TrustedPlatforms
from tool.settings import Settings

blueprint = Blueprint("launch", __name__)
blueprint.before_request(limit_body)

log = structlog.get_logger("launch")

LAUNCH_PATH = "/lti/launch"
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
    params = {**request.args, **request.form}
    _frame_for(params.get("iss", ""), params.get("client_id") or None)
    let_in()
    asked = read_login(params)
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
    """Did the cookie come back? Then on to the LMS; if not, the LMS may keep the secret for us; if it does not either,
    one button opens the same unspent login in a new window."""
    waiting = _read_waiting()
    came_back = request.cookies.get(login_cookie_name(waiting["login_id"]), "")
    if hmac.compare_digest(digest(came_back), waiting["binding"]):
        return redirect(waiting["to"], 302)
    _frame_for(waiting["login"]["issuer"], waiting["login"]["client_id"])
    continue_url = url_for("launch.continue_login", waiting=request.args["waiting"])
    asked = LoginRequest(**waiting["login"])
    if asked.storage_target:
        return keeping_page(_begin(asked, is_kept_in_storage=True), continue_url)
    return render_template("launch/new_window.html", continue_url=continue_url)


@opens(blueprint, "/lti/login/continue", to=ANYONE)
def continue_login() -> Response:
    """The same login again, in a window of its own where cookies are our own."""
    begun = _begin(LoginRequest(**_read_waiting()["login"]))
    return _bind(redirect(begun.authorization_url, 302), begun)


@opens(blueprint, LAUNCH_PATH, to=ANYONE, methods=("POST",))
def launch() -> Response | str:
    """Authentication response: verify, record, and go to the page. [Sec §5.1.1.3]"""
    platforms = part(TrustedPlatforms)
    try:
        try:
            verified = _verify()
        except UnknownDeployment as unknown:
            _meet(unknown)
            verified = _verify()
    except Exception as problem:
        state = _frame_for_state(request.form.get("state", ""))
        page = _ask_storage(state) if _is_without_cookie(problem) else None
        if page is None:
            raise
        return page
    _frame_for(verified.login.issuer, verified.login.client_id)
    known = platforms.known(verified.platform.issuer, verified.platform.client_id)
    if known is None:
        raise LookupError("the platform of a verified launch is known")
    choice = read_choice(verified.claims, known, allows_loopback=not part(Settings).is_production)
    carries_token = is_known_by_storage(verified.login)
    recorded = record_launch(part(Database), known, verified, choice, carries_token=carries_token)
    if carries_token:
        carry(part(PageSeal), recorded.launch_id, recorded.secret_digest)
        return redirect(destination(recorded.launch_id, recorded.arrival, verified.claims), 303)
    response = redirect(destination(recorded.launch_id, recorded.arrival, verified.claims), 303)
    drop_cookie(response, login_cookie_name(verified.login.login_id))
    drop_surplus(response, request)
    set_cookie(
        response,
        launch_cookie_name(recorded.launch_id),
        recorded.secret,
        max_age_seconds=int(LAUNCH_LIFE.total_seconds()),
    )
    return response


def _is_without_cookie(problem: Exception) -> bool:
    return isinstance(problem, LaunchRefused) and problem.code == "state.cookie_missing"


def _ask_storage(state: LoginState | None) -> str | None:
    """A page that asks the LMS for what it keeps for us, if this login began like that."""
    platform = part(TrustedPlatforms).find(state.issuer, state.client_id) if state else None
    return asking_page(state, platform) if state and platform else None


def _begin(asked: LoginRequest, *, is_kept_in_storage: bool = False) -> BegunLogin:
    try:
        return begin_login(
            asked,
            registry=part(TrustedPlatforms),
            signer=part(StateSigner),
            launch_url=current_app.config["TOOL_ORIGIN"] + LAUNCH_PATH,
            tool_origin=current_app.config["TOOL_ORIGIN"],
            is_kept_in_storage=is_kept_in_storage,
        )
    except LaunchRefused as refused:
        is_waiting = part(TrustedPlatforms).is_waiting(asked.issuer, asked.client_id)
        if refused.code == "platform.unknown" and is_waiting:
            raise LaunchRefused("platform.waiting") from None
        raise


def _verify() -> VerifiedLaunch:
    return verify_launch(
        request.form,
        read_binding=presented_binding,
        registry=part(TrustedPlatforms),
        signer=part(StateSigner),
        key_sets=part(KeySets),
    )


def _meet(unknown: UnknownDeployment) -> None:
    """A new installation: taken in at once, or held until an operator approves it. Raises LaunchRefused unless launches
    of it are welcome."""
    platforms = part(TrustedPlatforms)
    known = platforms.known(unknown.platform.issuer, unknown.platform.client_id)
    if known is None:
        raise unknown
    met = meet_deployment(part(Database), known.id, unknown.deployment_id)
    if met != "known":
        log.info("deployment.refused", platform_id=known.id, met=met)
        raise LaunchRefused(f"deployment.{met}")
    platforms.forget()


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


def _frame_for_state(text: str) -> LoginState | None:
    try:
        state = part(StateSigner).read_whatever_its_age(text)
    except LaunchRefused:
        return None
    _frame_for(state.issuer, state.client_id)
    return state
