"""Students' work as their teacher reads it. Test students, teachers and those who left the course are not among it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from tool.assessment.autograding import AutoGrade, grade_answers
from tool.assessment.questions import Question
from tool.assessment.records import judged_answers
from tool.model.passbacks import Passback
from tool.model.people import Member, Person
from tool.model.work import Grade, Submission


@dataclass(frozen=True, slots=True)
class Sheet:
    """One attempt of one student, in short. Questions are told by their numbers."""

    submission_id: int
    member_id: int
    name: str
    attempt_number: int
    is_newest: bool
    """The student has begun no later attempt."""
    submitted_at: datetime | None
    submitted_by: str | None
    reopened_at: datetime | None
    saved_at: datetime | None
    score: Decimal | None
    maximum: Decimal | None
    needs_grading: tuple[int, ...]
    """What waits for the teacher: nothing while the student works."""
    unanswered: tuple[int, ...]
    holds_other_assignment: bool
    """The student's gradebook cell has the score of what the link had before: nothing goes there by itself."""

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None or self.reopened_at is not None


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A sheet with its answers: as they were judged, or as they stand while the student works."""

    sheet: Sheet
    answers: Mapping[str, object]
    details: Mapping[str, Mapping[str, Any]]
    """Question id → how it was judged; empty before the first hand-in."""
    automatic: AutoGrade
    """What these answers earn without a person."""


def list_sheets(connection: Connection, placement_id: int, assignment_id: str) -> list[Sheet]:
    """All attempts at an assignment in a placement, by student's name."""
    here = (Submission.placement_id == placement_id, Submission.assignment_id == assignment_id)
    rows = connection.execute(_query(*here)).all()
    newest: dict[int, int] = {}
    for row in rows:
        newest[row.member_id] = max(row.attempt_number, newest.get(row.member_id, 0))
    sheets = [_sheet(row, is_newest=newest[row.member_id] == row.attempt_number) for row in rows]
    return sorted(sheets, key=lambda one: (one.name.casefold(), one.member_id, one.attempt_number))


def open_sheet(connection: Connection, sheet: Sheet, questions: Sequence[Question]) -> OpenedSheet:
    """A sheet of the list with its answers and their judgement."""
    row = connection.execute(
        select(Submission.answers, Grade.details)
        .outerjoin(Grade, Grade.submission_id == Submission.id)
        .where(Submission.id == sheet.submission_id)
    ).one()
    is_judged = row.details is not None and not sheet.is_open
    answers = judged_answers(row.details) if is_judged else row.answers
    return OpenedSheet(
        sheet=sheet,
        answers=answers,
        details={one["question_id"]: one for one in row.details or ()},
        automatic=grade_answers(questions, answers),
    )


def _query(*which: ColumnElement[bool]) -> Any:
    is_theirs = and_(Passback.placement_id == Submission.placement_id, Passback.member_id == Submission.member_id)
    whole_name = func.coalesce(Person.name, Person.given_name + " " + Person.family_name)
    return (
        select(
            Submission.id.label("submission_id"),
            Submission.assignment_id,
            Submission.member_id,
            Submission.attempt_number,
            Submission.submitted_at,
            Submission.submitted_by,
            Submission.reopened_at,
            Submission.saved_at,
            Grade.score,
            Grade.maximum,
            Grade.needs_grading,
            Grade.unanswered,
            Passback.sent_assignment_id,
            func.coalesce(whole_name, Person.family_name, Person.given_name, "").label("name"),
        )
        .join(Member, Member.id == Submission.member_id)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(Grade, Grade.submission_id == Submission.id)
        .outerjoin(Passback, is_theirs)
        .where(Member.is_gradable, Member.left_at.is_(None), *which)
    )


def _sheet(row: Row[Any], *, is_newest: bool) -> Sheet:
    is_waiting = row.submitted_at is not None and row.reopened_at is None
    return Sheet(
        submission_id=row.submission_id,
        member_id=row.member_id,
        name=row.name,
        attempt_number=row.attempt_number,
        is_newest=is_newest,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        reopened_at=row.reopened_at,
        saved_at=row.saved_at,
        score=row.score,
        maximum=row.maximum,
        needs_grading=tuple(row.needs_grading or ()) if is_waiting else (),
        unanswered=tuple(row.unanswered or ()),
        holds_other_assignment=row.sent_assignment_id not in (None, row.assignment_id),
    )
