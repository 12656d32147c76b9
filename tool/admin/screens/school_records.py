"""Connections to schools' records: the list, one connection with its switches, and the test step by step."""

from typing import Any

import structlog
from flask import make_response, redirect, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import LARGEST_ID, blueprint, show
from tool.admin.sessions import SignedIn
from tool.clock import now
from tool.db import Database
from tool.errors import NotThere
from tool.language import gettext, told
from tool.language import lazy_gettext as _
from tool.model.people import Course
from tool.model.sis import SisSection
from tool.model.sis_syncs import SisRun, SisRunLine
from tool.registration.checks.steps import Step
from tool.registration.keys import ensure_secret
from tool.settings import Settings
from tool.sis.connecting.connections import (
    find_connection,
    is_ending,
    read_connections,
    remove_connection,
    switch_connection,
)
from tool.sis.connecting.sealing import CannotOpen, Sealing
from tool.sis.connecting.testing import read_kept
from tool.sis.connecting.trying import TestedNow, try_connection
from tool.sis.vendors.words import name_vendor

log = structlog.get_logger("admin")

TAB = "admin.school_records"
RUNS_SHOWN = 50
SAID = {
    "made": _("Stored, and still switched off. Test it, then switch it on."),
    "changed": _("Stored."),
    "on": _("Switched on. Teachers can link their classes now."),
    "off": _("Switched off. Nothing more is sent; what was sent stays there."),
    "paused": _("No night sends anything until you resume."),
    "resumed": _("The nights send again."),
    "lms_syncs": _("Noted: the LMS sends its grades there itself, so nothing goes from here."),
    "lms_stays_out": _("Noted: the LMS sends nothing there."),
}


@opens_to_operators(blueprint, "/admin/school-records")
def school_records(operator: SignedIn) -> str:
    with part(Database).reading() as connection:
        lines = read_connections(connection)
        return show(
            connection,
            operator,
            "sis_connections.html",
            lines=lines,
            vendors={one.vendor: name_vendor(one.vendor) for one in lines},
            said=_said(),
        )


@opens_to_operators(blueprint, "/admin/school-records/<int:connection_id>")
def school_record(operator: SignedIn, connection_id: int) -> str:
    return _page(operator, connection_id, said=_said())


@opens_to_operators(blueprint, "/admin/school-records/<int:connection_id>", methods=("POST",))
def switch_school_record(operator: SignedIn, connection_id: int) -> Response:
    """One switch: `do` says which."""
    switches: dict[str, dict[str, object]] = {
        "on": {"is_enabled": True},
        "off": {"is_enabled": False},
        "paused": {"nightly_paused_at": now()},
        "resumed": {"nightly_paused_at": None},
        "lms_syncs": {"lms_syncs": True},
        "lms_stays_out": {"lms_syncs": False},
    }
    do = request.form.get("do", "")
    if do not in switches:
        return make_response(_page(operator, connection_id, said=gettext("Nothing was changed.")), 400)
    switch_connection(part(Database), _known(connection_id), **switches[do])
    log.info("operator.switched_school_records", operator_id=operator.id, connection_id=connection_id, do=do)
    return redirect(url_for("admin.school_record", connection_id=connection_id, said=do), 303)


@opens_to_operators(blueprint, "/admin/school-records/<int:connection_id>/check", methods=("POST",))
def check_school_record(operator: SignedIn, connection_id: int) -> Response:
    """Ask the SIS all that a run will need; within 20 seconds."""
    try:
        trial = try_connection(
            part(Database),
            own_sealing(),
            _known(connection_id),
            teacher_email=request.form.get("teacher_email", "").strip()[:300],
            allow_loopback_http=not part(Settings).is_production,
        )
    except (CannotOpen, TestedNow) as refusal:
        page = make_response(_page(operator, connection_id, said=" ".join(told(refusal))))
        page.status_code = 429 if isinstance(refusal, TestedNow) else 400
        return page
    bad = [one.key for one in trial.steps if one.state == "bad"]
    log.info("operator.tested_school_records", operator_id=operator.id, connection_id=connection_id, bad=bad)
    return make_response(_page(operator, connection_id, steps=trial.steps))


@opens_to_operators(blueprint, "/admin/school-records/<int:connection_id>/remove")
def ask_to_remove_school_record(operator: SignedIn, connection_id: int) -> str:
    with part(Database).reading() as connection:
        row = find_connection(connection, _known(connection_id))
        return show(connection, operator, "sis_remove.html", tab=TAB, record=row)


@opens_to_operators(blueprint, "/admin/school-records/<int:connection_id>/remove", methods=("POST",))
def remove_school_record(operator: SignedIn, connection_id: int) -> Response:
    remove_connection(part(Database), _known(connection_id), own_sealing())
    log.info("operator.removed_school_records", operator_id=operator.id, connection_id=connection_id)
    return redirect(url_for(TAB), 303)


def own_sealing() -> Sealing:
    return Sealing(ensure_secret(part(Settings).keys_dir))


def _known(connection_id: int) -> int:
    if connection_id > LARGEST_ID:
        raise NotThere(gettext("There is no such connection."))
    return connection_id


def _page(operator: SignedIn, connection_id: int, *, said: str | None = None, steps: list[Step] | None = None) -> str:
    sealing = own_sealing()
    with part(Database).reading() as connection:
        row = find_connection(connection, _known(connection_id))
        kept = read_kept(row.test_steps or [], name=row.name, expires_on=row.secret_expires_on)
        return show(
            connection,
            operator,
            "sis_connection.html",
            tab=TAB,
            record=row,
            vendor=name_vendor(row.vendor),
            is_ending=is_ending(row.secret_expires_on),
            has_ended=row.secret_expires_on is not None and row.secret_expires_on < now().date(),
            sealed_at=sealing.find_sealed_at(row.sealed_secret),
            header_sealed_at=sealing.find_sealed_at(row.sealed_vendor_header or ""),
            runs=_read_runs(connection, connection_id),
            steps=steps or (kept if row.test_steps else None),
            said=said,
        )


def _read_runs(connection: Connection, connection_id: int) -> list[Any]:
    """The latest of all classes, with how many of their lines failed."""
    failed = (
        select(func.count()).where(SisRunLine.run_id == SisRun.id, SisRunLine.outcome == "failed").scalar_subquery()
    )
    sent = select(func.count()).where(SisRunLine.run_id == SisRun.id, SisRunLine.outcome == "sent").scalar_subquery()
    return list(
        connection.execute(
            select(
                *(SisRun.id, SisRun.kind, SisRun.status, SisRun.asked_at, SisRun.updated_at, SisSection.class_title),
                *(Course.title.label("course_title"), sent.label("sent"), failed.label("failed")),
            )
            .join(SisSection, SisSection.id == SisRun.section_id)
            .join(Course, Course.id == SisSection.course_id)
            .where(SisSection.connection_id == connection_id)
            .order_by(SisRun.id.desc())
            .limit(RUNS_SHOWN)
        )
    )


def _said() -> str | None:
    words = SAID.get(request.args.get("said", ""))
    return str(words) if words else None
