"""What a teacher finds in the library: their own assignments, those of courses they teach, and everyone's."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from tool.access import Visitor
from tool.model.people import Course, Member
from tool.model.work import Assignment, Placement

Whose = Literal["own", "colleagues", "everyones"]
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One assignment of the list."""

    assignment_id: str
    title: str
    points: Decimal
    questions: int
    whose: Whose
    links: int
    """How many links of this school open it."""
    is_archived: bool
    updated_at: datetime


def list_shelf(
    connection: Connection, visitor: Visitor, *, search: str = "", is_archived: bool = False
) -> list[ShelfRow]:
    """The newest first, at most MOST_SHOWN; `search` finds words of the title, in any case."""
    rows = connection.execute(
        select(
            *(Assignment.id, Assignment.title, Assignment.points, Assignment.questions),
            *(Assignment.updated_at, Assignment.archived_at),
            _whose(visitor).label("whose"),
            _links(visitor).label("links"),
        )
        .where(_is_on_shelf(visitor), *_named(search), Assignment.archived_at.is_not(None) == is_archived)
        .order_by(Assignment.updated_at.desc(), Assignment.id)
        .limit(MOST_SHOWN)
    ).all()
    return [
        ShelfRow(
            assignment_id=row.id,
            title=row.title,
            points=row.points,
            questions=len(row.questions),
            whose=row.whose,
            links=row.links,
            is_archived=row.archived_at is not None,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def is_on_shelf(connection: Connection, visitor: Visitor, assignment_id: str) -> bool:
    """Whether this teacher may look at it, copy it and place it. `assignment_id` is whatever somebody typed."""
    if "\0" in assignment_id:
        return False  # PostgreSQL cannot even look for it
    wanted = select(Assignment.id).where(Assignment.id == assignment_id, _is_on_shelf(visitor))
    return connection.execute(wanted).first() is not None


def is_own(connection: Connection, visitor: Visitor, assignment_id: str) -> bool:
    """Whether this teacher may change it in the library; others' are copied first."""
    own = (Assignment.id == assignment_id, Assignment.owner_id == visitor.person_id)
    return connection.execute(select(Assignment.id).where(*own)).first() is not None


def _is_on_shelf(visitor: Visitor) -> ColumnElement[bool]:
    theirs = and_(Assignment.customer_id == visitor.customer_id, Assignment.id.in_(_placed_where_they_teach(visitor)))
    return or_(Assignment.owner_id == visitor.person_id, Assignment.customer_id.is_(None), theirs)


def _placed_where_they_teach(visitor: Visitor) -> Select[str | None]:
    return (
        select(Placement.assignment_id)
        .join(Member, Member.course_id == Placement.course_id)
        .where(Member.person_id == visitor.person_id, Member.is_teacher, Placement.assignment_id.is_not(None))
    )


def _whose(visitor: Visitor) -> ColumnElement[str]:
    return case(
        (Assignment.owner_id == visitor.person_id, "own"),
        (Assignment.customer_id.is_(None), "everyones"),
        else_="colleagues",
    )


def _links(visitor: Visitor) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Placement)
        .join(Course, Course.id == Placement.course_id)
        .where(Placement.assignment_id == Assignment.id, Course.customer_id == visitor.customer_id)
        .correlate(Assignment)
        .scalar_subquery()
    )


def _named(search: str) -> list[ColumnElement[bool]]:
    return [Assignment.title.icontains(word, autoescape=True) for word in search.split()[:8]]
