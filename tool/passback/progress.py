"""Where one student's score is, as the student may know it; asked of the row, never stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from tool.model.passbacks import Passback


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one student's score is, as the student may know it."""

    state: Literal["queued", "delivered", "held", "error", "none", "off"]
    at: datetime | None = None
    is_changed: bool = False
    """The score moved on after it was delivered, and a person sends the change."""


def whereabouts(connection: Connection, placement_id: int, member_id: int) -> Whereabouts:
    row = connection.execute(
        select(Passback).where(Passback.placement_id == placement_id, Passback.member_id == member_id)
    ).first()
    if row is None or row.state == "skipped":
        return Whereabouts("none")
    if row.state == "due":
        return Whereabouts("error" if row.needs_person else "queued")
    if row.state == "delivered" and row.sent_assignment_id not in (None, row.assignment_id):
        return Whereabouts("held")  # what stands there is of the assignment that the link had before
    if row.state == "delivered":
        is_other_number = (row.earned, row.earned_maximum) != (row.score, row.maximum)
        is_changed = row.reason in ("changed", "other_assignment") and is_other_number
        return Whereabouts("delivered", row.confirmed_at, is_changed)
    return Whereabouts("off" if row.reason == "automatic_off" else "held")
