"""The nights: what goes by itself at the district's hour, terms that end, credentials that run out.

Asked every quarter of an hour; whatever was missed while the machine was off is made up for once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Select, delete, select

from tool import errands
from tool.clock import now
from tool.db import Database
from tool.model.people import Course
from tool.model.platforms import Customer, Platform
from tool.model.sis import SisConnection, SisPeriod, SisSection
from tool.model.sis_syncs import SisRun, SisRunLine
from tool.sis.connecting.connections import WARNED_BEFORE
from tool.sis.linking.marks import mark_reminded
from tool.sis.rules.dates import local_day, next_local_hour
from tool.sis.sync.asking import ask_for_run
from tool.sis.sync.terms import disable_items_of

log = structlog.get_logger("sis")

NIGHTS = "sis_nights"
LOOKS_EVERY = timedelta(minutes=15)
JITTER_SECONDS = 30 * 60
"""Not all classes of a district at once."""
GRACE = timedelta(days=3)
"""After the last day of a period its grades are still being finished."""
REMINDER = timedelta(days=7)
KEPT = timedelta(days=400)


def keep_nights(database: Database) -> datetime:
    """The errand `sis_nights`: ask for the runs that are due, look at terms and credentials; when to look again."""
    at = now()
    with database.reading() as connection:
        looked_at = errands.state(connection, NIGHTS, 0).finished_at
        sections = list(connection.execute(_sections()))
        expiring = _find_expiring(connection, at, looked_at)
    for one in expiring:
        log.warning("sis.secret_expires", connection_id=one.id, expires_on=one.secret_expires_on.isoformat())
    for section in sections:
        _end_terms(database, section, at)
        if section.is_nightly and section.nightly_paused_at is None:
            _ask_tonight(database, section, at)
    _forget_old_runs(database, at)
    return min([at + LOOKS_EVERY, *(_next_night(one, at) for one in sections)])


def jitter(section_id: int) -> int:
    """How many seconds after the hour a section goes: the same every night."""
    return int.from_bytes(sha256(f"night {section_id}".encode()).digest()[:4]) % JITTER_SECONDS


def _ask_tonight(database: Database, section: Any, at: datetime) -> None:
    """One run for the last night, unless there was one. A class that was linked since then waits for the next."""
    night = _last_night(section, at)
    if section.linked_at >= night:
        return
    with database.writing() as connection:
        asked = (SisRun.section_id == section.id, SisRun.kind == "nightly", SisRun.asked_at >= night)
        if connection.execute(select(SisRun.id).where(*asked).limit(1)).scalar() is None:
            ask_for_run(connection, section.id, "nightly", None)


def _last_night(section: Any, at: datetime) -> datetime:
    """The last moment at which its night began."""
    night = _next_night(section, at - timedelta(days=3))
    while (later := _next_night(section, night)) <= at:
        night = later
    return night


def _next_night(section: Any, after: datetime) -> datetime:
    return next_local_hour(after, ZoneInfo(section.time_zone), section.nightly_hour, jitter(section.id))


def _end_terms(database: Database, section: Any, at: datetime) -> None:
    """Some days after its end a period's items are switched off, once; before it the teacher is reminded."""
    zone = ZoneInfo(section.time_zone)
    today = local_day(at, zone)
    with database.writing() as connection:
        mine = select(SisPeriod).where(SisPeriod.section_id == section.id, SisPeriod.disabled_at.is_(None))
        for period in connection.execute(mine).all():
            is_of_now = period.ends_on + GRACE > local_day(section.linked_at, zone)
            if today >= period.ends_on + GRACE and is_of_now:
                disable_items_of(connection, section.id, period.sourced_id, acted_by=None)
            elif period.ends_on - REMINDER <= today < period.ends_on and period.reminded_at is None:
                mark_reminded(connection, section.id, period.sourced_id)


def _find_expiring(connection: Connection, at: datetime, looked_at: datetime | None) -> Iterable[Any]:
    """Connections whose credentials run out within the month, each once a day: at its nightly hour."""
    rows = connection.execute(of_ours(select(SisConnection)).where(SisConnection.secret_expires_on.is_not(None)))
    found = []
    for row in rows:
        zone = ZoneInfo(row.time_zone)
        is_news = looked_at is None or next_local_hour(looked_at, zone, row.nightly_hour, 0) <= at
        if is_news and row.secret_expires_on <= local_day(at, zone) + WARNED_BEFORE:
            found.append(row)
    return found


def _forget_old_runs(database: Database, at: datetime) -> None:
    old = select(SisRun.id).where(SisRun.updated_at < at - KEPT)
    with database.reading() as connection:
        if connection.execute(old.limit(1)).scalar() is None:
            return
    with database.writing() as connection:
        connection.execute(delete(SisRunLine).where(SisRunLine.run_id.in_(old)))
        connection.execute(delete(SisRun).where(SisRun.updated_at < at - KEPT))


def _sections() -> Select[*tuple[Any, ...]]:
    """The linked classes to which something may go."""
    linked = (
        select(
            *(SisSection.id, SisSection.linked_at, SisSection.is_nightly),
            *(SisConnection.time_zone, SisConnection.nightly_hour, SisConnection.nightly_paused_at),
        )
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .where(SisSection.unlinked_at.is_(None), SisSection.lms_syncs.is_(False))
        .join(Course, Course.id == SisSection.course_id)
        .where(SisConnection.lms_syncs.is_(False), Course.ended_at.is_(None))
        .order_by(SisSection.id)
    )
    return of_ours(linked)


def of_ours(connections: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Those that may be used now: enabled, not removed, of a customer and a platform that are."""
    return (
        connections.join(Customer, Customer.id == SisConnection.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .where(SisConnection.is_enabled.is_(True), SisConnection.removed_at.is_(None))
        .where(Customer.closed_at.is_(None), Platform.is_active.is_(True))
    )
