"""Builds the pretend LMS as a Flask app."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from tool.demo_lms.content_return import content_return
from tool.demo_lms.control import control
from tool.demo_lms.control_courses import course_control
from tool.demo_lms.course_pages import course_pages
from tool.demo_lms.gate import Gate
from tool.demo_lms.key_reading import ToolKeys
from tool.demo_lms.line_items import line_items
from tool.demo_lms.lms import Lms, this_lms
from tool.demo_lms.manners import MANNERS
from tool.demo_lms.manners.base import Complaint
from tool.demo_lms.memberships import memberships
from tool.demo_lms.oidc import oidc
from tool.demo_lms.orders import BadOrder, answer_bad_order
from tool.demo_lms.pages import pages
from tool.demo_lms.reception import Turned, turn_away
from tool.demo_lms.registration import platform_entry
from tool.demo_lms.results import results
from tool.demo_lms.scores import scores
from tool.demo_lms.storage import storage
from tool.demo_lms.token_address import token_address
from tool.demo_lms.tokens import TokenDesk
from tool.demo_lms.tool_registration import tool_registration

__all__ = ["create_lms", "platform_entry"]

ROOT = Path(__file__).resolve().parents[2]
SERVICES = (token_address, line_items, scores, results, memberships, tool_registration)
ROOMS = (pages, course_pages, storage, control, course_control, oidc, content_return, *SERVICES)
# What pages of the tool may post here.
OPEN_TO_OTHER_SITES = ("/lti/authorize", "/lti/content")


def create_lms(*, base_url: str, tool_url: str, manner: str = "canvas") -> Flask:
    """A fresh LMS at `base_url`, its issuer, for the tool at `tool_url`. Its world is app.extensions["demo_lms"].

    Raises ValueError for an unknown manner.
    """
    if manner not in MANNERS:
        raise ValueError(f"unknown manner {manner!r}; known: {', '.join(MANNERS)}")
    base_url, tool_url = base_url.rstrip("/"), tool_url.rstrip("/")
    tokens = TokenDesk(ToolKeys(f"{tool_url}/.well-known/jwks.json"))
    lms = Lms(base_url=base_url, tool_url=tool_url, manner=MANNERS[manner](), tokens=tokens)
    app = Flask(
        "tool.demo_lms",
        template_folder=str(ROOT / "templates" / "demo_lms"),
        static_folder=str(ROOT / "static" / "demo_lms"),
        static_url_path="/static",
    )
    # No other name may lead here, so that a page of another site cannot reach it through its own DNS.
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", urlsplit(base_url).hostname or ""]
    app.extensions["demo_lms"] = lms.world
    app.extensions["demo_lms.parts"] = lms
    for room in ROOMS:
        app.register_blueprint(room)
    app.register_error_handler(Turned, lambda turned: turned.response)
    app.register_error_handler(BadOrder, answer_bad_order)
    app.register_error_handler(404, _answer_wrong_address)
    app.register_error_handler(405, _answer_wrong_address)
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
    app.wsgi_app = Gate(app.wsgi_app, lms)  # type: ignore[method-assign]
    return app


def _answer_wrong_address(problem: HTTPException) -> Response | HTTPException:
    """Under the services' addresses a miss is answered in the manner of the LMS; elsewhere it is a page."""
    if not request.path.startswith("/api/lti/"):
        return problem
    complaint: Complaint = "nowhere" if problem.code == 404 else "wrong_method"
    return turn_away(complaint, f"No handler found for {request.method} {request.path}").response


def _refuse_other_sites() -> Response | None:
    """Logins and content come from the tool's pages; every other change comes from our own or from a program."""
    is_foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if request.method == "POST" and is_foreign and request.path not in OPEN_TO_OTHER_SITES:
        return Response("Only pages of this LMS may do that.", 403, content_type="text/plain")
    return None


def _add_headers(response: Response) -> Response:
    origin = this_lms().tool_origin
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self' {origin}; frame-src 'self' {origin}; frame-ancestors 'self'; base-uri 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.path.startswith("/static/"):
        return response
    response.headers.setdefault("Cache-Control", "no-store")
    return response
