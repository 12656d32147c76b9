"""Cookies that work in a cross-site iframe: one per login and one per launch, named after it, so that two tabs or two
people in one browser never disturb one another."""

from flask import Request
from werkzeug.wrappers import Response

from tool.access import COOKIE_PREFIX, LAUNCH_COOKIE_PREFIX

LOGIN_COOKIE_PREFIX = f"{COOKIE_PREFIX}login-"
KEPT_AT_MOST = 20


def login_cookie_name(login_id: str) -> str:
    return f"{LOGIN_COOKIE_PREFIX}{login_id}"


def set_cookie(response: Response, name: str, value: str, *, max_age_seconds: int) -> None:
    """`__Host-` ties it to this host over TLS, Partitioned lets a cross-site iframe keep it."""
    response.set_cookie(
        name,
        value,
        max_age=max_age_seconds,
        path="/",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def drop_cookie(response: Response, name: str) -> None:
    set_cookie(response, name, "", max_age_seconds=0)


def drop_surplus(response: Response, request: Request) -> None:
    """Keep at most twenty of ours; browsers send the oldest first."""
    for prefix in (LOGIN_COOKIE_PREFIX, LAUNCH_COOKIE_PREFIX):
        ours = [name for name in request.cookies if name.startswith(prefix)]
        for name in ours[: max(0, len(ours) - KEPT_AT_MOST + 1)]:
            drop_cookie(response, name)
