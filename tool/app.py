"""Builds the Flask app: the one place that opens screens and endpoints and puts the parts together."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import Babel
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from tool import looks
from tool.access import TABLE, FormSeal, NotForYou, Visitor
from tool.assessment import screens as assessment_screens
from tool.assessment.settings import screens as settings_screens
from tool.assessment.teacher import screens as grading_screens
from tool.db import Database
from tool.errors import PassbackError
from tool.language import gettext
from tool.launch import endpoints as launch_endpoints
from tool.launch import screens as launch_screens
from tool.lti.errors import LaunchRefused
from tool.lti.key_set import KeySets
from tool.lti.login import StateSigner
from tool.outbound import Outbound
from tool.passback import screens as passback_screens
from tool.registration import endpoints as registration_endpoints
from tool.registration.kept_key_sets import KeptKeySets
from tool.registration.keys import ensure_secret
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell

log = structlog.get_logger("web")

ROOT = Path(__file__).resolve().parent.parent
# An id_token is a few kilobytes; 200 answers of the longest kind are four megabytes.
BODY_BYTES = 6_000_000
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


@dataclass(frozen=True)
class Parts:
    """What the app is made of; a sender in the same process shares them."""

    settings: Settings
    database: Database
    platforms: TrustedPlatforms
    outbound: Outbound
    bell: Bell


def create_app(parts: Parts) -> Flask:
    """The web side of the tool. Starts no threads and asks no network."""
    app = Flask("passback", template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES
    app.config["TOOL_ORIGIN"] = parts.settings.base_url
    app.extensions["passback"] = _instances(parts)
    Babel(app, locale_selector=looks.choose_locale, default_translation_directories=str(ROOT / "tool" / "translations"))
    looks.teach(app)
    rooms = (registration_endpoints, launch_endpoints, launch_screens, assessment_screens, passback_screens)
    for room in (*rooms, grading_screens, settings_screens):
        app.register_blueprint(room.blueprint)
    TABLE["static"] = frozenset({"anyone"})
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
        KeySets(parts.outbound, KeptKeySets(parts.database)),
        StateSigner(secret),
        launch_endpoints.WaitingSeal(secret),
        FormSeal(secret),
    )
    return {type(one): one for one in made}


def _add_headers(response: Response) -> Response:
    visitor: Visitor | None = g.get("visitor")
    ancestors = visitor.frame_ancestors if visitor else g.get("frame_ancestors", "")
    if response.mimetype == "text/html":
        allowed = ancestors or "'none'"
        response.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; frame-ancestors {allowed}"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _refuse(error: PassbackError) -> tuple[Response | str, int]:
    status = error.status if isinstance(error, NotForYou) else 400
    code = error.code if isinstance(error, LaunchRefused) else type(error).__name__
    return _error_page(error.message, error.hint, status, code)


def _answer_http_error(error: HTTPException) -> tuple[Response | str, int] | Response:
    status = error.code or 500
    if status < 400:
        return Response(status=status)
    texts = {
        404: (gettext("There is no such page."), gettext("Open the assignment again from your course.")),
        405: (gettext("This address cannot be opened like that."), gettext("Open the assignment from your course.")),
        413: (gettext("That is more than Passback accepts at once."), gettext("Shorten your longest answers.")),
    }
    message, hint = texts.get(status, (gettext("That did not work."), gettext("Go back and try again.")))
    return _error_page(message, hint, status, f"http.{status}")


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
