"""Signing in and out."""

import math
from datetime import datetime

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool.access import ANYONE, opens, part
from tool.admin import gate, sessions
from tool.admin.operators import TooBusy
from tool.admin.screens.room import blueprint
from tool.admin.sessions import SignedIn
from tool.admin.signing_in import SignInRefused, sign_in
from tool.clock import now
from tool.db import Database
from tool.language import gettext, ngettext
from tool.sources import source_of_request


@opens(blueprint, "/admin/sign-in", to=ANYONE)
def sign_in_page() -> Response:
    if gate.who_is_here() is not None:
        return redirect(url_for("admin.overview"), 303)
    has_ended = request.args.get("ended") == "1"
    return _page(gettext("Your session has ended. What you did last was not done.") if has_ended else "", 200)


@opens(blueprint, "/admin/sign-in", to=ANYONE, methods=("POST",))
def try_to_sign_in() -> Response:
    if not gate.is_from_our_door():
        return _page(gettext("This page was too old, or cookies are switched off. Please try once more."), 400)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        token = sign_in(part(Database), email, password, source_of_request())
    except SignInRefused as refusal:
        if refusal.closed_until is None:
            return _page(refusal.message, 401)
        return _closed(refusal.message, refusal.closed_until)
    except TooBusy as refusal:
        return _page(refusal.message, 503)
    response = redirect(url_for("admin.overview"), 303)
    gate.set_session(response, token)
    return response


@gate.opens_to_operators(blueprint, "/admin/sign-out", methods=("POST",))
def sign_out(operator: SignedIn) -> Response:
    sessions.end(part(Database), operator.token)
    response = redirect(url_for("admin.sign_in_page"), 303)
    gate.drop_session(response)
    return response


def _closed(message: str, closed_until: datetime) -> Response:
    seconds = max(1, math.ceil((closed_until - now()).total_seconds()))
    wait = ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", math.ceil(seconds / 60))
    response = _page(f"{message} {wait}", 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _page(trouble: str, status: int) -> Response:
    key = gate.door_key()
    page = render_template(
        "admin/sign_in.html", csrf=gate.door_mark(key), trouble=trouble, email=request.form.get("email", "")
    )
    response = make_response(page, status)
    gate.set_door(response, key)
    return response
