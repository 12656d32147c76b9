"""The gradebook column of a placement: known from a launch, else found, else made — once, whoever asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from tool.clock import now
from tool.course.copies import find_copied_column
from tool.course.whose_column import ELSEWHERE, SOUGHT, is_of_another_course, read_claimant
from tool.db import Database
from tool.failpoints import reach
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.line_items import LineItemFacts, create_line_item, find_line_item
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ
from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.work import Assignment, Opening, Placement

# Longer than finding and making a column can take (four requests within their total limit): afterwards the one who
# began is given up.
LEASE = timedelta(seconds=100)


COLUMN_OF_ANOTHER_COURSE = "column_of_another_course"
"""The only column there is to be had belongs to another course; a person has to look."""


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
    is_copy: bool
    """The link, or its whole course, was copied from another course."""
    is_only_link: bool
    """No other link of the course opens the assignment: a column with the assignment's name can only be this one's."""


def find_or_make_column(
    database: Database, connector: Connector, placement_id: int, *, holder: str | None = None
) -> str:
    """The column's address. Blocks on the platform; raises ColumnBusy or ServiceError.

    The placement is leased first, so that of a hundred first scores from any number of processes one makes the column
    and the others wait. If an answer is lost after the column was made, the next one finds it by our resource id.
    `holder` is who leases the score that needs the column: when that lease ends, so does this one.
    """
    need = _lease(database, placement_id, holder)
    if isinstance(need, str):
        return need
    try:
        found = find_line_item(
            connector,
            need.line_items_url,
            resource_link_id=need.resource_link_id,
            resource_id=resource_id(need),
            tag=need.assignment_id,
            picked_as=need.assignment_id if need.is_only_link else None,
        )
        if found is None and need.is_copy:
            found = find_copied_column(
                database, connector, placement_id, line_items_url=need.line_items_url, assignment_id=need.assignment_id
            )
        source = "found" if found else "made"
        column = found or _make(connector, need)
    except BaseException:
        _settle(database, placement_id, None, "")
        raise
    if not _settle(database, placement_id, column, source):
        raise ServiceError("needs_person", COLUMN_OF_ANOTHER_COURSE)
    reach("column.stored")
    return column.url


def resource_id(need: ColumnNeed) -> str:
    """Our own name for the column: the assignment in this link, so that a copied course never shares a column."""
    return f"{need.assignment_id}:{need.resource_link_id}"


def _make(connector: Connector, need: ColumnNeed) -> LineItemFacts:
    if SCOPE_LINE_ITEM not in need.scopes:
        raise ServiceError("needs_person", "column_missing")
    made = create_line_item(
        connector,
        need.line_items_url,
        label=need.title,
        maximum=need.maximum,
        resource_id=resource_id(need),
        tag=need.assignment_id,
        resource_link_id=need.resource_link_id,
    )
    reach("column.made")
    return made


def _lease(database: Database, placement_id: int, holder: str | None) -> ColumnNeed | str:
    at = now()
    with database.writing() as connection:
        row = connection.execute(
            select(
                Placement.id,
                Placement.line_item_url,
                Placement.line_item_source,
                Placement.resource_link_id,
                Placement.copied_from,
                Course.line_items_url,
                Course.earlier_contexts,
                Course.scopes,
                Assignment.id.label("assignment_id"),
                Assignment.title,
                Assignment.points,
                _links_with_it().label("links"),
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
                or_(Placement.column_lease_until.is_(None), Placement.column_lease_until < at, _is_holder_gone(at)),
            )
            .values(column_lease_until=at + LEASE, column_lease_holder=holder)
        )
    if leased.rowcount == 0:
        raise ColumnBusy
    return need


def _is_holder_gone(at: datetime) -> ColumnElement[bool]:
    """Whoever makes the column lives as long as the lease of the score it is made for is renewed."""
    held = select(Passback.id).where(
        Passback.placement_id == Placement.id,
        Passback.lease_holder == Placement.column_lease_holder,
        Passback.lease_until >= at,
    )
    return and_(Placement.column_lease_holder.is_not(None), ~held.exists())


def _need(row: Any) -> ColumnNeed:
    if row.line_item_source == ELSEWHERE:
        # Not looked for before somebody says so: the LMS may only be about to make the copy's own.
        raise ServiceError("needs_person", COLUMN_OF_ANOTHER_COURSE)
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
        is_copy=row.copied_from is not None or bool(row.earlier_contexts),
        is_only_link=row.links == 1,
    )


def _links_with_it() -> ScalarSelect[int]:
    """How many links of the placement's course open its assignment."""
    other = aliased(Placement)
    same = (other.course_id == Placement.course_id, other.assignment_id == Placement.assignment_id)
    return select(func.count()).select_from(other).where(*same).correlate(Placement).scalar_subquery()


def _settle(database: Database, placement_id: int, column: LineItemFacts | None, source: str) -> bool:
    """End the lease and keep the column; False when it was found to be another course's, and is not kept."""
    values: dict[str, object] = {"column_lease_until": None, "column_lease_holder": None}
    with database.writing() as connection:
        is_kept = column is None or source != "found" or not _is_elsewhere(connection, placement_id, column.url)
        if column is not None and is_kept:
            values |= {
                "line_item_url": column.url,
                "line_item_source": source,
                "line_item_maximum": column.maximum,
                "line_item_due_at": column.due_at,
            }
        elif not is_kept:
            values["line_item_source"] = ELSEWHERE
        connection.execute(update(Placement).where(Placement.id == placement_id).values(**values))
    return is_kept


def _is_elsewhere(connection: Connection, placement_id: int, url: str) -> bool:
    return is_of_another_course(connection, read_claimant(connection, placement_id), url)


def forget_column(connection: Connection, placement_id: int, url: str | None) -> None:
    """This column is gone, and a teacher asks to look again: the next try of whoever it belonged to finds or makes one.

    Any other column of the placement stays: a launch may have brought it since, which is how a teacher links anew.
    """
    if url is None:
        # It never had one: what the LMS named was another course's. Now its own is looked for.
        is_without = (Placement.id == placement_id, Placement.line_item_source == ELSEWHERE)
        connection.execute(update(Placement).where(*is_without).values(line_item_source=SOUGHT))
        return
    theirs = (Opening.placement_id == placement_id, Opening.line_item_url == url)
    connection.execute(update(Opening).where(*theirs).values(line_item_url=None))
    gone = dict.fromkeys(("line_item_url", "line_item_source", "line_item_maximum", "line_item_due_at"))
    is_it = (Placement.id == placement_id, Placement.line_item_url == url)
    connection.execute(update(Placement).where(*is_it).values(**gone))


def note_column(connection: Connection, placement_id: int, *, maximum: Decimal | None, due_at: datetime | None) -> None:
    """The column was read again: what it is worth (None: not told, the earlier word stays) and its due date, which a
    teacher may also have taken away."""
    told: dict[str, object] = {"line_item_due_at": due_at}
    if maximum is not None:
        told["line_item_maximum"] = maximum
    connection.execute(update(Placement).where(Placement.id == placement_id).values(**told))


def has_column_or_can_make_one(line_item_url: str | None, line_items_url: str | None, scopes: frozenset[str]) -> bool:
    """Whether a score of this placement can have a place in the gradebook at all."""
    can_look = bool(line_items_url) and bool(scopes & {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ})
    return bool(line_item_url) or can_look
