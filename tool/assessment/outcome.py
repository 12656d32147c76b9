"""What came of a student's work, as plain values for the result page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from tool.assessment.counting import Counted
from tool.assessment.pages import Paper, review
from tool.assessment.records import ONES_WORK, named, read_counted
from tool.model.work import Grade, Submission


def read_outcome(connection: Connection, paper: Paper, placement_id: int, member_id: int) -> dict[str, Any] | None:
    """The context of assessment/result.html, addresses and the score's way aside; None when nothing was handed in.

    The score is what counts of all attempts; the answers are those of the newest that was handed in.
    """
    attempts = connection.execute(_ATTEMPTS, named(placement_id, member_id, paper.id)).all()
    counted = read_counted(connection, placement_id, member_id, paper.id)
    if not attempts or counted is None:
        return None
    newest = attempts[-1]
    may_see_score = paper.after_submitting != "nothing"
    may_see_answers = paper.after_submitting == "answers"
    reviewed = review(paper, newest.details)
    return {
        "assignment": paper,
        "received_at": newest.submitted_at,
        "is_given_back": newest.reopened_at is not None,
        "score": counted.score if may_see_score and not counted.needs_grading else None,
        "maximum": counted.maximum,
        "waits_for_teacher": counted.needs_grading,
        "questions": reviewed if may_see_answers else None,
        "feedback": [one for one in reviewed if one["feedback"]] if may_see_score and not may_see_answers else [],
        "attempts": _list_attempts(attempts, counted) if may_see_score and len(attempts) > 1 else [],
        "newest_attempt": newest.attempt_number,
    }


_ATTEMPTS = (
    select(Grade, Submission.attempt_number, Submission.submitted_at, Submission.reopened_at)
    .join(Submission, Submission.id == Grade.submission_id)
    .where(*ONES_WORK)
    .order_by(Submission.attempt_number)
)


def _list_attempts(attempts: Sequence[Any], counted: Counted) -> list[dict[str, Any]]:
    return [
        {
            "number": one.attempt_number,
            "received_at": one.submitted_at,
            "score": None if one.needs_grading else one.score,
            "maximum": one.maximum,
            "counts": counted.counting_attempt in (None, one.attempt_number),
        }
        for one in attempts
    ]
