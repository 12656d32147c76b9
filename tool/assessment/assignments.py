"""Assignments as rows: taken in from a file, changed, written out again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tool.assessment.grading import regrade
from tool.assessment.questions import (
    AssignmentFile,
    dump_questions,
    load_questions,
    person_needed_because,
    points_total,
)
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.model.work import Assignment
from tool.passback.policy import Cause

COLUMNS = (
    "title",
    "instructions",
    "automatic_passback",
    "unanswered",
    "updates",
    "attempts",
    "counting_attempt",
    "after_submitting",
    "may_change_after_submitting",
    "due_at",
    "closes_at",
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    assignment_id: str
    is_new: bool
    regraded: int


def import_assignment(database: Database, file: AssignmentFile) -> Imported:
    """Take an assignment in, for everyone. A known id is edited: what was handed in is graded anew, and what that
    changes is marked, not sent."""
    with database.writing() as connection:
        before = connection.execute(select(Assignment).where(Assignment.id == file.id)).first()
        if before is not None and before.customer_id is not None:
            raise BadInput(f"id: {file.id} belongs to a customer's library; choose another id")
        values = _values(file) | {"revision": before.revision + 1 if before else 1, "updated_at": now()}
        if before is None:
            connection.execute(insert(Assignment).values(id=file.id, **values))
            return Imported(file.id, is_new=True, regraded=0)
        connection.execute(update(Assignment).where(Assignment.id == file.id).values(**values))
        return Imported(file.id, is_new=False, regraded=_regrade_if_changed(connection, before, values))


def export_assignment(database: Database, assignment_id: str) -> AssignmentFile:
    """The assignment as a file; BadInput when there is none of that id."""
    with database.reading() as connection:
        row = connection.execute(select(Assignment).where(Assignment.id == assignment_id)).first()
    if row is None:
        raise BadInput(f"there is no assignment {assignment_id!r}")
    settings: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    return AssignmentFile(id=row.id, questions=load_questions(row.questions), **settings)


def _values(file: AssignmentFile) -> dict[str, Any]:
    return {name: getattr(file, name) for name in COLUMNS} | {
        "questions": dump_questions(file.questions),
        "points": points_total(file.questions),
        "person_needed_because": [list(one) for one in person_needed_because(file.questions)],
    }


def _regrade_if_changed(connection: Connection, before: Any, after: dict[str, Any]) -> int:
    if before.questions == after["questions"]:
        return 0
    cause: Cause = "key_changed" if before.points == after["points"] else "points_changed"
    return regrade(connection, before.id, cause=cause)
