"""Whom a change of an assignment concerns: the links that open it, and scores that were handed in before."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from tool.model.passbacks import Passback
from tool.model.work import Assignment, Placement

NOT_READY = ("in_progress", "needs_grading")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an assignment reaches."""

    links: int
    courses: int
    is_everyones: bool
    """Imported on the command line: every school on this installation may use it."""


def read_assignment(connection: Connection, assignment_id: str) -> Any:
    """The assignment's row."""
    return connection.execute(select(Assignment).where(Assignment.id == assignment_id)).one()


def read_reach(connection: Connection, assignment: Any) -> Reach:
    row = connection.execute(
        select(func.count(), func.count(Placement.course_id.distinct())).where(Placement.assignment_id == assignment.id)
    ).one()
    return Reach(links=row[0], courses=row[1], is_everyones=assignment.customer_id is None)


def count_unsent(connection: Connection, placement_id: int) -> int:
    """Scores of a placement that are complete and were never sent: turning automatic passback on does not send them."""
    unsent = (Passback.placement_id == placement_id, Passback.state == "held", Passback.version == 0)
    is_ready = (Passback.earned.is_not(None), Passback.reason.not_in(NOT_READY), Passback.excused_at.is_(None))
    return int(connection.execute(select(func.count()).where(*unsent, *is_ready)).scalar_one())
