"""Whom a send takes and whom it leaves out, before and after the preview: pure, one rule for both."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tool.course.columns import has_column_or_can_make_one
from tool.lti.vocabulary import SCOPE_SCORE
from tool.passback.amount import Amount
from tool.passback.policy import Facts, decide
from tool.passback.students import Link, Student
from tool.passback.verdict import Verdict

Choice = Literal["replace"] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One student of the preview: what stands in the LMS now, and what would."""

    verdict: Verdict
    new: Amount | None
    left_out: str | None
    """Why nothing would be sent; None when it would."""

    @property
    def old(self) -> Decimal | None:
        return self.verdict.in_lms if self.verdict.read_at else self.verdict.sent


def leave_out(link: Link, student: Student, verdict: Verdict, *, choice: Choice) -> str | None:
    """Why a student's number is not sent although somebody presses *Send*; None when it is."""
    # While a run is being prepared its students are *Queued*, whatever the reading it made just now shows.
    found_by_this_run = student.is_being_prepared and verdict.drift == "changed_in_lms"
    if choice != "replace" and (verdict.status == "changed_in_lms" or found_by_this_run):
        return "changed_in_lms"
    if verdict.to_send is None:
        return "needs_grading" if verdict.status == "needs_grading" else "no_score"
    return refuse(link, student, verdict)


def leave_out_zero(link: Link, student: Student, verdict: Verdict) -> str | None:
    """Why a zero for missing work is not sent after all: the work came in, or somebody typed a grade."""
    if not is_missing_work(student, verdict):
        return "not_missing"
    return refuse(link, student, verdict)


def refuse(link: Link, student: Student, verdict: Verdict) -> str | None:
    """What hinders any number for this student, whoever chose it."""
    if verdict.status == "left":
        return "left"
    decision = decide(_facts(link, student))
    return None if decision.kind == "send" else decision.reason


def preview(link: Link, pairs: list[tuple[Student, Verdict]], *, only_changes: bool) -> list[Line]:
    """What a send would do, line by line; `only_changes` leaves out what already stands (*Send again* does not)."""
    lines = []
    for student, verdict in pairs:
        reason = leave_out(link, student, verdict, choice=None)
        if reason is None and only_changes and not verdict.is_changed:
            reason = "not_shown" if verdict.status == "accepted_not_shown" else "no_change"
        lines.append(Line(verdict, verdict.to_send, reason))
    return lines


def is_chosen_by_default(verdict: Verdict) -> bool:
    """What changed and can go now; a grade changed in the LMS is never chosen for the teacher."""
    return verdict.is_changed and verdict.status in ("not_sent", "changed", "accepted_not_shown")


def is_missing_work(student: Student, verdict: Verdict) -> bool:
    """Nothing handed in, nothing in the LMS, and not excused: one of *zeros for missing work*."""
    row = student.row
    has_nothing = row.handed_in_at is None and verdict.in_lms is None and verdict.sent is None
    is_waiting = row.left_at is None and row.excused_at is None and row.state != "due"
    return has_nothing and is_waiting and verdict.override is None


def _facts(link: Link, student: Student) -> Facts:
    row = student.row
    return Facts(
        trigger="manual",
        cause="score_changed",
        automatic_passback=link.automatic_passback,
        unanswered_setting="hold",
        updates_setting="manual",
        needs_person_because=link.person_needed_because,
        is_opted_out=link.opted_out_at is not None,
        has_score_scope=SCOPE_SCORE in link.scopes,
        has_column_or_can_make_one=has_column_or_can_make_one(
            row.own_line_item_url or link.line_item_url, link.line_items_url, link.scopes
        ),
        column_maximum=link.line_item_maximum,
        is_gradable_learner=row.is_gradable,
        is_excused=row.excused_at is not None,
        opened_from_lms=row.opening_id is not None,
        is_submitted=row.handed_in_at is not None,
        attempt_number=1,
        has_score=True,
        has_override=row.override_score is not None,
        # The number is a person's or complete already: `to_send` is None while a question waits.
        needs_grading=(),
        unanswered=(),
        is_closed=link.closed_at is not None,
    )
