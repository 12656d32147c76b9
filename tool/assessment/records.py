"""What is written about handed-in work, read back as values: marks, judged answers, and what counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from tool.assessment.counting import Attempted, Counted, count
from tool.assessment.marks import GivenMark
from tool.model.work import Assignment, Grade, Mark, Placement, Submission

STILL_BOUND = and_(Placement.id == Submission.placement_id, Placement.assignment_id == Submission.assignment_id)
"""Joins work with its link, while that link has its assignment. A link can be bound to another one: what was done
before is kept and graded as ever, and has no say in what the link's column holds."""

ONES_WORK = (
    Submission.placement_id == bindparam("placement_id"),
    Submission.member_id == bindparam("member_id"),
    Submission.assignment_id == bindparam("assignment_id"),
)
"""A student's attempts at an assignment in a link, `named` when it is asked: statements with it are built once."""


def hold_still(connection: Connection, submission_id: int) -> None:
    """Until the caller commits, nobody else changes the assignment's key or this student's work in it.

    Without it a hand-in could be graded by the old key while a new key grades everything but that hand-in. Everyone
    takes the assignment first, so that two never wait for each other.
    """
    for statement in (_ITS_KEY, _ITS_WORK):
        connection.execute(statement, {"submission_id": submission_id}).all()


def hold_key(connection: Connection, assignment_id: str) -> None:
    """Until the caller commits, nobody changes what this assignment's answers earn."""
    connection.execute(_key_of(assignment_id)).all()


def _key_of(assignment_id: str | ScalarSelect[str]) -> Select[int | str]:
    return select(Assignment.id).where(Assignment.id == assignment_id).with_for_update(read=True)


def named(placement_id: int, member_id: int, assignment_id: str) -> dict[str, object]:
    """Whose work on what, for a statement with `ONES_WORK`."""
    return {"placement_id": placement_id, "member_id": member_id, "assignment_id": assignment_id}


def is_of_student_of(submission_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """The attempts of the student whose submission this is, at the same assignment in the same link."""
    this = aliased(Submission)
    whose = select(this.placement_id, this.member_id, this.assignment_id).where(this.id == submission_id)
    return tuple_(Submission.placement_id, Submission.member_id, Submission.assignment_id).in_(whose)


def read_marks(connection: Connection, *which: ColumnElement[bool]) -> dict[int, dict[str, GivenMark]]:
    """Submission id → question id → mark, of the submissions that meet the conditions."""
    rows = connection.execute(select(Mark).join(Submission, Submission.id == Mark.submission_id).where(*which))
    marks: dict[int, dict[str, GivenMark]] = defaultdict(dict)
    for row in rows:
        rubric = None if row.rubric is None else {name: Decimal(points) for name, points in row.rubric.items()}
        marks[row.submission_id][row.question_id] = GivenMark(row.question_id, row.points, rubric, row.feedback)
    return marks


def judged_answers(details: Sequence[Any]) -> dict[str, object]:
    """The answers as they were handed in, out of a grade's details: work that was given back is edited beside them."""
    return {one["question_id"]: one["answer"] for one in details if one["answer"] is not None}


def read_counted(connection: Connection, placement_id: int, member_id: int, assignment_id: str) -> Counted | None:
    """What a student's attempts at a link's assignment earn together. None when nothing was handed in and graded, or
    the link has another assignment now."""
    found = connection.execute(_OF_ONE, named(placement_id, member_id, assignment_id))
    return _count(found).get((placement_id, member_id))


def read_counted_of(
    connection: Connection, assignment_id: str, *, placement_id: int | None = None
) -> dict[tuple[int, int], Counted]:
    """The same for everybody who handed in an assignment, by (placement, member); of one placement if named."""
    in_one = () if placement_id is None else (Submission.placement_id == placement_id,)
    return _count(connection.execute(_ATTEMPTS.where(Submission.assignment_id == assignment_id, *in_one)))


def _count(found: Iterable[Any]) -> dict[tuple[int, int], Counted]:
    """Of rows of `_ATTEMPTS`."""
    rows = list(found)
    attempts: dict[tuple[int, int], list[Attempted]] = defaultdict(list)
    for row in rows:
        attempts[row.placement_id, row.member_id].append(
            Attempted(
                attempt_number=row.attempt_number,
                score=row.score,
                maximum=row.maximum,
                submitted_at=row.submitted_at,
                needs_grading=tuple(row.needs_grading),
                unanswered=tuple(row.unanswered),
            )
        )
    rules = {(row.placement_id, row.member_id): row.counting_attempt for row in rows}
    counted = {key: count(mine, rules[key]) for key, mine in attempts.items()}
    return {key: one for key, one in counted.items() if one is not None}


# What every hand-in asks is built once: building it would cost more than running it.
_THIS: BindParameter[int] = bindparam("submission_id")
_ITS_KEY = _key_of(select(Submission.assignment_id).where(Submission.id == _THIS).scalar_subquery())
_ITS_WORK = select(Submission.id).where(is_of_student_of(_THIS)).order_by(Submission.id).with_for_update()
_ATTEMPTS = (
    select(
        Submission.placement_id,
        Submission.member_id,
        Submission.attempt_number,
        Submission.submitted_at,
        Grade.score,
        Grade.maximum,
        Grade.needs_grading,
        Grade.unanswered,
        Assignment.counting_attempt,
    )
    .join(Grade, Grade.submission_id == Submission.id)
    .join(Placement, STILL_BOUND)
    .join(Assignment, Assignment.id == Submission.assignment_id)
    .where(Submission.submitted_at.is_not(None))
)
_OF_ONE = _ATTEMPTS.where(*ONES_WORK)
