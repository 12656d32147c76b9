"""What each student of a placement did and earned, as `passback` judges it: a score is reckoned there only."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace

from sqlalchemy import Connection

from tool.passback.students import Link, Student, read_link, read_students
from tool.passback.verdict import judge
from tool.sis.rules.status import AboveMaximum, Work

DIGITS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner of a placement and the work; `has_left` the course."""

    member_id: int
    name: str
    has_left: bool
    work: Work


@dataclass(frozen=True, slots=True)
class Terms:
    """What of the item decides how work counts there."""

    due_at: datetime
    at: datetime
    above_maximum: AboveMaximum


def read_works(connection: Connection, placement_id: int, terms: Terms) -> tuple[Link, list[Learner]]:
    """The placement, and everybody who learns in it by name."""
    link = read_link(connection, placement_id)
    return link, [_learner(link, student, terms) for student in read_students(connection, link)]


def _learner(link: Link, student: Student, terms: Terms) -> Learner:
    has_left = student.row.left_at is not None
    return Learner(student.member_id, student.name, has_left, _work(link, student, terms))


def _work(link: Link, student: Student, terms: Terms) -> Work:
    verdict = judge(link, student)
    if not verdict.override_is_for_sis:
        # The teacher wants the override in the LMS only: here counts what would stand there without it.
        row = SimpleNamespace(**(dict(student.row._mapping) | {"override_score": None}))
        verdict = judge(link, replace(student, row=row))
    row, amount = student.row, verdict.to_send
    is_submitted = row.handed_in_at is not None
    if amount is not None and amount.source == "incomplete" and row.completion is None:
        amount = None  # nobody said so: not handed in is told by the status, and is no zero before it is due
    # Only the number that the work itself earned waits for a question that a person has to look at.
    is_open = amount is None and bool(row.needs_grading)
    return Work(
        # Not the part that was graded by itself: a gradebook takes no half of a score, and some refuse a graded part
        # that has no number (PowerSchool). So it is told as handed in.
        score=None if amount is None else _on_scale(amount.score, amount.maximum, link.points),
        maximum=link.points,
        is_submitted=is_submitted,
        needs_grading=is_open,
        is_excused=row.excused_at is not None,
        is_late=is_submitted and row.handed_in_at > terms.due_at,
        is_past_due=terms.due_at < terms.at,
        above_maximum=terms.above_maximum,
        is_begun=row.opening_id is not None,
    )


def _on_scale(score: Decimal, maximum: Decimal, points: Decimal) -> Decimal:
    """A result has no maximum of its own there: while an assignment's points were changed and a grade was not reckoned
    anew yet, it is brought to the column's."""
    if maximum in (points, 0):
        return score
    return (score * points / maximum).quantize(DIGITS).normalize() + 0
