"""Builds the Flask app: the one place that opens screens and endpoints and puts the parts together."""

import secrets
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import Babel
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests

from tool import looks
from tool.access import TABLE, FormSeal, NotForYou, Visitor
from tool.admin import endpoints as watching_endpoints
from tool.admin import screens as admin_screens
from tool.admin.readiness import Readiness
from tool.assessment import screens as assessment_screens
from tool.assessment.kept import KeptNames
from tool.assessment.settings import screens as settings_screens
from tool.assessment.teacher import screens as grading_screens
from tool.errors import BadInput, NotThere, PassbackError
from tool.language import gettext, told
from tool.launch import endpoints as launch_endpoints
from tool.launch import screens as launch_screens
from tool.library import screens as library_screens
from tool.library.importing.sealing import ImportSeal
from tool.library.selections import ChoiceSeal
from tool.lti.errors import LaunchRefused
from tool.lti.key_set import KeySets
from tool.lti.login import StateSigner
from tool.page_tokens import PageSeal, write_into
from tool.parts import Parts
from tool.passback import screens as passback_screens
from tool.registration import check_screens, sign_up_endpoints
from tool.registration import endpoints as registration_endpoints
from tool.registration import screens as registration_screens
from tool.registration.kept_key_sets import KeptKeySets
from tool.registration.keys import ensure_secret
from tool.sis import screens as sis_screens
from tool.sources import Turnstile, WorkTurnstile

log = structlog.get_logger("web")

ROOT = Path(__file__).resolve().parent.parent
# An id_token is a few kilobytes; 200 answers of the longest kind are four megabytes.
BODY_BYTES = 6_000_000
YEAR_SECONDS = 365 * 24 * 3600
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'"
)

ROOMS = (
    registration_endpoints,
    sign_up_endpoints,
    registration_screens,
    check_screens,
    launch_endpoints,
    launch_screens,
    library_screens,
    assessment_screens,
    passback_screens,
    grading_screens,
    settings_screens,
    sis_screens,
    admin_screens,
    watching_endpoints,
)


def create_app(parts: Parts) -> Flask:
    """The web side of the tool. Starts no threads and asks no network."""
    app = Flask("passback", template_folder=ROOT / "templates", static_folder=ROOT / "static")
    if app.debug and parts.settings.is_production:
        # Flask takes it from the environment of whoever starts us.
        raise BadInput("FLASK_DEBUG: debugging is refused in production", "Unset it.")
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES
    app.config["TOOL_ORIGIN"] = parts.settings.base_url
    app.extensions["passback"] = _instances(parts)
    Babel(app, locale_selector=looks.choose_locale, default_translation_directories=str(ROOT / "tool" / "translations"))
    looks.teach(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.url_defaults(write_into)
    TABLE["static"] = frozenset({"anyone"})
    if parts.settings.is_production:
        app.before_request(partial(_insist_on_tls, parts.settings.base_url))
    app.after_request(_add_headers)
    app.register_error_handler(PassbackError, _refuse)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(DBAPIError, _answer_database_error)
    app.register_error_handler(Exception, _answer_fault)
    return app


def _instances(parts: Parts) -> dict[type, Any]:
    secret = ensure_secret(parts.settings.keys_dir)
    made: tuple[object, ...] = (
        parts.settings,
        parts.database,
        parts.platforms,
        parts.bell,
        parts.outbound,
        KeySets(parts.outbound, KeptKeySets(parts.database)),
        StateSigner(secret),
        launch_endpoints.WaitingSeal(secret),
        Turnstile(parts.settings.logins_per_minute),
        WorkTurnstile(),
        FormSeal(secret),
        PageSeal(secret),
        ChoiceSeal(secret),
        ImportSeal(secret),
        KeptNames(secret),
        Readiness(parts.database, parts.settings),
    )
    return {type(one): one for one in made}


def _insist_on_tls(base_url: str) -> Response | None:
    """What the proxy took over plain http is read by anybody on the way: a form of it is not used. Believed of whoever
    says it, since nothing comes of it but this."""
    if request.headers.get("X-Forwarded-Proto", "").strip().lower() != "http":
        return None
    if request.method in ("GET", "HEAD"):
        return Response(status=308, headers={"Location": base_url + request.full_path.rstrip("?")})
    raise PassbackError(
        gettext("This came over a connection that others can read along, so nothing of it was used."),
        gettext("Its address has to begin with https://. Ask your school to change it where the LMS has it."),
    )


def _add_headers(response: Response) -> Response:
    visitor: Visitor | None = g.get("visitor")
    ancestors = visitor.frame_ancestors if visitor else g.get("frame_ancestors", "")
    if response.mimetype == "text/html":
        allowed = ancestors or "'none'"
        # Only the page that carries a teacher's choice back to the LMS has a form for another site.
        targets = f"'self' {g.get('form_targets', '')}".strip()
        policy = f"{CONTENT_POLICY}; form-action {targets}; frame-ancestors {allowed}"
        response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.endpoint == "static" and response.status_code in (200, 304):
        _let_keep(response)
    # Only what says that it is everybody's may be kept; a file that is sent says something of its own otherwise.
    elif not response.cache_control.public:
        response.headers["Cache-Control"] = "no-store"
    return response


def _let_keep(response: Response) -> None:
    """No page asks again for its icons and scripts: they are there when the connection is not."""
    name = (request.view_args or {})["filename"]
    if looks.is_lasting(name, request.args.get("v")):
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"


def _refuse(error: PassbackError) -> tuple[Response | str, int]:
    status = error.status if isinstance(error, NotForYou) else 404 if isinstance(error, NotThere) else 400
    code = error.code if isinstance(error, LaunchRefused) else type(error).__name__
    return _error_page(*told(error), status, code)


def _answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(status=status)
    texts = {
        404: (gettext("There is no such page."), gettext("Open the assignment again from your course.")),
        405: (gettext("This address cannot be opened like that."), gettext("Open the assignment from your course.")),
        413: (
            gettext("That is more than Passback accepts at once."),
            gettext("Shorten your longest answers, or choose a smaller file."),
        ),
        429: (
            gettext("Too much comes from you, or from your network, at this moment."),
            gettext("Wait a minute, then try again. What was saved is kept."),
        ),
    }
    message, hint = texts.get(status, (gettext("That did not work."), gettext("Go back and try again.")))
    page, _status = _error_page(message, hint, status, f"http.{status}")
    answer = make_response(page, status)
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _answer_database_error(error: DBAPIError) -> tuple[Response | str, int]:
    """A page that says what is true: nothing was saved, and trying again is right."""
    is_passing = isinstance(error, OperationalError) or error.connection_invalidated
    log.error("database.failed", error=type(error.orig).__name__, is_passing=is_passing)
    message = gettext("Passback cannot reach its database at the moment. Nothing was changed.")
    return _error_page(message, gettext("Try again in a few seconds."), 503, "database.failed")


def _answer_fault(error: Exception) -> tuple[Response | str, int]:
    log.error("web.fault", error=type(error).__name__, exc_info=error)
    message = gettext("Something went wrong in Passback. It is not your fault, and it was written down.")
    return _error_page(
        message, gettext("Try again. If it happens again, give the code below to your school."), 500, "fault"
    )


def _error_page(message: str, hint: str, status: int, code: str) -> tuple[Response | str, int]:
    reference = secrets.token_hex(4)
    log.info("web.refused", code=code, status=status, reference=reference, endpoint=request.endpoint)
    if request.headers.get("X-Passback-Autosave") == "1":
        return jsonify({"message": f"{message} {hint}".strip()}), status
    visitor: Visitor | None = g.get("visitor")
    return_url = visitor.return_url if visitor else None
    page = render_template(
        "error.html", message=message, hint=hint, status=status, reference=reference, return_url=return_url
    )
    return page, status
