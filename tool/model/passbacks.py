"""The ledger: what should stand in the LMS, what was last confirmed there, and every try."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Passback(Base):
    """One row per (placement, member): the wish that a score stand in the gradebook, and how far it is."""

    __tablename__ = "passbacks"
    __table_args__ = (
        UniqueConstraint("placement_id", "member_id"),
        Index("ix_passbacks_platform_id_state_next_try_at", "platform_id", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))

    earned: Mapped[Decimal | None]
    """The tool's own score as last recorded; what is sent is `score`. They differ: *Changed since sent*."""
    earned_maximum: Mapped[Decimal | None]
    cause: Mapped[str | None] = mapped_column(String(40))
    """What changed `earned` last: a code of `policy`."""
    reason: Mapped[str | None] = mapped_column(String(40))
    """Why the latest change was held or skipped: a code of `policy`; None when it was wished."""
    detail: Mapped[list[object] | None]
    """What the reason is about: numbers of questions."""

    state: Mapped[str] = mapped_column(String(12))
    """`held` (nothing wished yet: a person sends it), `due`, `delivered`, `skipped` (never goes)."""
    score: Mapped[Decimal | None]
    maximum: Mapped[Decimal | None]
    version: Mapped[int] = mapped_column(default=0)
    trigger: Mapped[str | None] = mapped_column(String(10))
    wished_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    hand_in_version: Mapped[int] = mapped_column(default=0)
    """The version that first carried the latest real hand-in; above `confirmed_version` the LMS has not heard of it."""

    timestamp: Mapped[datetime | None]
    """Of this version on the wire; set at its first send and repeated by every resend."""
    last_timestamp: Mapped[datetime | None]
    """The newest timestamp ever sent for this row: the next one is later by a second at least."""

    confirmed_version: Mapped[int] = mapped_column(default=0)
    confirmed_score: Mapped[Decimal | None]
    confirmed_maximum: Mapped[Decimal | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_line_item_url: Mapped[str | None] = mapped_column(Text)

    next_try_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """Consecutive failures of this version."""
    first_failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(40))
    """Reason code of the last failure, while it lasts."""
    needs_person: Mapped[bool] = mapped_column(default=False)
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str | None] = mapped_column(String(40))


class Attempt(Base):
    """One try to make it so; only ever added."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    passback_id: Mapped[int] = mapped_column(ForeignKey("passbacks.id"), index=True)
    version: Mapped[int]
    trigger: Mapped[str] = mapped_column(String(10))
    score: Mapped[Decimal]
    maximum: Mapped[Decimal]
    timestamp: Mapped[datetime]
    line_item_url: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    """`delivered`, `overtaken`, or the kind of the failure."""
    reason: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(500))
    was_fenced: Mapped[bool] = mapped_column(default=False)
    """The lease had run out before the answer came: it is written down, and changes nothing else."""
