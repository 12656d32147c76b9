"""What is written about handed-in work, read back as values: marks, judged answers, and what counts."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from tool.assessment.counting import Attempted, Counted, count
from tool.assessment.marks import GivenMark
from tool.model.work import Assignment, Grade, Mark, Placement, Submission


def hold_still(connection: Connection, submission_id: int) -> None:
    """Until the caller commits, nobody else changes the assignment's key or this student's work in it.

    Without it a hand-in could be graded by the old key while a new key grades everything but that hand-in. Everyone
    takes the assignment first, so that two never wait for each other.
    """
    mine = select(Submission.placement_id, Submission.member_id).where(Submission.id == submission_id).subquery()
    placement = select(Placement.assignment_id).join(mine, mine.c.placement_id == Placement.id)
    connection.execute(
        select(Assignment.id).where(Assignment.id == placement.scalar_subquery()).with_for_update(read=True)
    ).all()
    connection.execute(
        select(Submission.id)
        .where(
            Submission.placement_id == select(mine.c.placement_id).scalar_subquery(),
            Submission.member_id == select(mine.c.member_id).scalar_subquery(),
        )
        .order_by(Submission.id)
        .with_for_update()
    ).all()


def read_marks(connection: Connection, *which: ColumnElement[bool]) -> dict[int, dict[str, GivenMark]]:
    """Submission id → question id → mark, of the submissions that meet the conditions."""
    rows = connection.execute(
        select(Mark)
        .join(Submission, Submission.id == Mark.submission_id)
        .join(Placement, Placement.id == Submission.placement_id)
        .where(*which)
    )
    marks: dict[int, dict[str, GivenMark]] = defaultdict(dict)
    for row in rows:
        rubric = None if row.rubric is None else {name: Decimal(points) for name, points in row.rubric.items()}
        marks[row.submission_id][row.question_id] = GivenMark(row.question_id, row.points, rubric, row.feedback)
    return marks


def judged_answers(details: Sequence[Any]) -> dict[str, object]:
    """The answers as they were handed in, out of a grade's details: work that was given back is edited beside them."""
    return {one["question_id"]: one["answer"] for one in details if one["answer"] is not None}


def read_counted(connection: Connection, placement_id: int, member_id: int) -> Counted | None:
    """What a student's attempts in a placement earn together; None when nothing was handed in and graded."""
    mine = (Submission.placement_id == placement_id, Submission.member_id == member_id)
    return _count(connection, *mine).get((placement_id, member_id))


def read_counted_of(connection: Connection, assignment_id: str) -> dict[tuple[int, int], Counted]:
    """The same for everybody who handed in an assignment, by (placement, member)."""
    return _count(connection, Placement.assignment_id == assignment_id)


def _count(connection: Connection, *which: ColumnElement[bool]) -> dict[tuple[int, int], Counted]:
    rows = connection.execute(
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
        .join(Placement, Placement.id == Submission.placement_id)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .where(and_(*which), Submission.submitted_at.is_not(None))
    ).all()
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
