"""What is known already of somebody who arrives, and of where: one look, so that nothing is written twice.

A class comes in at one moment and shares its course and its link: if every launch wrote these rows again, each would
wait for the one before to be on the disk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, literal, or_, select

from tool.model.people import Course, Member, Person
from tool.model.work import Assignment, Opening, Placement

Stored = Mapping[str, Any]
"""A row as it stands: column name → value."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The rows that stand; None where there is none yet."""

    person: Stored | None
    course: Stored | None
    member: Stored | None
    """SQLite's alone, whose writers come one after the other. On PostgreSQL a roster may mark this very member as gone
    just now: there the row is always written, and the roster waits for it."""
    placement: Stored | None
    opening: Stored | None
    assignment_id: str | None
    """The assignment asked for, if it is this customer's or everyone's."""


def remember(
    connection: Connection,
    *,
    customer_id: int,
    subject: str,
    context_id: str,
    resource_link_id: str | None,
    assignment_id: str | None,
) -> Remembered:
    """Look for the rows of a launch by the LMS's own ids."""
    row = connection.execute(
        _LOOK,
        {
            "customer_id": customer_id,
            "subject": subject,
            "context_id": context_id,
            "resource_link_id": resource_link_id,
            "assignment_id": assignment_id,
        },
    ).one()
    return Remembered(
        person=_stored(row, "person"),
        course=_stored(row, "course"),
        member=_stored(row, "member") if connection.dialect.name == "sqlite" else None,
        placement=_stored(row, "placement"),
        opening=_stored(row, "opening"),
        assignment_id=row.theirs,
    )


def says_nothing_new(stored: Stored, told: Mapping[str, object]) -> bool:
    """Whether everything told stands there; what is told as None is not told. Keys and dates are not compared."""
    return all(value is None or stored[name] == value for name, value in told.items() if name in stored)


def _stored(row: Row[*tuple[Any, ...]], name: str) -> Stored | None:
    begin, names = _PLACES[name]
    return None if row[begin] is None else dict(zip(names, row[begin : begin + len(names)], strict=True))


_COLUMNS = {
    "person": (
        *(Person.id, Person.name, Person.given_name, Person.family_name),
        *(Person.email, Person.sourced_id, Person.locale),
    ),
    "course": (
        *(Course.id, Course.title, Course.label, Course.section_sourced_id, Course.earlier_contexts),
        *(Course.ended_at, Course.memberships_url, Course.line_items_url, Course.scopes),
    ),
    "member": (Member.id, Member.roles, Member.is_teacher, Member.is_gradable, Member.left_at),
    "placement": (
        *(Placement.id, Placement.title, Placement.assignment_id),
        *(Placement.line_item_url, Placement.line_item_source, Placement.lms_due_at),
    ),
    "opening": (Opening.id, Opening.line_item_url, Opening.lms_due_at),
}
_PLACES: dict[str, tuple[int, tuple[str, ...]]] = {}
for _name, _columns in _COLUMNS.items():
    _PLACES[_name] = (sum(len(names) for _, names in _PLACES.values()), tuple(one.key for one in _columns))

# Person and course may be new, each for itself: both hang on a row that is always there.
_HERE = select(literal(1).label("here")).subquery("arrival")
_LOOK = select(
    *(column for columns in _COLUMNS.values() for column in columns), Assignment.id.label("theirs")
).select_from(
    _HERE.outerjoin(
        Person, and_(Person.customer_id == bindparam("customer_id"), Person.subject == bindparam("subject"))
    )
    .outerjoin(
        Course, and_(Course.customer_id == bindparam("customer_id"), Course.context_id == bindparam("context_id"))
    )
    .outerjoin(
        Placement,
        and_(Placement.course_id == Course.id, Placement.resource_link_id == bindparam("resource_link_id")),
    )
    .outerjoin(Member, and_(Member.course_id == Course.id, Member.person_id == Person.id))
    .outerjoin(Opening, and_(Opening.placement_id == Placement.id, Opening.member_id == Member.id))
    .outerjoin(
        Assignment,
        and_(
            Assignment.id == bindparam("assignment_id"),
            or_(Assignment.customer_id == bindparam("customer_id"), Assignment.customer_id.is_(None)),
        ),
    )
)
