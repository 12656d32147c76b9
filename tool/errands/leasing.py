"""Leasing due errands to a runner, renewing the lease, writing how they ended, giving them back.

A claim takes the due time away and leaves the lease: whoever asks meanwhile sets a new due time beside it, and a lease
that has run out means that its process died.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, and_, case, or_, select, true, update

from tool.clock import now
from tool.db import Database
from tool.model.errands import Errand

# A dead runner's errands are taken over after this time; a living one renews long before.
LEASE = timedelta(seconds=15)
MOST_TRIES = 6
WHOLE_INSTALLATION = 0
CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class ClaimedErrand:
    """A leased errand. `tries`: how often it failed in a row since it was last asked for."""

    id: int
    kind: str
    subject_id: int
    holder: str
    tries: int


def kinds_with_work(database: Database, kinds: Collection[str], *, holder: str) -> list[str]:
    """Those of these kinds of which something can be claimed now."""
    with database.reading() as connection:
        found = connection.execute(
            select(Errand.kind).where(Errand.kind.in_(kinds), _is_claimable(now(), holder)).distinct()
        )
        return sorted(found.scalars())


def claim(database: Database, *, holder: str, limit: int, kinds: Collection[str] | None = None) -> list[ClaimedErrand]:
    """Lease up to `limit` due errands: fresh ones before old retries, and of those what was asked for last.

    Somebody looks on while the latest is done; a night's backlog behind an LMS that hangs can wait.
    """
    with database.writing() as connection:
        at = now()
        is_of_kind = true() if kinds is None else Errand.kind.in_(kinds)
        rows = connection.execute(
            select(Errand)
            .where(is_of_kind, _is_claimable(at, holder))
            .order_by(Errand.tries > 0, Errand.asked_at.desc(), Errand.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        claimed = []
        for row in rows:
            # Its process died with it, or of it: that counts, or it would take down one process after the other.
            is_left_behind = row.lease_holder is not None
            tries = row.tries + is_left_behind
            if is_left_behind and is_given_up(tries, row.subject_id):
                connection.execute(_ended(row.id, failure=CRASHED, tries=tries, at=at))
                continue
            connection.execute(
                update(Errand)
                .where(Errand.id == row.id)
                .values(due_at=None, lease_until=at + LEASE, lease_holder=holder, tries=tries)
            )
            claimed.append(ClaimedErrand(row.id, row.kind, row.subject_id, holder, tries))
    return claimed


def renew(database: Database, claimed: Iterable[ClaimedErrand]) -> None:
    """A living runner keeps what it holds."""
    with database.writing() as connection:
        for one in sorted(claimed, key=lambda one: one.id):
            connection.execute(update(Errand).where(_is_held(one)).values(lease_until=now() + LEASE))


def finish(database: Database, claimed: ClaimedErrand, *, failure: str | None, again_at: datetime | None) -> None:
    """Write how it ended, and when it runs again if nobody asks before; nothing when another has the lease by now."""
    with database.writing() as connection:
        connection.execute(
            _ended(claimed.id, failure=failure, tries=claimed.tries + 1 if failure else 0, at=now())
            .where(_is_held(claimed))
            .values(due_at=_sooner(again_at))
        )


def give_back(connection: Connection, claimed: Iterable[ClaimedErrand]) -> None:
    """Begun and not ended: another process may have it at once."""
    for one in sorted(claimed, key=lambda one: one.id):
        connection.execute(
            update(Errand).where(_is_held(one)).values(due_at=_sooner(now()), lease_until=None, lease_holder=None)
        )


def let_go_all(database: Database) -> None:
    """At the start of the only runner there can be: whoever holds a lease is dead, and may be followed at once."""
    with database.writing() as connection:
        held = Errand.lease_holder.is_not(None)
        connection.execute(update(Errand).where(held).values(lease_until=now() - timedelta(seconds=1)))


def is_given_up(tries: int, subject_id: int) -> bool:
    """Whether it is left alone until somebody asks again. Nobody asks for the work of the whole installation: it has to
    come back by itself after any trouble."""
    return tries >= MOST_TRIES and subject_id != WHOLE_INSTALLATION


def _is_claimable(at: datetime, holder: str) -> ColumnElement[bool]:
    """Due and free, or left behind by another process. What a runner holds itself is still running in it."""
    is_free = and_(Errand.due_at <= at, Errand.lease_holder.is_(None))
    is_left_behind = and_(Errand.lease_until < at, Errand.lease_holder != holder)
    return or_(is_free, is_left_behind)


def _is_held(one: ClaimedErrand) -> ColumnElement[bool]:
    return and_(Errand.id == one.id, Errand.lease_holder == one.holder)


def _ended(errand_id: int, *, failure: str | None, tries: int, at: datetime) -> Update:
    # A due time beside a lease: somebody asked while it ran, and begins a new count.
    counted = case((Errand.due_at.is_(None), tries), else_=0)
    return (
        update(Errand)
        .where(Errand.id == errand_id)
        .values(failure=failure, tries=counted, finished_at=at, lease_until=None, lease_holder=None)
    )


def _sooner(again_at: datetime | None) -> Any:
    """The due time after a run: that of somebody who asked meanwhile, or this one if it is earlier."""
    if again_at is None:
        return Errand.due_at
    return case((Errand.due_at < again_at, Errand.due_at), else_=again_at)
