"""Every page of an operator is behind this: a session in a cookie, and the mark of its own page in every form.

The page to sign in has no session yet, so its form is bound to a cookie of its own: nobody can sign a stranger's
browser in under another name.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from tool.access import COOKIE_PREFIX, OPERATOR, TABLE, FormSeal, NotForYou, digest, is_own_form, part
from tool.admin.sessions import LIFE, SignedIn, find
from tool.db import Database
from tool.language import gettext

SESSION_COOKIE = "operator"
DOOR_COOKIE = "door"


def opens_to_operators(
    blueprint: Blueprint, path: str, *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open a route to operators who are signed in; the view gets its `SignedIn` first. Everybody else is led to the
    page to sign in, and nothing is done."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        TABLE[f"{blueprint.name}.{view.__name__}"] = OPERATOR

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            operator = who_is_here()
            if operator is None:
                return _lead_to_the_door()
            if request.method == "POST" and not is_own_form(page_mark(operator)):
                raise NotForYou(
                    gettext("This form was not sent from the page it belongs to."),
                    gettext("Open the page again and repeat what you did."),
                    status=403,
                )
            return view(operator, *args, **kwargs)

        blueprint.add_url_rule(path, view_func=guarded, methods=list(methods))
        return guarded

    return register


def who_is_here() -> SignedIn | None:
    """The operator whose session this browser holds."""
    token = request.cookies.get(_cookie_name(SESSION_COOKIE))
    return find(part(Database), token) if token else None


def page_mark(operator: SignedIn) -> str:
    """Goes into every form of this session's pages."""
    return part(FormSeal).seal(SESSION_COOKIE, digest(operator.token))


def door_key() -> str:
    """What binds the form to sign in to this browser: its cookie, or a fresh one."""
    return request.cookies.get(_cookie_name(DOOR_COOKIE)) or secrets.token_urlsafe(24)


def door_mark(key: str) -> str:
    """Goes into the form to sign in."""
    return part(FormSeal).seal(DOOR_COOKIE, digest(key))


def is_from_our_door() -> bool:
    """Whether the form to sign in comes from a page that this very browser was given."""
    key = request.cookies.get(_cookie_name(DOOR_COOKIE))
    return key is not None and is_own_form(door_mark(key))


def set_session(response: Response, token: str) -> None:
    _set_cookie(response, SESSION_COOKIE, token, max_age_seconds=int(LIFE.total_seconds()))


def set_door(response: Response, key: str) -> None:
    _set_cookie(response, DOOR_COOKIE, key, max_age_seconds=None)


def drop_session(response: Response) -> None:
    _set_cookie(response, SESSION_COOKIE, "", max_age_seconds=0)


def _lead_to_the_door() -> Response:
    """A session that has ended says so: what was just posted was not done."""
    had_one = _cookie_name(SESSION_COOKIE) in request.cookies
    response = redirect(url_for("admin.sign_in_page", ended=1 if had_one else None), 303)
    if had_one:
        drop_session(response)
    return response


def _is_over_tls() -> bool:
    return str(current_app.config["TOOL_ORIGIN"]).startswith("https://")


def _cookie_name(kind: str) -> str:
    """`__Host-` needs TLS, and not every browser takes plain http on this machine itself for it."""
    return f"{COOKIE_PREFIX}{kind}" if _is_over_tls() else f"passback-{kind}"


def _set_cookie(response: Response, kind: str, value: str, *, max_age_seconds: int | None) -> None:
    response.set_cookie(
        _cookie_name(kind),
        value,
        max_age=max_age_seconds,
        path="/",
        secure=_is_over_tls(),
        httponly=True,
        samesite="Strict",
    )
