"""The runs of a section and what became of each item and student in them; counted by asking the rows."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from tool.model.people import Member, Person
from tool.model.sis_syncs import SisItem, SisRun, SisRunLine
from tool.model.work import Assignment, Placement
from tool.passback.learners import name_of

SHOWN_AT_MOST = 200
LINES_AT_MOST = 5000
OVER = frozenset({"completed", "with_errors", "failed", "cancelled"})
STAGES = ("refreshing", "checking", "items", "scores", "verifying")
"""As a run goes through them, between `queued` and `done`."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the lines of a run add up to so far. `items`: how many items it looked at; `left_out`: blocked, skipped."""

    items: int = 0
    sent: int = 0
    unchanged: int = 0
    left_out: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class RunView:
    """One run as the history shows it. `by` is None where nobody pressed a button: it went at night."""

    id: int
    kind: str
    by: str | None
    asked_at: datetime
    started_at: datetime | None
    updated_at: datetime
    stage: str
    status: str
    code: str | None
    counts: Counts

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def step(self) -> int:
        """Which of STAGES it is at, from 1; 0 while it waits."""
        return STAGES.index(self.stage) + 1 if self.stage in STAGES else 0


@dataclass(frozen=True, slots=True)
class LineView:
    """What happened to an item, or to a student of it; `item` is None where it was about the whole section."""

    run_id: int
    item: str | None
    student: str | None
    step: str
    outcome: str
    code: str | None
    status: int | None
    score: Decimal | None
    at: datetime


def list_runs(connection: Connection, section_id: int, *, at_most: int = SHOWN_AT_MOST) -> list[RunView]:
    """Newest first."""
    rows = connection.execute(
        select(SisRun, name_of(Person).label("by"))
        .outerjoin(Member, Member.id == SisRun.started_by)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(SisRun.section_id == section_id)
        .order_by(SisRun.id.desc())
        .limit(at_most)
    ).all()
    counted = _count(connection, [row.id for row in rows])
    return [_run(row, counted.get(row.id, Counts())) for row in rows]


def last_run(connection: Connection, section_id: int) -> RunView | None:
    return next(iter(list_runs(connection, section_id, at_most=1)), None)


def list_lines(connection: Connection, section_id: int, run_id: int | None = None) -> list[LineView]:
    """The lines of one run in the order they were written; of all runs where none is named. A run of another section
    has none."""
    wanted = _lines().where(SisRun.section_id == section_id)
    if run_id is not None:
        wanted = wanted.where(SisRun.id == run_id)
    # Of all there are the newest count, so they are cut off at the other end.
    newest = wanted.order_by(SisRunLine.id.desc()).limit(LINES_AT_MOST)
    return [LineView(**row._mapping) for row in reversed(connection.execute(newest).all())]


def _lines() -> Select[Any]:
    return (
        select(
            SisRunLine.run_id,
            func.coalesce(SisItem.title, Assignment.title).label("item"),
            case((SisRunLine.member_id.is_not(None), func.coalesce(name_of(Person), ""))).label("student"),
            SisRunLine.step,
            SisRunLine.outcome,
            SisRunLine.code,
            SisRunLine.status,
            SisRunLine.score,
            SisRunLine.at,
        )
        .join(SisRun, SisRun.id == SisRunLine.run_id)
        .outerjoin(SisItem, SisItem.id == SisRunLine.item_id)
        .outerjoin(Placement, Placement.id == SisItem.placement_id)
        .outerjoin(Assignment, Assignment.id == Placement.assignment_id)
        .outerjoin(Member, Member.id == SisRunLine.member_id)
        .outerjoin(Person, Person.id == Member.person_id)
    )


def _count(connection: Connection, run_ids: list[int]) -> dict[int, Counts]:
    is_score = SisRunLine.step == "score"
    rows = connection.execute(
        select(
            SisRunLine.run_id,
            func.count(SisRunLine.item_id.distinct()).label("items"),
            _how_many(and_(is_score, SisRunLine.outcome == "sent")).label("sent"),
            _how_many(and_(is_score, SisRunLine.outcome == "unchanged")).label("unchanged"),
            _how_many(SisRunLine.outcome.in_(("blocked", "skipped"))).label("left_out"),
            _how_many(SisRunLine.outcome == "failed").label("failed"),
        )
        .where(SisRunLine.run_id.in_(run_ids))
        .group_by(SisRunLine.run_id)
    )
    return {row.run_id: Counts(row.items, row.sent, row.unchanged, row.left_out, row.failed) for row in rows}


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _run(row: Any, counts: Counts) -> RunView:
    return RunView(
        id=row.id,
        kind=row.kind,
        by=row.by if row.started_by else None,
        asked_at=row.asked_at,
        started_at=row.started_at,
        updated_at=row.updated_at,
        stage=row.stage,
        status=row.status,
        code=row.code,
        counts=counts,
    )
