"""Builds the pretend SIS as a Flask app."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from tool.demo_sis.control import control
from tool.demo_sis.control_school import school_control
from tool.demo_sis.gate import Gate
from tool.demo_sis.gradebook import Gradebook
from tool.demo_sis.orders import BadOrder, answer_bad_order
from tool.demo_sis.pages import pages
from tool.demo_sis.reading import reading
from tool.demo_sis.records import utc_now
from tool.demo_sis.refusals import Turned, answer_refusal
from tool.demo_sis.rostering import rostering
from tool.demo_sis.school import School
from tool.demo_sis.settings import SisSettings
from tool.demo_sis.sis import GRADEBOOK_12, ROOT_11, ROSTERING_12, Sis, this_sis
from tool.demo_sis.token_address import token_address
from tool.demo_sis.writing import writing

ROOT = Path(__file__).resolve().parents[2]


def create_sis(*, base_url: str, settings: SisSettings | None = None, today: date | None = None) -> Flask:
    """A fresh SIS at `base_url`. Its parts are app.extensions["demo_sis.parts"].

    `today`: the day around which terms and periods lie, the district's own without it. A reset keeps `settings`.
    """
    settings = settings or SisSettings()
    school = School(today or utc_now().astimezone(ZoneInfo(settings.time_zone)).date())
    sis = Sis(base_url.rstrip("/"), settings, school, Gradebook(), first_settings=settings)
    app = Flask(
        "tool.demo_sis",
        template_folder=str(ROOT / "templates" / "demo_sis"),
        static_folder=str(ROOT / "static" / "demo_sis"),
        static_url_path="/static",
    )
    # No other name may lead here, so that a page of another site cannot reach it through its own DNS.
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", urlsplit(base_url).hostname or ""]
    app.extensions["demo_sis.parts"] = sis
    for room in (pages, control, school_control, token_address):
        app.register_blueprint(room)
    # One root in 1.1, one for each service in 1.2. Which of them is there at the moment, the reception knows.
    for room, root in ((rostering, ROSTERING_12), (reading, GRADEBOOK_12), (writing, GRADEBOOK_12)):
        app.register_blueprint(room, url_prefix=root)
        app.register_blueprint(room, url_prefix=ROOT_11, name=f"{room.name}_11")
    app.register_error_handler(Turned, _answer_turned)
    app.register_error_handler(BadOrder, answer_bad_order)
    app.register_error_handler(404, _answer_wrong_address)
    app.register_error_handler(405, _answer_wrong_address)
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
    app.wsgi_app = Gate(app.wsgi_app, sis)  # type: ignore[method-assign]
    return app


def _answer_turned(turned: Turned) -> Response:
    return answer_refusal(turned, is_wrapped=this_sis().settings.wraps_errors)


def _answer_wrong_address(problem: HTTPException) -> Response | HTTPException:
    """Under the services' addresses a miss is answered in the standard's words; elsewhere it is a page."""
    if not request.path.startswith("/ims/"):
        return problem
    what = "API route not found" if problem.code == 404 else "Method not allowed"
    return _answer_turned(Turned(problem.code or 404, f"{what}: {request.method} {request.path}"))


def _refuse_other_sites() -> Response | None:
    """Changes come from our own pages or from a program."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return Response("Only pages of this SIS may do that.", 403, content_type="text/plain")
    return None


def _add_headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
