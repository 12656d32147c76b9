"""A person grades: the only writer of Mark."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, select, update

from tool.assessment.file_values import plain_number
from tool.assessment.grading import record_grade
from tool.assessment.marks import Excess, GivenMark, find_excess
from tool.assessment.questions import load_questions
from tool.assessment.records import hold_still
from tool.clock import now
from tool.db import upsert
from tool.errors import PassbackError
from tool.errors import marked as _
from tool.model.work import Assignment, Grade, Mark, Submission
from tool.passback.policy import Decision


class NotHandedIn(PassbackError):
    """The student still works on it, or works on it again; nothing was changed."""


class MoreThanPoints(PassbackError):
    """More than can be earned: taken only from a teacher who was warned. Nothing was changed."""

    def __init__(self, excess: Sequence[Excess]) -> None:
        super().__init__("More points were given than the question is worth.", "Save them all the same if you mean it.")
        self.excess = excess


def give_marks(
    connection: Connection, submission_id: int, marks: Sequence[GivenMark], *, by: int, may_exceed: bool
) -> Decision | None:
    """Write what a member gave for answers of handed-in work and grade it anew, in the caller's transaction.

    A mark without points leaves the question to the automatic grade; one without anything is taken away. Raises
    NotHandedIn, and MoreThanPoints unless `may_exceed`.
    """
    hold_still(connection, submission_id)
    row = connection.execute(
        select(Submission.submitted_at, Submission.reopened_at, Assignment.questions, Grade.needs_grading)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .outerjoin(Grade, Grade.submission_id == Submission.id)
        .where(Submission.id == submission_id)
    ).one()
    if row.submitted_at is None or row.reopened_at is not None:
        raise NotHandedIn(_("This work is with the student at the moment."), _("Grade it when it is handed in."))
    excess = find_excess(load_questions(row.questions), marks)
    if excess and not may_exceed:
        raise MoreThanPoints(excess)
    for mark in marks:
        _write(connection, submission_id, mark, by)
    return record_grade(connection, submission_id, cause="regraded" if row.needs_grading else "score_changed")


def drop_points(connection: Connection, submission_id: int, question_ids: Collection[str]) -> None:
    """The answers changed, so what a person gave for the old ones no longer decides; the feedback stays readable."""
    mine = (Mark.submission_id == submission_id, Mark.question_id.in_(question_ids))
    connection.execute(delete(Mark).where(*mine, Mark.feedback.is_(None)))
    connection.execute(update(Mark).where(*mine).values(points=None, rubric=None))


def _write(connection: Connection, submission_id: int, mark: GivenMark, by: int) -> None:
    key = {"submission_id": submission_id, "question_id": mark.question_id}
    if mark.points is None and mark.feedback is None:
        mine = (Mark.submission_id == submission_id, Mark.question_id == mark.question_id)
        connection.execute(delete(Mark).where(*mine))
        return
    rubric = {name: plain_number(points) for name, points in (mark.rubric or {}).items()}
    values = {
        "points": mark.points,
        "rubric": rubric or None,
        "feedback": mark.feedback,
        "marked_by": by,
        "marked_at": now(),
    }
    connection.execute(
        upsert(connection, Mark).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values)
    )
