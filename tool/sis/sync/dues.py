"""When the items of a section are due and in which grading period that is, without a look at any student."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from tool.model.people import Member
from tool.model.sis import SisConnection, SisPeriod, SisSection
from tool.model.sis_syncs import SisItem
from tool.model.work import Assignment, Opening, Placement
from tool.sis.plain import Period
from tool.sis.rules.dates import Due, due_of, period_of

ASSIGNED_AT = func.coalesce(Assignment.assigned_at, Placement.created_at, type_=SisItem.due_at.type)
# Its own date counts; that of the LMS's activity where it has none.
SET_DUE_AT = func.coalesce(
    Assignment.due_at, Placement.line_item_due_at, Placement.lms_due_at, type_=SisItem.due_at.type
)
# What the LMS told the learners who are still in the course, Canvas with everybody's own extension. Where a teacher set
# a date here or for the SIS, or one was sent, that one counts for all.
DIFFERENT_DUE_DATES = case(
    (or_(Assignment.due_at.is_not(None), SisItem.due_at.is_not(None)), 1),
    else_=select(func.count(func.distinct(Opening.lms_due_at)))
    .join(Member, Member.id == Opening.member_id)
    .where(Opening.placement_id == Placement.id, Member.left_at.is_(None))
    .correlate(Placement)
    .scalar_subquery(),
)


def choose_due(
    kept: datetime | None, source: str | None, set_due_at: datetime | None, assigned_at: datetime, zone: ZoneInfo
) -> Due:
    """What was sent first, or said by a teacher for the SIS, stays; else the date that was set, or an inferred one."""
    if kept is not None:
        return Due(kept, "inferred" if source == "inferred" else "set")
    return due_of(set_due_at, assigned_at, zone)


def read_zone(connection: Connection, section_id: int) -> ZoneInfo:
    """The district's."""
    mine = select(SisConnection.time_zone).join(SisSection, SisSection.connection_id == SisConnection.id)
    return ZoneInfo(connection.execute(mine.where(SisSection.id == section_id)).scalar_one())


def read_dues(connection: Connection, section_id: int) -> dict[int, Due]:
    """Placement → when it is due there."""
    zone = read_zone(connection, section_id)
    return {
        row.placement_id: choose_due(row.due_at, row.due_source, row.set_due_at, row.assigned_at, zone)
        for row in connection.execute(_items(section_id)).all()
    }


def read_periods(connection: Connection, section_id: int) -> list[Period]:
    rows = connection.execute(select(SisPeriod).where(SisPeriod.section_id == section_id).order_by(SisPeriod.starts_on))
    return [Period(row.sourced_id, row.title, row.starts_on, row.ends_on) for row in rows]


def find_due_in(connection: Connection, section_id: int, period_id: str) -> list[int]:
    """The placements that are due in a period of the section."""
    zone, periods = read_zone(connection, section_id), read_periods(connection, section_id)
    dues = read_dues(connection, section_id)
    return sorted(placement for placement, due in dues.items() if _is_in(due, period_id, periods, zone))


def _is_in(due: Due, period_id: str, periods: Sequence[Period], zone: ZoneInfo) -> bool:
    found = period_of(due.at, periods, zone)
    return found is not None and found.sourced_id == period_id


def _items(section_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Placement.id.label("placement_id"),
            SisItem.due_at,
            SisItem.due_source,
            SET_DUE_AT.label("set_due_at"),
            ASSIGNED_AT.label("assigned_at"),
        )
        .select_from(Placement)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .join(SisSection, SisSection.course_id == Placement.course_id)
        .outerjoin(SisItem, and_(SisItem.placement_id == Placement.id, SisItem.section_id == SisSection.id))
        .where(SisSection.id == section_id)
    )
