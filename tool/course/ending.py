"""A course that is over: listed, ended by an operator, begun again; forgotten but for the ids that keep it ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from tool.clock import now
from tool.errors import BadInput
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer, Platform
from tool.model.work import Launch, Placement


@dataclass(frozen=True, slots=True)
class KnownCourse:
    """A course as an operator knows it; `last_launch_at` is None once its launches were cleared away."""

    id: int
    title: str
    platform: str
    people: int
    last_launch_at: datetime | None
    ended_at: datetime | None


def list_courses(connection: Connection, *, is_ended: bool | None = None) -> list[KnownCourse]:
    """By platform and title."""
    people = select(func.count()).where(Member.course_id == Course.id).scalar_subquery()
    launched = select(func.max(Launch.created_at)).where(Launch.course_id == Course.id).scalar_subquery()
    rows = (
        select(Course.id, Course.title, Platform.name, people, launched, Course.ended_at)
        .join(Customer, Customer.id == Course.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .order_by(Platform.name, Course.title, Course.id)
    )
    if is_ended is not None:
        rows = rows.where(Course.ended_at.is_not(None) if is_ended else Course.ended_at.is_(None))
    return [KnownCourse(row[0], row[1] or "", *row[2:]) for row in connection.execute(rows)]


def end_course(connection: Connection, course_id: int) -> None:
    """From now on nobody comes in. BadInput when there is no such course, or it has ended."""
    if _require(connection, course_id) is not None:
        raise BadInput(f"course {course_id} has ended already.")
    connection.execute(update(Course).where(Course.id == course_id).values(ended_at=now()))


def reopen_course(connection: Connection, course_id: int) -> None:
    """Let its people in again. BadInput when there is no such course, or it has not ended."""
    if _require(connection, course_id) is None:
        raise BadInput(f"course {course_id} has not ended.")
    connection.execute(update(Course).where(Course.id == course_id).values(ended_at=None))


def forget_course(connection: Connection, course_id: int) -> None:
    """It has ended, if it had not; what stays are the LMS's ids, by which its launches are known and refused."""
    ended_at = _require(connection, course_id) or now()
    blank = dict.fromkeys(("title", "label", "memberships_url", "section_sourced_id", "roster_read_at"))
    connection.execute(update(Course).where(Course.id == course_id).values(ended_at=ended_at, **blank))
    # Not its columns: should the course begin again, nobody makes second ones.
    connection.execute(update(Placement).where(Placement.course_id == course_id).values(title=None))


def take_members_of(connection: Connection, course_id: int) -> list[int]:
    """Everybody in it. Until the commit nobody else writes anything about them. BadInput when there is no such one."""
    _require(connection, course_id)
    rows = select(Member.id).where(Member.course_id == course_id).order_by(Member.id)
    return list(connection.execute(rows.with_for_update()).scalars())


def persons_of_nothing_else(connection: Connection, course_id: int) -> list[int]:
    """Whom we know from this course alone."""
    elsewhere = select(Member.person_id).where(Member.course_id != course_id)
    here = select(Member.person_id).where(Member.course_id == course_id, Member.person_id.not_in(elsewhere))
    return list(connection.execute(select(Person.id).where(Person.id.in_(here)).order_by(Person.id)).scalars())


def count_members(connection: Connection, course_id: int) -> int:
    """How many people are in it. BadInput when there is no such course."""
    people = select(func.count()).where(Member.course_id == Course.id).scalar_subquery()
    counted: int | None = connection.execute(select(people).where(Course.id == course_id)).scalar()
    if counted is None:
        raise _none_such(course_id)
    return counted


def _require(connection: Connection, course_id: int) -> datetime | None:
    """When it ended. Whoever changes it has its row until the commit."""
    row = connection.execute(select(Course.ended_at).where(Course.id == course_id).with_for_update()).first()
    if row is None:
        raise _none_such(course_id)
    ended_at: datetime | None = row.ended_at
    return ended_at


def _none_such(course_id: int) -> BadInput:
    return BadInput(f"there is no course {course_id}.", "passback course list shows them.")
