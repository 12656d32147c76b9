"""Errands whose last run failed, and asking for them again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from tool.db import Database
from tool.errands import ask
from tool.model.errands import Errand

ROWS_OF_A_PAGE = 50
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """Failed errands of one kind."""

    name: str
    count: int


def read_kinds(connection: Connection) -> list[Kind]:
    rows = connection.execute(
        select(Errand.kind, func.count()).where(Errand.failure.is_not(None)).group_by(Errand.kind).order_by(Errand.kind)
    )
    return [Kind(*row) for row in rows]


def read_page(connection: Connection, kind: str | None, page: int) -> list[Any]:
    """One page of failed errands, from page 1 on, the latest first."""
    return list(
        connection.execute(
            _failed(kind)
            .order_by(Errand.finished_at.desc(), Errand.id)
            .limit(ROWS_OF_A_PAGE)
            .offset((page - 1) * ROWS_OF_A_PAGE)
        )
    )


def ask_again(database: Database, errand_id: int) -> int:
    """Do this one now, if it failed; returns how many that were."""
    with database.writing() as connection:
        return _ask(connection, connection.execute(_failed(None).where(Errand.id == errand_id)).all())


def ask_all_again(database: Database, kind: str) -> int:
    """Do every failed errand of a kind now; returns how many."""
    done, last_subject = 0, -1
    while True:
        with database.writing() as connection:
            following = _failed(kind).where(Errand.subject_id > last_subject).order_by(Errand.subject_id)
            rows = connection.execute(following.limit(ROWS_AT_ONCE)).all()
            done += _ask(connection, rows)
        if len(rows) < ROWS_AT_ONCE:
            return done
        last_subject = rows[-1].subject_id


def _failed(kind: str | None) -> Any:
    failed = select(Errand).where(Errand.failure.is_not(None))
    return failed if kind is None else failed.where(Errand.kind == kind)


def _ask(connection: Connection, rows: Any) -> int:
    for row in rows:
        ask(connection, row.kind, row.subject_id)
    return len(rows)
