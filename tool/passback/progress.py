"""Where grades are, counted and listed by asking the rows; nothing here is stored."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, and_, func, select

from tool.model.passbacks import Passback
from tool.model.people import Member, Person
from tool.model.work import Grade, Opening, Submission

Status = Literal[
    "not_launched",
    "in_progress",
    "needs_grading",
    "not_sent",
    "queued",
    "successful",
    "changed",
    "changed_in_lms",
    "error",
    "opted_out",
]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one student's score is, as the student may know it."""

    state: Literal["queued", "delivered", "held", "error", "none", "off"]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One learner of a placement, as the teacher sees it."""

    name: str
    score: Decimal | None
    maximum: Decimal | None
    sent: Decimal | None
    sent_at: datetime | None
    status: Status
    reason: str | None
    """A code of `policy` or of the last failure; the screen finds the words."""
    questions: tuple[int, ...]


def whereabouts(connection: Connection, placement_id: int, member_id: int) -> Whereabouts:
    row = connection.execute(
        select(Passback).where(Passback.placement_id == placement_id, Passback.member_id == member_id)
    ).first()
    if row is None or row.state == "skipped":
        return Whereabouts("none")
    if row.state == "due":
        return Whereabouts("error" if row.needs_person else "queued")
    if row.state == "delivered":
        return Whereabouts("delivered", row.confirmed_at)
    return Whereabouts("off" if row.reason == "automatic_off" else "held")


def list_rows(connection: Connection, placement_id: int) -> list[Row]:
    """Every learner who opened the placement, by name."""
    latest = (
        select(Submission.member_id, func.max(Submission.attempt_number).label("attempt_number"))
        .where(Submission.placement_id == placement_id)
        .group_by(Submission.member_id)
        .subquery()
    )
    is_latest = and_(
        Submission.placement_id == placement_id,
        Submission.member_id == latest.c.member_id,
        Submission.attempt_number == latest.c.attempt_number,
    )
    is_mine = and_(Passback.placement_id == placement_id, Passback.member_id == Opening.member_id)
    found = connection.execute(
        select(
            Person.name,
            Person.given_name,
            Person.family_name,
            Submission.submitted_at,
            Grade.score.label("earned_now"),
            Grade.maximum.label("earned_of"),
            Grade.needs_grading,
            Passback,
        )
        .select_from(Opening)
        .join(Member, Member.id == Opening.member_id)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(latest, latest.c.member_id == Opening.member_id)
        .outerjoin(Submission, is_latest)
        .outerjoin(Grade, Grade.submission_id == Submission.id)
        .outerjoin(Passback, is_mine)
        .where(Opening.placement_id == placement_id, Member.is_gradable)
    ).all()
    return sorted((_row(one) for one in found), key=lambda row: row.name.casefold())


def count_statuses(rows: list[Row]) -> list[tuple[Status, int]]:
    return Counter(row.status for row in rows).most_common()


def _row(found: Any) -> Row:
    status = _status(found)
    is_held = status in ("not_sent", "needs_grading", "changed", "changed_in_lms")
    return Row(
        name=found.name or " ".join(filter(None, (found.given_name, found.family_name))) or "–",
        score=found.earned_now,
        maximum=found.earned_of,
        sent=found.confirmed_score,
        sent_at=found.confirmed_at,
        status=status,
        reason=found.reason if is_held else found.failure,
        questions=tuple(found.detail or ()) if is_held else (),
    )


def _status(found: Any) -> Status:
    if found.submitted_at is None:
        return "in_progress"
    if found.state == "due":
        return "error" if found.needs_person else "queued"
    if found.reason == "opted_out":
        return "opted_out"
    if found.needs_grading:
        return "needs_grading"
    if found.state == "held":
        return "changed_in_lms" if found.reason == "changed_in_lms" else "not_sent"
    is_same = (found.earned, found.earned_maximum) == (found.score, found.maximum)
    return "successful" if is_same else "changed"
