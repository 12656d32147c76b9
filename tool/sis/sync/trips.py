"""What one run carries with it, and how it is begun, paused and ended. Each step is a transaction of its own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from tool.clock import now
from tool.db import Database
from tool.model.platforms import Customer, Platform
from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisItem, SisRun, SisRunLine
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import SisError
from tool.sis.sync.asking import Wanted
from tool.sis.sync.states import UNFINISHED, Kind, RunStatus, Stage

TOO_OLD = timedelta(hours=24)


class Halted(Exception):
    """Nothing more is to be sent in this run: somebody switched the way off meanwhile. `code` is a remedy's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Trip:
    """One run on its way. `namespace`: of the ids that we choose; `is_last_try`: trouble is told, not waited for;
    `sent`: (item, member or None) that this run had sent already when it was begun again."""

    database: Database
    client: OneRoster
    run_id: int
    section_id: int
    kind: Kind
    wanted: Wanted
    namespace: UUID
    is_last_try: bool
    sent: frozenset[tuple[int, int | None]]

    def enter(self, stage: Stage) -> None:
        with self.database.writing() as connection:
            connection.execute(self._mine.values(stage=stage, updated_at=now()))

    def insist(self, connection: Connection) -> None:
        """Raises Halted where the class was unlinked, or the way switched off, since the run began. Says beside it that
        the run is alive."""
        code = read_standstill(connection, self.section_id)
        if code is not None:
            raise Halted(code)
        self.stay_alive(connection)

    def stay_alive(self, connection: Connection) -> None:
        connection.execute(self._mine.values(updated_at=now()))

    @property
    def _mine(self) -> Any:
        return update(SisRun).where(SisRun.id == self.run_id)


def begin(database: Database, run_id: int) -> Any | None:
    """The row of a run that is to be done now; None for one that is over."""
    with database.writing() as connection:
        at = now()
        begun = (
            update(SisRun)
            .where(SisRun.id == run_id, SisRun.status.in_(UNFINISHED))
            .values(status="running", code=None, updated_at=at, started_at=func.coalesce(SisRun.started_at, at))
        )
        connection.execute(begun)
        row = connection.execute(select(SisRun).where(SisRun.id == run_id)).first()
    return row if row is not None and row.status == "running" else None


def pause(database: Database, run_id: int, error: SisError) -> None:
    """It goes on by itself later; until then the next asking joins it."""
    with database.writing() as connection:
        waiting = {"status": "queued", "code": error.code, "updated_at": now()}
        connection.execute(update(SisRun).where(SisRun.id == run_id).values(**waiting))


def finish(database: Database, run_id: int) -> None:
    """Everything was gone through: completed, or with errors where a line says so."""
    with database.writing() as connection:
        is_bad = (SisRunLine.run_id == run_id, SisRunLine.outcome.in_(("failed", "blocked")))
        has_errors = connection.execute(select(func.count()).select_from(SisRunLine).where(*is_bad)).scalar_one() > 0
        section_id = _end(connection, run_id, "with_errors" if has_errors else "completed", stage="done")
        # Switched off, or kept back, while the run was on its way.
        left = update(SisItem).where(SisItem.section_id == section_id, SisItem.state == "queued")
        connection.execute(left.values(state="new", code=None))


def fail(database: Database, run_id: int, code: str, *, status: int | None = None, answer: str = "") -> None:
    """One trouble for the whole run; what still waited in it shows it too."""
    with database.writing() as connection:
        section_id = _end(connection, run_id, "failed", code=code)
        waiting = (SisItem.section_id == section_id, SisItem.state == "queued")
        told = {"code": code, "status": status, "answer": answer or None, "tried_at": now()}
        connection.execute(update(SisItem).where(*waiting).values(state="failed", error_seen_at=None, **told))


def cancel_stale(connection: Connection, section_id: int) -> None:
    """A wish of another day is not done unasked: a night has come between, or the machine was off for long."""
    old = (SisRun.section_id == section_id, SisRun.status.in_(UNFINISHED), SisRun.asked_at < now() - TOO_OLD)
    values = {"status": "cancelled", "finished_at": now(), "updated_at": now()}
    connection.execute(update(SisRun).where(*old).values(**values))


def read_standstill(connection: Connection, section_id: int) -> str | None:
    """Why nothing is sent at all for a section: the code of a remedy."""
    row = connection.execute(
        select(
            SisConnection.is_enabled,
            SisConnection.removed_at,
            (SisConnection.lms_syncs | SisSection.lms_syncs).label("lms_syncs"),
            SisSection.unlinked_at,
            (Customer.closed_at.is_(None) & Platform.is_active).label("is_ours"),
        )
        .join(SisSection, SisSection.connection_id == SisConnection.id)
        .join(Customer, Customer.id == SisConnection.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .where(SisSection.id == section_id)
    ).one()
    if row.removed_at is not None or not row.is_enabled or not row.is_ours:
        return "connection.off"
    if row.unlinked_at is not None:
        return "class.unlinked"
    return "double_road" if row.lms_syncs else None


def _end(connection: Connection, run_id: int, status: RunStatus, **values: Any) -> int:
    ended = {"status": status, "finished_at": now(), "updated_at": now()} | values
    statement = update(SisRun).where(SisRun.id == run_id).values(**ended).returning(SisRun.section_id)
    return int(connection.execute(statement).scalar_one())
