"""What the screen says of a student: the status, what would go, and why. Pure, over plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from tool.passback.amount import Amount, Chosen, amount_to_send
from tool.passback.drift import Drift, drift, is_same_grade
from tool.passback.students import Link, Student

Status = Literal[
    "not_launched",
    "in_progress",
    "needs_grading",
    "not_sent",
    "queued",
    "successful",
    "accepted_not_shown",
    "changed",
    "changed_in_lms",
    "error",
    "excused",
    "opted_out",
    "left",
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One student as the screen shows it."""

    member_id: int
    passback_id: int | None
    name: str
    status: Status
    cause: str | None
    """Why it is *Changed since sent* or waits: a code."""
    questions: tuple[int, ...]
    earned: Decimal | None
    earned_maximum: Decimal | None
    to_send: Amount | None
    override: Decimal | None
    override_reason: str | None
    override_by: str | None
    """The name of who set it."""
    override_at: datetime | None
    override_earned: Decimal | None
    """The tool's score when it was set, or when somebody last looked and kept it."""
    override_is_outdated: bool
    """The tool's score moved on after the override was set: the row asks."""
    override_is_for_sis: bool
    """The school's records get the override too."""
    completion: str | None
    sent: Decimal | None
    sent_maximum: Decimal | None
    sent_at: datetime | None
    in_lms: Decimal | None
    in_lms_maximum: Decimal | None
    read_at: datetime | None
    drift: Drift
    is_changed: bool
    """Something would change in the LMS if it were sent now."""
    failure: str | None
    has_unseen_error: bool


def judge(link: Link, student: Student) -> Verdict:
    """The verdict of one row."""
    row = student.row
    to_send = _amount(link, student)
    apart = _drift(link, row)
    is_changed = to_send is not None and not _stands(link, student, to_send)
    status = _status(link, student, to_send, apart, is_changed=is_changed)
    return Verdict(
        member_id=student.member_id,
        passback_id=row.id,
        name=student.name,
        status=status,
        cause=_cause(link, student, status, to_send),
        questions=tuple(row.detail or ()),
        earned=row.earned if row.handed_in_at is not None else None,
        earned_maximum=row.earned_maximum,
        to_send=to_send,
        override=row.override_score,
        override_reason=row.override_reason,
        override_by=row.override_by_name,
        override_at=row.override_at,
        override_earned=row.override_earned,
        override_is_outdated=row.override_score is not None and row.override_earned != row.earned,
        override_is_for_sis=row.override_score is None or row.override_for_sis is not False,
        completion=row.completion,
        sent=row.confirmed_score,
        sent_maximum=row.confirmed_maximum,
        sent_at=row.confirmed_at,
        in_lms=row.reading_score,
        in_lms_maximum=row.reading_maximum,
        read_at=row.read_at,
        drift=apart,
        is_changed=is_changed,
        failure=find_failure(link, student),
        has_unseen_error=bool(row.needs_person) and row.error_seen_at is None,
    )


def _drift(link: Link, row: Any) -> Drift:
    return drift(
        confirmed_score=row.confirmed_score,
        confirmed_maximum=row.confirmed_maximum,
        confirmed_at=row.confirmed_at,
        reading_score=row.reading_score,
        reading_maximum=row.reading_maximum,
        read_at=row.read_at,
        kept_score=row.kept_score,
        column_maximum=link.line_item_maximum,
    )


def find_failure(link: Link, student: Student) -> str | None:
    """Why a score that is to go has not gone: its own last try failed, or nothing at all goes to this LMS."""
    row = student.row
    own = str(row.failure) if row.failure else None
    return own or (link.stopped_by if row.state == "due" else None)


def _amount(link: Link, student: Student) -> Amount | None:
    row = student.row
    return amount_to_send(
        Chosen(
            mode="completion" if link.mode == "completion" else "points",
            points=link.points,
            earned=row.earned,
            earned_maximum=row.earned_maximum,
            is_submitted=row.handed_in_at is not None,
            needs_grading=bool(row.needs_grading),
            completion=row.completion,
            override=row.override_score,
        )
    )


def _stands(link: Link, student: Student, amount: Amount) -> bool:
    """Whether this very number was confirmed, in the column that is the student's now, and of this assignment: equal
    points of another one are another grade."""
    row = student.row
    if _holds_other(link, student):
        return False
    column = row.own_line_item_url or link.line_item_url
    is_same_column = column is None or row.confirmed_line_item_url in (None, column)
    is_theirs = row.kept_score is not None and row.reading_score == row.kept_score
    if is_theirs and is_same_grade(row.reading_score, row.reading_maximum, amount.score, amount.maximum):
        return True  # adopted: the LMS holds it already
    return (row.confirmed_score, row.confirmed_maximum) == (amount.score, amount.maximum) and is_same_column


def _status(link: Link, student: Student, to_send: Amount | None, apart: Drift, *, is_changed: bool) -> Status:
    row = student.row
    decided = _decided(link, student)
    if decided is not None:
        return decided
    if apart == "changed_in_lms":
        return "changed_in_lms"
    waiting = _waiting(link, student) if _is_earned_number(student, to_send) else None
    if waiting is not None:
        return waiting
    if not row.confirmed_version:
        return "not_sent"
    if is_changed:
        return "changed"
    return "accepted_not_shown" if apart == "not_shown" else "successful"


def _decided(link: Link, student: Student) -> Status | None:
    """What holds whatever the score is."""
    row = student.row
    if row.left_at is not None:
        return "left"
    if row.excused_at is not None:
        return "excused"
    if row.state == "due":
        return "error" if row.needs_person or link.is_stopped_for_long else "queued"
    if student.is_being_prepared:
        return "queued"
    return "opted_out" if link.opted_out_at is not None else None


def _is_earned_number(student: Student, to_send: Amount | None) -> bool:
    """Whether the number comes from the work itself, so that unfinished work has a say."""
    if to_send is None or to_send.source == "earned":
        return True
    return to_send.source == "incomplete" and student.row.completion is None


def _holds_other(link: Link, student: Student) -> bool:
    """The gradebook was last given the score of the assignment that the link had before."""
    return student.row.sent_assignment_id not in (None, link.assignment_id)


def _waiting(link: Link, student: Student) -> Status | None:
    row = student.row
    if row.confirmed_version and row.handed_in_at is None and not _holds_other(link, student):
        return None
    if row.handed_in_at is None:
        return "not_launched" if row.opening_id is None else "in_progress"
    return "needs_grading" if row.needs_grading else None


def _cause(link: Link, student: Student, status: Status, to_send: Amount | None) -> str | None:
    row = student.row
    if status in ("error", "queued"):
        return find_failure(link, student)
    if status == "not_sent":
        return str(row.reason) if row.reason else None
    if status == "needs_grading":
        return "needs_grading"
    if status in ("in_progress", "not_launched", "changed") and _holds_other(link, student):
        return "other_assignment"
    if status != "changed" or to_send is None:
        return None
    if to_send.source == "override":
        return "override"
    if link.mode == "completion":
        return "completion"
    column = row.own_line_item_url or link.line_item_url
    if column is not None and row.confirmed_line_item_url not in (None, column):
        return "other_column"
    if row.run_kind == "undo":
        return "undone"
    return str(row.cause) if row.cause else None


def count_statuses(verdicts: list[Verdict]) -> dict[Status, int]:
    """How many of each, the statuses that are there only."""
    counts: dict[Status, int] = {}
    for verdict in verdicts:
        counts[verdict.status] = counts.get(verdict.status, 0) + 1
    return counts
