"""Asking that something be done, and looking how far it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, or_, select

from tool.clock import now
from tool.db import ERRAND, tell, upsert
from tool.model.errands import Errand

# What is due later than this is nothing a page should wait for: the night's readings, a retry minutes away.
SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ErrandState:
    """How far an errand is. `is_waiting`: it runs, or will within a minute; `failure`: how its last run failed."""

    is_waiting: bool
    asked_at: datetime | None
    finished_at: datetime | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`due_at`: None if nobody asked for it. `is_retry`: the last run failed, and its next try waits its turn."""

    due_at: datetime | None
    finished_at: datetime | None
    is_retry: bool


def ask(connection: Connection, kind: str, subject_id: int, *, due_at: datetime | None = None) -> None:
    """Want it done at `due_at` (None: now), or earlier if it is due earlier; in the caller's transaction.

    Whoever asks for several in one transaction goes in the order of kind and subject: two that cross would wait for
    each other.
    """
    at = now()
    statement = upsert(connection, Errand).values(
        kind=kind, subject_id=subject_id, due_at=due_at or at, asked_at=at, tries=0
    )
    wanted = statement.excluded
    is_later = or_(Errand.due_at.is_(None), Errand.due_at > wanted.due_at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "subject_id"],
            set_={
                "due_at": case((is_later, wanted.due_at), else_=Errand.due_at),
                "asked_at": wanted.asked_at,
                "tries": 0,
            },
        )
    )
    if due_at is None:
        tell(connection, ERRAND)


def plans(connection: Connection, kind: str, subject_ids: Collection[int]) -> dict[int, Plan]:
    """When each of these subjects that were ever asked for comes up, and how it went the last time."""
    if not subject_ids:
        return {}
    query = select(Errand.subject_id, Errand.due_at, Errand.finished_at, Errand.tries).where(
        Errand.kind == kind, Errand.subject_id.in_(subject_ids)
    )
    return {row.subject_id: Plan(row.due_at, row.finished_at, row.tries > 0) for row in connection.execute(query)}


def state(connection: Connection, kind: str, subject_id: int) -> ErrandState:
    """Where an errand stands; one never asked for waits for nothing."""
    row = connection.execute(select(Errand).where(Errand.kind == kind, Errand.subject_id == subject_id)).first()
    if row is None:
        return ErrandState(is_waiting=False, asked_at=None, finished_at=None, failure=None)
    is_due_soon = row.due_at is not None and row.due_at <= now() + SOON
    return ErrandState(
        is_waiting=is_due_soon or row.lease_holder is not None,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        failure=row.failure,
    )
