"""An operator connects a school's records: the vendor first, then its form, filled in as far as it is known."""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import abort, make_response, redirect, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import LARGEST_ID, blueprint, read_number, show
from tool.admin.screens.school_records import TAB, own_sealing
from tool.admin.sessions import SignedIn
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext, told
from tool.model.platforms import Customer, Deployment, Platform
from tool.settings import Settings
from tool.sis.connecting.connections import change_connection, find_connection, make_connection
from tool.sis.connecting.typed import TypedConnection, read_connection, shown_profile
from tool.sis.vendors import GENERIC, Preset, presets, profile_of
from tool.sis.vendors.words import HINTS, RULES, name_vendor

log = structlog.get_logger("admin")

# Offered where one is typed; any other of the world is taken too.
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles")
ZONES_BEYOND = ("America/Anchorage", "Pacific/Honolulu", "Europe/London")


@opens_to_operators(blueprint, "/admin/school-records/new")
def choose_vendor(operator: SignedIn) -> str:
    with part(Database).reading() as connection:
        vendors = {key: name_vendor(key) for key in presets()}
        return show(connection, operator, "sis_choose.html", tab=TAB, vendors=vendors)


@opens_to_operators(blueprint, "/admin/school-records/new/<vendor>")
def new_school_record(operator: SignedIn, vendor: str) -> Response:
    return _new_page(operator, vendor, _find(vendor), None, 200)


@opens_to_operators(blueprint, "/admin/school-records/new/<vendor>", methods=("POST",))
def add_school_record(operator: SignedIn, vendor: str) -> Response:
    preset = _find(vendor)
    customer_id = read_number(request.form.get("customer"))
    typed = _read(vendor, None)
    if customer_id is None:
        flaws = {**typed.flaws, "customer": gettext("Choose one of the list.")}
        return _new_page(operator, vendor, preset, TypedConnection(typed.values, flaws), 400)
    if typed.new is None:
        return _new_page(operator, vendor, preset, typed, 400)
    try:
        connection_id = make_connection(part(Database), own_sealing(), customer_id, typed.new)
    except BadInput as refusal:
        flawed = TypedConnection(typed.values, {"name": told(refusal)[0]})
        return _new_page(operator, vendor, preset, flawed, 400)
    log.info("operator.connected_school_records", operator_id=operator.id, connection_id=connection_id)
    return redirect(url_for("admin.school_record", connection_id=connection_id, said="made"), 303)


@opens_to_operators(blueprint, "/admin/school-records/<int:connection_id>/edit")
def edit_school_record(operator: SignedIn, connection_id: int) -> Response:
    return _edit_page(operator, connection_id, None, 200)


@opens_to_operators(blueprint, "/admin/school-records/<int:connection_id>/edit", methods=("POST",))
def change_school_record(operator: SignedIn, connection_id: int) -> Response:
    with part(Database).reading() as connection:
        row = find_connection(connection, min(connection_id, LARGEST_ID))
    typed = _read(row.vendor, row.profile)
    if typed.new is None:
        return _edit_page(operator, connection_id, typed, 400)
    try:
        change_connection(part(Database), own_sealing(), connection_id, typed.new)
    except BadInput as refusal:
        return _edit_page(operator, connection_id, TypedConnection(typed.values, {"name": told(refusal)[0]}), 400)
    log.info("operator.changed_school_records", operator_id=operator.id, connection_id=connection_id)
    return redirect(url_for("admin.school_record", connection_id=connection_id, said="changed"), 303)


def _find(vendor: str) -> Preset:
    preset = presets().get(vendor)
    if preset is None:
        abort(404)
    return preset


def _read(vendor: str, stored: Mapping[str, object] | None) -> TypedConnection:
    allows = not part(Settings).is_production
    return read_connection(vendor, request.form, stored=stored, allows_loopback_http=allows)


def _new_page(operator: SignedIn, vendor: str, preset: Preset, typed: TypedConnection | None, status: int) -> Response:
    profile = profile_of(vendor, {})
    usual: dict[str, Any] = shown_profile(profile) | {
        "name": preset.title if vendor != GENERIC else "",
        "version": profile.version,
        "auth": profile.auth,
        "signature_method": "HMAC-SHA1",
        "nightly_hour": "2",
        "teachers": "all",
        "time_zone": preset.time_zone,
        "sync_by_default": preset.sync_by_default,
        "lms_syncs": False,
    }
    with part(Database).reading() as connection:
        page = show(
            connection,
            operator,
            "sis_form.html",
            tab=TAB,
            **_facts_of(vendor, preset, {}),
            record=None,
            customers=_read_customers(connection),
            chosen=request.form.get("customer", ""),
            values=typed.values if typed else usual,
            flaws=typed.flaws if typed else {},
        )
    return make_response(page, status)


def _edit_page(operator: SignedIn, connection_id: int, typed: TypedConnection | None, status: int) -> Response:
    with part(Database).reading() as connection:
        row = find_connection(connection, min(connection_id, LARGEST_ID))
        page = show(
            connection,
            operator,
            "sis_form.html",
            tab=TAB,
            **_facts_of(row.vendor, presets().get(row.vendor) or presets()[GENERIC], row.profile),
            record=row,
            customers=[],
            chosen="",
            values=typed.values if typed else _stored(row),
            flaws=typed.flaws if typed else {},
        )
    return make_response(page, status)


def _facts_of(vendor: str, preset: Preset, differs: Mapping[str, object]) -> dict[str, Any]:
    """What the form tells of the vendor, whatever is in its fields."""
    return {
        "vendor": vendor,
        "vendor_title": name_vendor(vendor),
        "hints": HINTS.get(vendor, {}),
        "rules": RULES.get(vendor, ()),
        "sources": preset.sources,
        "header": profile_of(vendor, differs).vendor_header,
        "zones": (*ZONES, *ZONES_BEYOND),
    }


def _stored(row: Any) -> dict[str, Any]:
    """What the form shows of a row; the secrets never leave it."""
    kept = ("name", "version", "auth", "rostering_url", "gradebook_url", "signature_method", "time_zone", "teachers")
    maybe = ("resources_url", "token_url", "client_id")
    return {
        **shown_profile(profile_of(row.vendor, row.profile)),
        **{name: getattr(row, name) for name in (*kept, "sync_by_default", "lms_syncs")},
        **{name: getattr(row, name) or "" for name in maybe},
        "nightly_hour": str(row.nightly_hour),
        "secret_expires_on": row.secret_expires_on.isoformat() if row.secret_expires_on else "",
        "teacher_emails": "\n".join(str(one) for one in row.teacher_emails),
    }


def _read_customers(connection: Connection) -> list[Any]:
    """Whose courses a connection can be for: each with the LMS and the deployments by which its operator knows it."""
    rows = connection.execute(
        select(Customer.id, Platform.name, Deployment.deployment_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .join(Deployment, Deployment.customer_id == Customer.id)
        .where(Customer.closed_at.is_(None), Platform.is_active)
        .order_by(Platform.name, Customer.id, Deployment.deployment_id)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        known = found.setdefault(row.id, {"id": row.id, "name": row.name, "deployments": []})
        known["deployments"].append(row.deployment_id)
    return list(found.values())
