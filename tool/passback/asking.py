"""Asking that a grade go home: gather the facts, decide, write the wish — in the transaction of the grade itself."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from tool.course.columns import has_column_or_can_make_one
from tool.lti.vocabulary import SCOPE_SCORE
from tool.model.passbacks import Passback
from tool.model.people import Course, Member
from tool.model.platforms import Customer
from tool.model.work import Assignment, Opening, Placement
from tool.passback.ledger.entries import Wish
from tool.passback.ledger.turning import turn_rows
from tool.passback.ledger.wishing import wish
from tool.passback.policy import Cause, Decision, Facts, Trigger, decide


@dataclass(frozen=True, slots=True)
class Earned:
    """What one submission earned, as `assessment` recorded it."""

    placement_id: int
    member_id: int
    assignment_id: str
    score: Decimal
    maximum: Decimal
    attempt_number: int
    is_submitted: bool
    submitted_at: datetime | None
    needs_grading: tuple[int, ...]
    unanswered: tuple[int, ...]
    cause: Cause


def ask(connection: Connection, earned: Earned, *, trigger: Trigger = "automatic") -> Decision:
    """Decide about a score just recorded, and write it into the ledger; the caller commits both together. What the
    ledger says already is left as it is: a number that comes out the same is no change since it was sent."""
    turn_rows(connection, earned.placement_id, earned.assignment_id, [earned.member_id])
    row = _where(connection, earned)
    decision = decide(_facts(row, earned, trigger))
    if _is_said_already(row, earned, decision):
        return decision
    wish(
        connection,
        Wish(
            placement_id=earned.placement_id,
            member_id=earned.member_id,
            assignment_id=earned.assignment_id,
            platform_id=row.platform_id,
            earned=earned.score,
            earned_maximum=earned.maximum,
            cause=earned.cause,
            trigger=trigger,
            submitted_at=earned.submitted_at,
            is_send=decision.kind == "send",
            is_skip=decision.kind == "skip",
            reason=decision.reason,
            detail=decision.questions,
        ),
    )
    return decision


# Built once: every hand-in asks it, and building it would cost more than running it.
_MEMBER: BindParameter[int] = bindparam("member_id")
_ASSIGNMENT: BindParameter[str] = bindparam("assignment_id")
_PLACE = (
    select(
        Customer.platform_id,
        func.coalesce(Customer.closed_at, Course.ended_at).label("closed_at"),
        Course.line_items_url,
        Course.scopes,
        Placement.line_item_url,
        Placement.line_item_maximum,
        Placement.opted_out_at,
        Opening.line_item_url.label("own_line_item_url"),
        Opening.id.label("opening_id"),
        Member.is_gradable,
        Assignment.automatic_passback,
        Assignment.unanswered,
        Assignment.updates,
        Assignment.person_needed_because,
        Passback.excused_at,
        Passback.override_score,
        Passback.earned,
        Passback.earned_maximum,
        Passback.version,
        Passback.reason,
        Passback.detail,
        Passback.sent_assignment_id,
    )
    .join(Course, Course.id == Placement.course_id)
    .join(Customer, Customer.id == Course.customer_id)
    .join(Assignment, Assignment.id == _ASSIGNMENT)
    .join(Member, Member.id == _MEMBER)
    .outerjoin(Opening, and_(Opening.placement_id == Placement.id, Opening.member_id == _MEMBER))
    .outerjoin(Passback, and_(Passback.placement_id == Placement.id, Passback.member_id == _MEMBER))
    .where(Placement.id == bindparam("placement_id"))
)


def _where(connection: Connection, earned: Earned) -> Any:
    whose = {"placement_id": earned.placement_id, "member_id": earned.member_id, "assignment_id": earned.assignment_id}
    return connection.execute(_PLACE, whose).one()


def _is_said_already(row: Any, earned: Earned, decision: Decision) -> bool:
    if (row.earned, row.earned_maximum) != (earned.score, earned.maximum):
        return False
    if earned.cause == "came_back":
        return True  # nobody did anything: why it waits is said already
    if (row.reason, tuple(row.detail or ())) == (decision.reason, decision.questions):
        return True
    # Sent, or on its way, with this number: only whether it is the whole number can still be news.
    return row.version > 0 and "needs_grading" not in (row.reason, decision.reason)


def _facts(row: Any, earned: Earned, trigger: Trigger) -> Facts:
    scopes = frozenset((row.scopes or "").split())
    column = row.own_line_item_url or row.line_item_url
    return Facts(
        trigger=trigger,
        cause=earned.cause,
        automatic_passback=row.automatic_passback,
        unanswered_setting=row.unanswered,
        updates_setting=row.updates,
        needs_person_because=tuple((number, kind) for number, kind in row.person_needed_because),
        is_opted_out=row.opted_out_at is not None,
        has_score_scope=SCOPE_SCORE in scopes,
        has_column_or_can_make_one=has_column_or_can_make_one(column, row.line_items_url, scopes),
        column_maximum=row.line_item_maximum,
        is_gradable_learner=row.is_gradable,
        is_excused=row.excused_at is not None,
        opened_from_lms=row.opening_id is not None,
        is_submitted=earned.is_submitted,
        attempt_number=earned.attempt_number,
        has_score=True,
        has_override=row.override_score is not None,
        needs_grading=earned.needs_grading,
        unanswered=earned.unanswered,
        holds_other_assignment=row.sent_assignment_id not in (None, earned.assignment_id),
        is_closed=row.closed_at is not None,
    )
