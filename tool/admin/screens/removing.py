"""Editing what a platform is reached by, removing it or a deployment: pages that say first what waits."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import abort, make_response, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin import removing
from tool.admin.gate import opens_to_operators
from tool.admin.screens.platforms import find_platform
from tool.admin.screens.room import blueprint, show
from tool.admin.sessions import SignedIn
from tool.db import Database
from tool.errors import BadInput
from tool.language import told
from tool.model.platforms import Deployment, Platform
from tool.registration.new_platforms import NewPlatform, find_flaws
from tool.registration.platforms import TrustedPlatforms, edit
from tool.registration.typed import BLANKS, WORDS
from tool.settings import Settings

log = structlog.get_logger("admin")

FIELDS = ("client_id", "auth_login_url", "auth_token_url", "auth_audience", "key_set_url")


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/edit")
def edit_page(operator: SignedIn, platform_id: int) -> Response:
    row = _find_own(platform_id)
    return _edit_page(operator, row, {name: getattr(row, name) or "" for name in FIELDS})


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/edit", methods=("POST",))
def edit_platform(operator: SignedIn, platform_id: int) -> Response:
    row = _find_own(platform_id)
    values = {name: request.form.get(name, "").strip(BLANKS) for name in FIELDS}
    entry = NewPlatform(
        client_id=values["client_id"],
        auth_login_url=values["auth_login_url"],
        auth_token_url=values["auth_token_url"],
        key_set_url=values["key_set_url"],
        auth_audience=values["auth_audience"] or None,
    )
    flaws = find_flaws(row.issuer, entry, allows_loopback_http=not part(Settings).is_production)
    if row.key_set is not None and not entry.key_set_url:
        flaws.pop("key_set_url", None)
    if flaws:
        return _edit_page(operator, row, values, flaws={name: WORDS[code] for name, code in flaws.items()})
    try:
        edit(part(Database), platform_id, entry)
    except BadInput as refusal:
        return _edit_page(operator, row, values, trouble=told(refusal)[0])
    return _done(operator, platform_id, "edit")


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/remove")
def remove_page(operator: SignedIn, platform_id: int) -> Response:
    row = _find_own(platform_id)
    with part(Database).reading() as connection:
        waiting = removing.count_waiting(connection, platform_id)
    return _page(operator, "platform_remove.html", row, waiting=waiting, deployment_id=None)


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/remove", methods=("POST",))
def remove_platform(operator: SignedIn, platform_id: int) -> Response:
    _find_own(platform_id)
    closed = _remove(lambda: removing.remove_platform(part(Database), platform_id))
    part(TrustedPlatforms).forget()
    log.info("operator.removed_platform", operator_id=operator.id, platform_id=platform_id, closed=closed)
    return redirect(url_for("admin.all_platforms", closed=closed), 303)


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/deployments/remove")
def remove_deployment_page(operator: SignedIn, platform_id: int) -> Response:
    row, deployment_id = _find_own(platform_id), request.args.get("deployment_id", "")
    with part(Database).reading() as connection:
        this = (Deployment.platform_id == platform_id, Deployment.deployment_id == deployment_id)
        if connection.execute(select(Deployment.id).where(*this, Deployment.removed_at.is_(None))).first() is None:
            abort(404)
        waiting = removing.count_closing(connection, platform_id, deployment_id)
    return _page(operator, "platform_remove.html", row, waiting=waiting, deployment_id=deployment_id)


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/deployments/remove", methods=("POST",))
def remove_deployment(operator: SignedIn, platform_id: int) -> Response:
    _find_own(platform_id)
    deployment_id = request.form.get("deployment_id", "")
    closed = _remove(lambda: removing.remove_deployment(part(Database), platform_id, deployment_id))
    return _done(operator, platform_id, "remove", closed=closed)


def _edit_page(
    operator: SignedIn,
    row: Platform,
    values: Mapping[str, str],
    *,
    flaws: Mapping[str, object] | None = None,
    trouble: str | None = None,
) -> Response:
    with part(Database).reading() as connection:
        waiting = removing.count_waiting(connection, row.id)
    status = 400 if flaws or trouble else 200
    told: dict[str, Any] = {"values": values, "flaws": flaws or {}, "trouble": trouble, "waiting": waiting}
    return _page(operator, "platform_edit.html", row, status, **told)


def _page(operator: SignedIn, template: str, row: Platform, status: int = 200, **facts: Any) -> Response:
    with part(Database).reading() as connection:
        page = show(connection, operator, template, tab="admin.all_platforms", platform=row, **facts)
    return make_response(page, status)


def _done(operator: SignedIn, platform_id: int, word: str, **told: Any) -> Response:
    part(TrustedPlatforms).forget()
    log.info("operator.changed_platform", operator_id=operator.id, platform_id=platform_id, act=word, **told)
    return redirect(url_for("admin.platform", platform_id=platform_id, said=word, **told), 303)


def _remove(act: Callable[[], int]) -> int:
    """A stale page removes what is gone already: there is no such page any more."""
    try:
        return act()
    except BadInput:
        abort(404)


def _find_own(platform_id: int) -> Platform:
    """What stands in config.json is changed there."""
    row = find_platform(platform_id)
    if row.source == "file":
        abort(404)
    return row
