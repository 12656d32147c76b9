"""Addresses for machines that watch: alive, ready, and numbers."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import DBAPIError

from tool.access import ANYONE, MONITOR, TABLE, opens, part
from tool.admin.measures import read_measures
from tool.admin.readiness import Readiness
from tool.db import Database
from tool.settings import Settings
from tool.sources import source_of_request

blueprint = Blueprint("watching", __name__)


@opens(blueprint, "/healthz", to=ANYONE)
def healthz() -> Response:
    """This process answers; nothing else is looked at."""
    return Response("ok\n", mimetype="text/plain")


@opens(blueprint, "/readyz", to=ANYONE)
def readyz() -> tuple[Response, int]:
    """200 when it can do its work, else 503; the answer names each check."""
    checks = part(Readiness).look()
    is_ready = all(word == "ok" for word in checks.values())
    return jsonify({"ready": is_ready, "checks": checks}), 200 if is_ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Numbers for Prometheus, to whoever shows the token. Without one in the settings to this machine itself, unless in
    production, where a proxy stands before us and everybody seems to come from here."""
    if not _is_monitor():
        abort(404)
    try:
        with part(Database).reading() as connection:
            return Response(read_measures(connection), content_type=CONTENT_TYPE_LATEST)
    except DBAPIError:
        return Response("# the database cannot be reached\n", 503, mimetype="text/plain")


TABLE[f"{blueprint.name}.{metrics.__name__}"] = MONITOR


def _is_monitor() -> bool:
    settings = part(Settings)
    if settings.metrics_token is not None:
        shown = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(shown, f"Bearer {settings.metrics_token}".encode())
    return not settings.is_production and _is_loopback(source_of_request())


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
