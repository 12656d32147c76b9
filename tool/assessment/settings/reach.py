"""Whom a change of an assignment concerns: the links that open it, and scores that were handed in before."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.work import Assignment, Placement


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an assignment reaches."""

    links: int
    courses: int
    is_everyones: bool
    """Imported on the command line: every school on this installation may use it."""
    customers: int
    """Schools that use it. One school's teacher does not change what grades the students of another."""

    @property
    def is_read_only(self) -> bool:
        return self.customers > 1


def read_assignment(connection: Connection, assignment_id: str) -> Any:
    """The assignment's row."""
    return connection.execute(select(Assignment).where(Assignment.id == assignment_id)).one()


def read_reach(connection: Connection, assignment: Any) -> Reach:
    row = connection.execute(
        select(
            func.count().label("links"),
            func.count(Placement.course_id.distinct()).label("courses"),
            func.count(Course.customer_id.distinct()).label("customers"),
        )
        .select_from(Placement)
        .join(Course, Course.id == Placement.course_id)
        .where(Placement.assignment_id == assignment.id)
    ).one()
    return Reach(row.links, row.courses, is_everyones=assignment.customer_id is None, customers=row.customers)


def count_unsent(connection: Connection, placement_id: int, assignment_id: str) -> int:
    """Scores that were held because automatic passback was off: turning it on does not send them."""
    here = (Passback.placement_id == placement_id, Passback.assignment_id == assignment_id)
    unsent = (*here, Passback.state == "held", Passback.version == 0)
    was_off = (Passback.reason == "automatic_off", Passback.excused_at.is_(None))
    return int(connection.execute(select(func.count()).where(*unsent, *was_off)).scalar_one())
