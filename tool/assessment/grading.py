"""`record_grade`: the one way by which a grade comes to be or changes, whoever or whatever changes it.

A grade is about the answers as they were handed in and keeps them beside its judgement, so that work a teacher gave
back can be edited while its grade stands. Of several attempts the assignment says which counts, and only what changes
that number, or what it waits for, is told to the passback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, select

from tool.assessment.autograding import AutoGrade, QuestionGrade, grade_answers
from tool.assessment.counting import Counted
from tool.assessment.file_values import plain_number
from tool.assessment.marks import GivenMark, find_excess, merge_marks
from tool.assessment.questions import Question, load_questions
from tool.assessment.records import hold_still, judged_answers, read_counted, read_counted_of, read_marks
from tool.clock import now
from tool.db import upserting
from tool.failpoints import reach
from tool.model.work import Assignment, Grade, Submission
from tool.passback.asking import Earned, ask
from tool.passback.ledger.wishing import hold_rows
from tool.passback.policy import Cause, Decision


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Submissions: handed in, with another score than now, and with a mark above what could then be earned."""

    handed_in: int
    changed: int
    above: int


def record_grade(connection: Connection, submission_id: int, *, cause: Cause) -> Decision | None:
    """Grade a submission as it was handed in, a person's marks included, write the grade and ask for its passback,
    in the caller's transaction. None when what counts for the student is as before: nobody is told anything. Nor is
    anybody when the link was bound to another assignment meanwhile."""
    hold_still(connection, submission_id)
    row = connection.execute(_ONE, {"submission_id": submission_id}).one()
    key = (row.placement_id, row.member_id)
    before = read_counted(connection, *key, row.assignment_id)
    marks = read_marks(connection, Submission.id == submission_id)
    _write(connection, row, load_questions(row.questions), marks.get(submission_id, {}))
    reach("submit.graded")
    after = read_counted(connection, *key, row.assignment_id)
    decision = _tell(connection, key, row.assignment_id, before=before, after=after, cause=cause)
    reach("submit.wished")
    return decision


def regrade(connection: Connection, assignment_id: str) -> int:
    """Grade everything handed in for an assignment anew, after its questions changed; returns how many. What that
    means for the passback is told by `tell_changes`. Work whose link has another assignment now is graded too: the
    link may come back to this one, and finds the work judged by the key of then."""
    questions: tuple[Question, ...] = ()
    handed_in = connection.execute(_HANDED_IN, {"assignment_id": assignment_id}).all()
    marks = read_marks(connection, Submission.assignment_id == assignment_id)
    for row in handed_in:
        questions = questions or load_questions(row.questions)
        _write(connection, row, questions, marks.get(row.id, {}))
    return len(handed_in)


def foresee(connection: Connection, assignment_id: str, questions: Sequence[Question]) -> Foreseen:
    """What grading everything handed in anew by these questions would do; writes nothing."""
    handed_in = connection.execute(_HANDED_IN, {"assignment_id": assignment_id}).all()
    marks = read_marks(connection, Submission.assignment_id == assignment_id)
    grades = [merge_marks(grade_answers(questions, _handed_in(row)), marks.get(row.id, {})) for row in handed_in]
    now_and_then = [
        ((row.score, row.maximum), (new.earned, new.maximum)) for row, new in zip(handed_in, grades, strict=True)
    ]
    return Foreseen(
        handed_in=len(handed_in),
        changed=sum(old != new for old, new in now_and_then),
        above=sum(bool(find_excess(questions, mine.values())) for mine in marks.values()),
    )


def tell_changes(
    connection: Connection, assignment_id: str, before: Mapping[tuple[int, int], Counted], *, cause: Cause
) -> list[Decision]:
    """Ask for the passback of everybody whose counted score is not what it was `before` the assignment changed, and
    of nobody else."""
    hold_rows(connection, assignment_id)
    decisions = [
        _tell(connection, key, assignment_id, before=before.get(key), after=after, cause=cause)
        for key, after in read_counted_of(connection, assignment_id).items()
    ]
    return [decision for decision in decisions if decision is not None]


def tell_again(connection: Connection, assignment_id: str, placement_id: int) -> None:
    """Ask for the passback of what everybody earned in a placement whose link came back to the assignment."""
    for key, after in read_counted_of(connection, assignment_id, placement_id=placement_id).items():
        _tell(connection, key, assignment_id, before=None, after=after, cause="came_back")


def _tell(
    connection: Connection,
    key: tuple[int, int],
    assignment_id: str,
    *,
    before: Counted | None,
    after: Counted | None,
    cause: Cause,
) -> Decision | None:
    if after is None or after == before:
        return None
    placement_id, member_id = key
    earned = Earned(
        placement_id=placement_id,
        member_id=member_id,
        assignment_id=assignment_id,
        score=after.score,
        maximum=after.maximum,
        attempt_number=after.newest_attempt,
        is_submitted=True,
        submitted_at=after.submitted_at,
        needs_grading=after.needs_grading,
        unanswered=after.unanswered,
        cause=cause,
    )
    return ask(connection, earned)


# Built once, as each hand-in asks and writes it: building a statement costs more than running it.
_WORK = (
    select(Submission, Assignment.questions, Assignment.revision.label("assignment_revision"))
    .add_columns(Grade.details, Grade.score, Grade.maximum)
    .join(Assignment, Assignment.id == Submission.assignment_id)
    .outerjoin(Grade, Grade.submission_id == Submission.id)
    .order_by(Submission.id)
)
_ONE = _WORK.where(Submission.id == bindparam("submission_id"))
_HANDED_IN = _WORK.where(Submission.assignment_id == bindparam("assignment_id"), Submission.submitted_at.is_not(None))


@cache
def _grading(dialect: str, names: tuple[str, ...]) -> Insert:
    writing = upserting(dialect, Grade)
    told = {name: writing.excluded[name] for name in names}
    return writing.on_conflict_do_update(index_elements=["submission_id"], set_=told)


def _write(connection: Connection, row: Any, questions: Sequence[Question], marks: Mapping[str, GivenMark]) -> None:
    answers = _handed_in(row)
    grade = merge_marks(grade_answers(questions, answers), marks)
    values = _values(grade, answers, marks) | {
        "assignment_revision": row.assignment_revision,
        "graded_at": now(),
    }
    connection.execute(_grading(connection.dialect.name, tuple(values)), {"submission_id": row.id, **values})


def _handed_in(row: Any) -> Mapping[str, object]:
    is_given_back = row.reopened_at is not None and row.details is not None
    answers: Mapping[str, object] = judged_answers(row.details) if is_given_back else row.answers
    return answers


def _values(grade: AutoGrade, answers: Mapping[str, object], marks: Mapping[str, GivenMark]) -> dict[str, object]:
    return {
        "score": grade.earned,
        "maximum": grade.maximum,
        "details": [_detail(one, answers, marks.get(one.question_id)) for one in grade.questions],
        "needs_grading": list(grade.needs_person),
        "unanswered": list(grade.unanswered),
    }


def _detail(grade: QuestionGrade, answers: Mapping[str, object], mark: GivenMark | None) -> dict[str, Any]:
    rubric = (mark.rubric if mark else None) or {}
    return asdict(grade) | {
        "earned": None if grade.earned is None else plain_number(grade.earned),
        "points": plain_number(grade.points),
        "rubric": {name: plain_number(points) for name, points in rubric.items()},
        "answer": answers.get(grade.question_id),
    }
