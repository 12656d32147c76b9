"""The gradebook column of a placement: known from a launch, else found, else made — once, whoever asks."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, or_, select, update

from tool.clock import now
from tool.db import Database
from tool.lti.access_token import Connector
from tool.lti.errors import ServiceError
from tool.lti.line_items import LineItemFacts, create_line_item, find_line_item
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ
from tool.model.people import Course
from tool.model.work import Assignment, Opening, Placement

# Longer than finding and making a column can take (three requests within their total limit): afterwards the one who
# began is given up.
LEASE = timedelta(seconds=75)


class ColumnBusy(Exception):
    """Somebody else is finding or making this column right now; ask again in a moment."""


@dataclass(frozen=True, slots=True)
class ColumnNeed:
    """What it takes to find or make the column of a placement."""

    placement_id: int
    line_items_url: str
    scopes: frozenset[str]
    resource_link_id: str
    assignment_id: str
    title: str
    maximum: Decimal


def find_or_make_column(database: Database, connector: Connector, placement_id: int) -> str:
    """The column's address. Blocks on the platform; raises ColumnBusy or ServiceError.

    The placement is leased first, so that of a hundred first scores from any number of processes one makes the column
    and the others wait. If an answer is lost after the column was made, the next one finds it by our resource id.
    """
    need = _lease(database, placement_id)
    if isinstance(need, str):
        return need
    try:
        found = find_line_item(
            connector,
            need.line_items_url,
            resource_link_id=need.resource_link_id,
            resource_id=resource_id(need),
            tag=need.assignment_id,
        )
        source = "found" if found else "made"
        column = found or _make(connector, need)
    except BaseException:
        _settle(database, placement_id, None, "")
        raise
    _settle(database, placement_id, column, source)
    return column.url


def resource_id(need: ColumnNeed) -> str:
    """Our own name for the column: the assignment in this link, so that a copied course never shares a column."""
    return f"{need.assignment_id}:{need.resource_link_id}"


def _make(connector: Connector, need: ColumnNeed) -> LineItemFacts:
    if SCOPE_LINE_ITEM not in need.scopes:
        raise ServiceError("needs_person", "column_missing")
    return create_line_item(
        connector,
        need.line_items_url,
        label=need.title,
        maximum=need.maximum,
        resource_id=resource_id(need),
        tag=need.assignment_id,
        resource_link_id=need.resource_link_id,
    )


def _lease(database: Database, placement_id: int) -> ColumnNeed | str:
    at = now()
    with database.writing() as connection:
        row = connection.execute(
            select(
                Placement.id,
                Placement.line_item_url,
                Placement.resource_link_id,
                Course.line_items_url,
                Course.scopes,
                Assignment.id.label("assignment_id"),
                Assignment.title,
                Assignment.points,
            )
            .join(Course, Course.id == Placement.course_id)
            .join(Assignment, Assignment.id == Placement.assignment_id)
            .where(Placement.id == placement_id)
        ).one()
        if row.line_item_url:
            return str(row.line_item_url)
        need = _need(row)
        leased = connection.execute(
            update(Placement)
            .where(
                Placement.id == placement_id,
                Placement.line_item_url.is_(None),
                or_(Placement.column_lease_until.is_(None), Placement.column_lease_until < at),
            )
            .values(column_lease_until=at + LEASE)
        )
    if leased.rowcount == 0:
        raise ColumnBusy
    return need


def _need(row: Any) -> ColumnNeed:
    scopes = frozenset((row.scopes or "").split())
    if not row.line_items_url or not scopes & {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ}:
        raise ServiceError("needs_person", "column_missing")
    return ColumnNeed(
        placement_id=row.id,
        line_items_url=row.line_items_url,
        scopes=scopes,
        resource_link_id=row.resource_link_id,
        assignment_id=row.assignment_id,
        title=row.title,
        maximum=row.points,
    )


def _settle(database: Database, placement_id: int, column: LineItemFacts | None, source: str) -> None:
    values: dict[str, object] = {"column_lease_until": None}
    if column is not None:
        values |= {
            "line_item_url": column.url,
            "line_item_source": source,
            "line_item_maximum": column.maximum,
        }
    with database.writing() as connection:
        connection.execute(update(Placement).where(Placement.id == placement_id).values(**values))


def forget_column(connection: Connection, placement_id: int, member_id: int) -> None:
    """The column a score was sent to is gone, and a teacher asks to look again: the next try finds or makes one."""
    own = (Opening.placement_id == placement_id, Opening.member_id == member_id)
    connection.execute(update(Opening).where(*own).values(line_item_url=None))
    gone = {"line_item_url": None, "line_item_source": None, "line_item_maximum": None}
    connection.execute(update(Placement).where(Placement.id == placement_id).values(**gone))


def has_column_or_can_make_one(line_item_url: str | None, line_items_url: str | None, scopes: frozenset[str]) -> bool:
    """Whether a score of this placement can have a place in the gradebook at all."""
    can_look = bool(line_items_url) and bool(scopes & {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ})
    return bool(line_item_url) or can_look
