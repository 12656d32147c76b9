"""Assignments as rows: taken in from a file, changed, written out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tool.assessment.grading import regrade, tell_changes
from tool.assessment.questions import (
    AssignmentFile,
    dump_questions,
    load_questions,
    make_assignment,
    person_needed_because,
    points_total,
)
from tool.assessment.records import read_counted_of
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput, PassbackError
from tool.errors import marked as _
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
FOR_RECORDS = ("category", "assigned_at", "counts_in_grade", "sync_to_sis")
"""What the school's records are told of an assignment; not part of its file, which goes to other schools too."""
NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    assignment_id: str
    is_new: bool
    regraded: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: how many submissions were graded anew, and whether a score goes to the LMS by itself."""

    regraded: int
    is_sent: bool


class ChangedElsewhere(PassbackError):
    """Somebody else changed the assignment since the page was made; nothing was changed."""


def import_assignment(database: Database, file: AssignmentFile) -> Imported:
    """Take an assignment in, for everyone. A known id is edited: what was handed in is graded anew, and what that
    changes is marked, not sent."""
    with database.writing() as connection:
        before = _find(connection, file.id)
        if before is not None and before.customer_id is not None:
            raise BadInput(f"id: {file.id} belongs to a customer's library; choose another id")
        if before is None:
            values = assignment_values(file) | {"revision": 1, "updated_at": now()}
            connection.execute(insert(Assignment).values(id=file.id, **values))
            return Imported(file.id, is_new=True, regraded=0)
        return Imported(file.id, is_new=False, regraded=_replace(connection, before, file).regraded)


def change_assignment(
    connection: Connection,
    assignment_id: str,
    changes: Mapping[str, object],
    *,
    seen_revision: int,
    for_records: Mapping[str, object] = NOTHING,
) -> Changed:
    """Change settings (by their names in the file) or questions (a tuple), and what the school's records are told (by
    the names of FOR_RECORDS), for all placements of the assignment and in the caller's transaction. Raises
    AssignmentFileError, and ChangedElsewhere for a page older than the assignment."""
    before = _find(connection, assignment_id)
    if before is None or before.revision != seen_revision:
        raise ChangedElsewhere(
            _("Somebody else changed this assignment meanwhile."), _("Look at it again, then change it.")
        )
    file = make_assignment(_as_file(before).model_dump() | dict(changes))
    return _replace(connection, before, file, for_records)


def export_assignment(database: Database, assignment_id: str) -> AssignmentFile:
    """The assignment as a file; BadInput when there is none of that id."""
    with database.reading() as connection:
        return read_assignment(connection, assignment_id)


def read_assignment(connection: Connection, assignment_id: str) -> AssignmentFile:
    """The same within a transaction."""
    row = connection.execute(select(Assignment).where(Assignment.id == assignment_id)).first()
    if row is None:
        raise BadInput(f"there is no assignment {assignment_id!r}")
    return _as_file(row)


def _find(connection: Connection, assignment_id: str) -> Any:
    """The row, kept from others until the caller commits; launches may still refer to it."""
    wanted = select(Assignment).where(Assignment.id == assignment_id)
    return connection.execute(wanted.with_for_update(key_share=True)).first()


def _as_file(row: Any) -> AssignmentFile:
    settings: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    return AssignmentFile(id=row.id, questions=load_questions(row.questions), **settings)


def assignment_values(file: AssignmentFile) -> dict[str, Any]:
    """Its columns in the row: settings, questions, and what rooms below need to know of them."""
    return {name: getattr(file, name) for name in COLUMNS} | {
        "questions": dump_questions(file.questions),
        "points": points_total(file.questions),
        "person_needed_because": [list(one) for one in person_needed_because(file.questions)],
    }


def _replace(
    connection: Connection, before: Any, file: AssignmentFile, for_records: Mapping[str, object] = NOTHING
) -> Changed:
    counted = read_counted_of(connection, before.id)
    after = assignment_values(file) | {"revision": before.revision + 1, "updated_at": now()}
    connection.execute(update(Assignment).where(Assignment.id == before.id).values(**after, **for_records))
    has_new_questions = before.questions != after["questions"]
    regraded = regrade(connection, before.id) if has_new_questions else 0
    if not has_new_questions and before.counting_attempt == after["counting_attempt"]:
        return Changed(regraded=0, is_sent=False)
    cause = _cause(before.questions, after["questions"])
    decisions = tell_changes(connection, before.id, counted, cause=cause)
    return Changed(regraded, is_sent=any(one.kind == "send" for one in decisions))


def _cause(before: list[Any], after: list[Any]) -> Cause:
    if before == after:
        return "regraded"  # another of the attempts counts now
    is_same_points = _points(before) == _points(after)
    return "key_changed" if is_same_points else "points_changed"


def _points(questions: list[Any]) -> dict[str, str]:
    return {question["id"]: question["points"] for question in questions}
