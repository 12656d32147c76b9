"""`record_grade`: the one way by which a grade comes to be or changes, whoever or whatever changes it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from tool.assessment.autograding import AutoGrade, grade_answers
from tool.assessment.questions import load_questions
from tool.clock import now
from tool.db import upsert
from tool.model.work import Assignment, Grade, Placement, Submission
from tool.passback.asking import Earned, ask
from tool.passback.policy import Cause, Decision


def record_grade(connection: Connection, submission_id: int, *, cause: Cause) -> Decision:
    """Grade a submission as it stands, write the grade and ask for its passback, in the caller's transaction."""
    row = _read(connection, submission_id)
    grade = grade_answers(load_questions(row.questions), row.answers)
    _write(connection, row, grade)
    return ask(
        connection,
        Earned(
            placement_id=row.placement_id,
            member_id=row.member_id,
            score=grade.earned,
            maximum=grade.maximum,
            attempt_number=row.attempt_number,
            is_submitted=row.submitted_at is not None,
            submitted_at=row.submitted_at,
            needs_grading=grade.needs_person,
            unanswered=grade.unanswered,
            cause=cause,
        ),
    )


def regrade(connection: Connection, assignment_id: str, *, cause: Cause) -> int:
    """Grade everything handed in for an assignment anew, after its key or points changed; returns how many."""
    handed_in = connection.execute(
        select(Submission.id)
        .join(Placement, Placement.id == Submission.placement_id)
        .where(Placement.assignment_id == assignment_id, Submission.submitted_at.is_not(None))
        .order_by(Submission.id)
    ).scalars()
    ids = list(handed_in)
    for submission_id in ids:
        record_grade(connection, submission_id, cause=cause)
    return len(ids)


def _read(connection: Connection, submission_id: int) -> Any:
    return connection.execute(
        select(Submission, Assignment.questions, Assignment.revision.label("assignment_revision"))
        .join(Placement, Placement.id == Submission.placement_id)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .where(Submission.id == submission_id)
    ).one()


def _write(connection: Connection, row: Any, grade: AutoGrade) -> None:
    values: Mapping[str, object] = {
        "score": grade.earned,
        "maximum": grade.maximum,
        "details": [_detail(asdict(one)) for one in grade.questions],
        "needs_grading": list(grade.needs_person),
        "unanswered": list(grade.unanswered),
        "assignment_revision": row.assignment_revision,
        "graded_at": now(),
    }
    connection.execute(
        upsert(connection, Grade)
        .values(submission_id=row.id, **values)
        .on_conflict_do_update(index_elements=["submission_id"], set_=values)
    )


def _detail(question: dict[str, Any]) -> dict[str, Any]:
    return question | {
        "earned": None if question["earned"] is None else str(question["earned"]),
        "points": str(question["points"]),
    }
