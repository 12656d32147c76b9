"""What goes into the ledger and comes out of it, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Wish:
    """A recorded score and what was decided about it."""

    placement_id: int
    member_id: int
    assignment_id: str
    platform_id: int
    earned: Decimal
    earned_maximum: Decimal
    cause: str
    trigger: str
    submitted_at: datetime | None
    is_send: bool
    is_skip: bool = False
    reason: str | None = None
    detail: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A number that is to stand in the LMS, whoever chose it. Without a score the cell is to be cleared (undo)."""

    score: Decimal | None
    maximum: Decimal | None
    submitted_at: datetime | None
    trigger: str
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A leased row, with all it takes to send it."""

    id: int
    holder: str
    placement_id: int
    assignment_id: str | None
    """What the score is of."""
    platform_id: int
    subject: str
    line_item_url: str | None
    scopes: frozenset[str]
    score: Decimal | None
    """None: the cell is to be cleared."""
    maximum: Decimal | None
    version: int
    confirmed_version: int
    confirmed_score: Decimal | None
    confirmed_maximum: Decimal | None
    trigger: str
    run_id: int | None
    wished_at: datetime
    timestamp: datetime
    submitted_at: datetime | None
    is_new_submission: bool
    tries: int
    first_failed_at: datetime | None
    begun: int
    """How often it was leased since a try of it was last written down, this time included."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one try ended. `state_after` says where the row stands if nobody wished anew meanwhile."""

    claimed: Claimed
    outcome: str
    started_at: datetime
    finished_at: datetime
    state_after: str
    line_item_url: str | None
    reason: str | None = None
    status: int | None = None
    answer: str | None = None
    next_try_at: datetime | None = None
    needs_person: bool = False
    is_tried: bool = True
    """False when nothing was sent (somebody else is making the column): no Attempt, no failure counted."""

    @property
    def is_delivered(self) -> bool:
        return self.outcome == "delivered"
