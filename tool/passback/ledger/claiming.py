"""Leasing due rows to a sender, renewing the lease, giving rows back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, case, func, select, update

from tool.clock import now
from tool.db import Database
from tool.failpoints import reach
from tool.model.passbacks import Passback
from tool.passback.ledger.entries import Claimed
from tool.passback.ledger.queues import FRESH, HAS_SUSPECT, RETRIED, SUSPECT_AFTER, SUSPECTED, WITH_WORK

log = structlog.get_logger("sender")

# A dead sender's rows are taken over after this time; a living one renews long before.
LEASE = timedelta(seconds=10)
# Platforms that compare whole seconds (Moodle) refuse an equal one.
TIMESTAMP_STEP = timedelta(seconds=1)
# How long it is left alone if that is how it ends again. A process may be killed by chance, even several times.
SUSPECT_WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 300, 3600))
# Three times alone, and the process died each time: a person is told.
TOLD_AFTER = 3
CRASHED = "crashed"


def platforms_with_work(database: Database) -> list[int]:
    """Platforms for which something is due now."""
    with database.reading() as connection:
        return list(connection.execute(WITH_WORK, {"at": now()}).scalars())


def claim(database: Database, platform_id: int, *, holder: str, limit: int) -> list[Claimed]:
    """Lease up to `limit` due rows of a platform, fresh ones before old retries, and fix their timestamps."""
    at = now()
    with database.writing() as connection:
        mine = {"platform_id": platform_id, "at": at}
        rows = list(connection.execute(FRESH, {**mine, "most": limit}))
        if len(rows) < limit:
            rows += connection.execute(RETRIED, {**mine, "most": limit - len(rows)})
        claimed = _lease(connection, rows, holder, at)
        reach("claim.leased")
    reach("claim.committed")
    return claimed


def claim_suspect(database: Database, platform_id: int, *, holder: str, limit: int = 1) -> list[Claimed]:
    """Lease the row that may take its process down, if there is one. When it may be tried again after that is
    written down beforehand, since nobody may be left to do it afterwards."""
    at = now()
    with database.writing() as connection:
        rows = connection.execute(SUSPECTED, {"platform_id": platform_id, "at": at, "most": limit}).all()
        claimed = _lease(connection, rows, holder, at)
        for one in claimed:
            alone = one.begun - SUSPECT_AFTER
            wait = SUSPECT_WAITS[min(alone, len(SUSPECT_WAITS)) - 1]
            told = {"failure": CRASHED, "needs_person": True, "first_failed_at": one.first_failed_at or at}
            connection.execute(
                update(Passback)
                .where(Passback.id == one.id)
                .values(next_try_at=at + wait, **(told if alone > TOLD_AFTER else {}))
            )
    return claimed


def _lease(connection: Connection, rows: Sequence[Any], holder: str, at: datetime) -> list[Claimed]:
    ready = []
    for row in rows:
        earliest = _earliest(row)
        if earliest is None or earliest <= at:
            ready.append(row)
        else:
            connection.execute(update(Passback).where(Passback.id == row.id).values(next_try_at=earliest))
    if ready:
        connection.execute(
            update(Passback)
            .where(Passback.id.in_([row.id for row in ready]))
            .values(
                lease_until=at + LEASE,
                lease_holder=holder,
                begun=Passback.begun + 1,
                timestamp=func.coalesce(Passback.timestamp, at),
                last_timestamp=func.coalesce(Passback.timestamp, at),
            )
        )
    return list(_readable(ready, holder, at))


def _readable(rows: list[Any], holder: str, at: datetime) -> Iterator[Claimed]:
    """One row that makes no sense holds up no other; left leased it becomes a suspect, and a person is told."""
    for row in rows:
        try:
            yield _claimed(row, holder, at)
        except ValueError as error:
            log.error("claim.unreadable", passback_id=row.id, error=type(error).__name__)


def has_suspect(database: Database, platform_id: int) -> bool:
    """Whether a row waits that may take its process down."""
    with database.reading() as connection:
        found = connection.execute(HAS_SUSPECT, {"platform_id": platform_id, "at": now(), "most": 1})
        return found.first() is not None


def renew(database: Database, claimed: list[Claimed]) -> list[int]:
    """A living sender keeps what it holds; the ids of the rows that are still its own."""
    until = now() + LEASE
    still_ours: list[int] = []
    with database.writing() as connection:
        # Row by row in one order, here as everywhere: nobody then waits for another in a circle.
        ours = select(Passback.id).where(Passback.id.in_([one.id for one in claimed])).order_by(Passback.id)
        connection.execute(ours.with_for_update()).all()
        for holder in {one.holder for one in claimed}:
            ids = [one.id for one in claimed if one.holder == holder]
            mine = (Passback.id.in_(ids), Passback.lease_holder == holder)
            renewed = update(Passback).where(*mine).values(lease_until=until).returning(Passback.id)
            still_ours += connection.execute(renewed).scalars()
    return still_ours


def release(database: Database, claimed: list[Claimed]) -> None:
    """Give back rows that were not begun, so that another sender can take them at once."""
    at = now()
    with database.writing() as connection:
        for one in sorted(claimed, key=lambda row: row.id):
            connection.execute(
                update(Passback)
                .where(Passback.id == one.id, Passback.lease_holder == one.holder)
                .values(
                    lease_until=None,
                    lease_holder=None,
                    begun=Passback.begun - 1,
                    next_try_at=case((Passback.next_try_at > at, at), else_=Passback.next_try_at),
                )
            )


def let_go_all(database: Database) -> None:
    """At the start of the only sender there can be: whoever holds a lease is dead."""
    with database.writing() as connection:
        held = Passback.lease_holder.is_not(None)
        connection.execute(update(Passback).where(held).values(lease_until=None, lease_holder=None))


def _earliest(row: Any) -> datetime | None:
    """Before this moment the row's new version may not be sent; None when it may go at once."""
    if row.timestamp is not None or row.last_timestamp is None:
        return None
    earliest: datetime = row.last_timestamp + TIMESTAMP_STEP
    return earliest


def _claimed(row: Any, holder: str, at: datetime) -> Claimed:
    if row.trigger is None or row.wished_at is None:
        raise ValueError("due without a wish")
    return Claimed(
        id=row.id,
        holder=holder,
        placement_id=row.placement_id,
        assignment_id=row.assignment_id,
        platform_id=row.platform_id,
        subject=row.subject,
        line_item_url=row.own_line_item_url or row.link_line_item_url,
        scopes=frozenset((row.scopes or "").split()),
        score=row.score,
        maximum=row.maximum,
        version=row.version,
        confirmed_version=row.confirmed_version,
        confirmed_score=row.confirmed_score,
        confirmed_maximum=row.confirmed_maximum,
        trigger=row.trigger,
        run_id=row.run_id,
        wished_at=row.wished_at,
        timestamp=row.timestamp or at,
        submitted_at=row.submitted_at,
        is_new_submission=row.hand_in_version > row.confirmed_version,
        tries=row.tries,
        first_failed_at=row.first_failed_at,
        begun=row.begun + 1,
    )
