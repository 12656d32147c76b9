"""Every item of a section with the word that says how it stands: what was written down, no call and no new check."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, ColumnElement, Connection, Select, and_, func, select

from tool.model.sis import SisCategory, SisCategoryLink, SisConnection, SisPeriod, SisSection
from tool.model.sis_syncs import SisItem, SisRun
from tool.model.work import Assignment, Placement
from tool.sis.linking.terms import present_for
from tool.sis.plain import Period
from tool.sis.rules.dates import period_of
from tool.sis.sync.asking import read_wanted
from tool.sis.sync.dues import ASSIGNED_AT, SET_DUE_AT, choose_due, read_periods, read_zone
from tool.sis.sync.states import NEEDING, UNFINISHED

ItemStatus = Literal[
    "not_yet", "queued", "successful", "noted", "error", "attention", "opted_out", "waiting", "term_closed"
]
BEFORE_SENDING = frozenset({"queued", "refreshing", "checking"})
CLOSED = "period.closed"
# The item's own word, else the assignment's, else that of the operator's connection.
IS_WANTED: ColumnElement[bool] = func.coalesce(
    SisItem.syncs, Assignment.sync_to_sis, SisConnection.sync_by_default, type_=Boolean()
)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One placement in one section.

    `title` is the assignment's, `sis_title` its name there where a teacher chose one; `sis_category` is what the
    category is associated with, None while it is not. `due_source` is `set` or `inferred`. `code` is why, as in
    `remedies`; `needs_person` is what the dot counts; `is_unseen`: nobody has looked at it yet.
    """

    placement_id: int
    item_id: int | None
    title: str
    sis_title: str | None
    category: str
    sis_category: str | None
    due_at: datetime
    due_source: str
    status: ItemStatus
    code: str | None
    tried_at: datetime | None
    succeeded_at: datetime | None
    needs_person: bool
    is_unseen: bool


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for all items of the section. `going`: the runs that are not over, as (stage, chosen, left out)."""

    at: datetime
    zone: ZoneInfo
    periods: tuple[Period, ...]
    closed: frozenset[str]
    categories: dict[str, str]
    going: tuple[Any, ...]

    def is_queued(self, row: Any) -> bool:
        """Before a run has looked at an item it may go; afterwards those go that the run has marked."""
        return any(
            read_wanted(run).has(row.placement_id) and (run.stage in BEFORE_SENDING or row.state == "queued")
            for run in self.going
        )


def read_items(connection: Connection, section_id: int, at: datetime) -> list[ItemView]:
    """Every placement of the course that has an assignment, by title."""
    around = _read_around(connection, section_id, at)
    rows = connection.execute(_query(section_id)).all()
    return sorted((_view(row, around) for row in rows), key=lambda one: (one.title.casefold(), one.placement_id))


def _view(row: Any, around: _Around) -> ItemView:
    due = choose_due(row.due_at, row.due_source, row.set_due_at, row.assigned_at, around.zone)
    period = period_of(due.at, around.periods, around.zone)
    is_closed = period is not None and period.sourced_id in around.closed
    status = _status(row, around, is_closed=is_closed, is_ahead=due.at > around.at)
    needs_person = status not in ("opted_out", "queued") and row.disabled_for is None and row.state in NEEDING
    return ItemView(
        placement_id=row.placement_id,
        item_id=row.item_id,
        title=row.title,
        sis_title=row.sis_title,
        category=row.category,
        sis_category=around.categories.get(row.category),
        due_at=due.at,
        due_source=due.source,
        status=status,
        code=_code(row, status),
        tried_at=row.tried_at,
        succeeded_at=row.succeeded_at,
        needs_person=needs_person,
        is_unseen=needs_person and row.error_seen_at is None,
    )


def _status(row: Any, around: _Around, *, is_closed: bool, is_ahead: bool) -> ItemStatus:
    if row.disabled_for is not None:
        return "term_closed"
    if not row.is_wanted:
        return "opted_out"
    if around.is_queued(row):
        return "queued"
    if row.state in NEEDING:
        return "term_closed" if is_closed and row.code == CLOSED else _TROUBLE[row.state]
    if row.state in ("done", "noted"):
        return "noted" if row.state == "noted" else "successful"
    if is_closed:
        return "term_closed"
    if row.succeeded_at is not None:
        return "successful"
    return "waiting" if row.code == "nothing_yet" and is_ahead else "not_yet"


_TROUBLE: dict[str, ItemStatus] = {"failed": "error", "blocked": "attention"}


def _code(row: Any, status: ItemStatus) -> str | None:
    if status == "term_closed":
        return "term.disabled" if row.disabled_for is not None else CLOSED
    return row.code if status in ("noted", "error", "attention", "waiting") else None


def _read_around(connection: Connection, section_id: int, at: datetime) -> _Around:
    closed = select(SisPeriod.sourced_id).where(SisPeriod.section_id == section_id, SisPeriod.closed_at.is_not(None))
    going = select(SisRun.stage, SisRun.placement_ids, SisRun.left_out).where(
        SisRun.section_id == section_id, SisRun.status.in_(UNFINISHED), SisRun.kind != "check"
    )
    return _Around(
        at=at,
        zone=read_zone(connection, section_id),
        periods=tuple(read_periods(connection, section_id)),
        closed=frozenset(connection.execute(closed).scalars()),
        categories=_read_categories(connection, section_id),
        going=tuple(connection.execute(going)),
    )


def _read_categories(connection: Connection, section_id: int) -> dict[str, str]:
    """Our word → the title of the category there, for those that hold now."""
    rows = connection.execute(
        select(SisCategoryLink.category, SisCategory.title)
        .join(
            SisCategory,
            and_(
                SisCategory.section_id == SisCategoryLink.section_id,
                SisCategory.sourced_id == SisCategoryLink.sis_category_id,
            ),
        )
        .where(SisCategoryLink.section_id == section_id, SisCategoryLink.term == present_for(connection, section_id))
    )
    return {row.category: row.title for row in rows}


def _query(section_id: int) -> Select[*tuple[Any, ...]]:
    columns = (SisItem.due_at, SisItem.due_source, SisItem.state, SisItem.code, SisItem.disabled_for)
    return (
        select(
            Placement.id.label("placement_id"),
            SisItem.id.label("item_id"),
            Assignment.title,
            SisItem.title.label("sis_title"),
            func.coalesce(SisItem.category, Assignment.category, "").label("category"),
            *(SET_DUE_AT.label("set_due_at"), ASSIGNED_AT.label("assigned_at"), IS_WANTED.label("is_wanted")),
            *columns,
            *(SisItem.tried_at, SisItem.succeeded_at, SisItem.error_seen_at),
        )
        .select_from(Placement)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .join(SisSection, SisSection.course_id == Placement.course_id)
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .outerjoin(SisItem, and_(SisItem.placement_id == Placement.id, SisItem.section_id == SisSection.id))
        .where(SisSection.id == section_id)
    )
