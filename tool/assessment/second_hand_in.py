"""Work that was handed in before comes in again: the same attempt, with the time of its first hand-in."""

from sqlalchemy import Connection, select, update

from tool.assessment.grading import record_grade
from tool.assessment.marking import drop_points
from tool.assessment.records import judged_answers
from tool.model.work import Assignment, Grade, Submission
from tool.passback.policy import Cause, Decision


def record_second_hand_in(connection: Connection, submission_id: int) -> Decision | None:
    """Take the answers of a submission as handed in again and grade them; None when nothing that counts has changed.

    The cause is *blanks filled in* when only questions changed that had no answer, else *answers edited*.
    """
    row = connection.execute(
        select(Submission.answers, Assignment.questions, Grade.details)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Grade, Grade.submission_id == Submission.id)
        .where(Submission.id == submission_id)
    ).one()
    connection.execute(update(Submission).where(Submission.id == submission_id).values(reopened_at=None))
    before = judged_answers(row.details)
    asked = [question["id"] for question in row.questions]
    changed = [name for name in asked if before.get(name) != row.answers.get(name)]
    if not changed:
        return None
    drop_points(connection, submission_id, changed)
    cause: Cause = "answers_edited" if any(name in before for name in changed) else "blanks_filled"
    return record_grade(connection, submission_id, cause=cause)
