"""The ledger: what should stand in the LMS, what was last confirmed there, and every try."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


def _queues() -> list[Index]:
    """What is due in the order it is taken: never tried yet, tried before, and what may take its process down."""
    conditions = {"fresh": "tries = 0", "retried": "tries > 0", "suspect": "begun >= 2"}
    return [
        Index(
            f"ix_passbacks_{name}",
            "platform_id",
            "next_try_at",
            sqlite_where=text(f"state = 'due' AND {condition}"),
            postgresql_where=text(f"state = 'due' AND {condition}"),
        )
        for name, condition in conditions.items()
    ]


class Passback(Base):
    """One row per (placement, member): the wish that a score stand in the gradebook, and how far it is."""

    __tablename__ = "passbacks"
    __table_args__ = (
        UniqueConstraint("placement_id", "member_id"),
        Index("ix_passbacks_platform_id_state_next_try_at", "platform_id", "state", "next_try_at"),
        *_queues(),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"))
    """What `earned`, the override and the wish are about. While the link has another one, nothing of it is sent."""

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

    clears: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The wish is an empty cell: undo where nothing stood before. The one score without a number."""
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    """The run that wished this version."""

    override_score: Mapped[Decimal | None]
    """Sent instead of `earned`, in the tool's own points; may exceed the maximum."""
    override_reason: Mapped[str | None] = mapped_column(String(200))
    override_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    override_at: Mapped[datetime | None]
    override_earned: Mapped[Decimal | None]
    """What `earned` was when the override was set: when it moves on, the row asks."""
    override_for_sis: Mapped[bool] = mapped_column(default=True, server_default=true())
    """The override goes to the school's records too."""
    completion: Mapped[str | None] = mapped_column(String(10))
    """In completion mode, the teacher's own word for this student: `complete` or `incomplete`."""
    excused_at: Mapped[datetime | None]
    excused_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    kept_score: Mapped[Decimal | None]
    """*Keep theirs*: the grade of the LMS, on its own scale, that the teacher accepted beside ours."""
    error_seen_at: Mapped[datetime | None]

    timestamp: Mapped[datetime | None]
    """Of this version on the wire; set at its first send and repeated by every resend."""
    last_timestamp: Mapped[datetime | None]
    """The newest timestamp ever sent for this row: the next one is later by a second at least."""

    confirmed_version: Mapped[int] = mapped_column(default=0)
    confirmed_score: Mapped[Decimal | None]
    confirmed_maximum: Mapped[Decimal | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_line_item_url: Mapped[str | None] = mapped_column(Text)
    sent_assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"))
    """Whose score was confirmed last, or may have arrived when the link was bound to another assignment."""

    next_try_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """Consecutive failures of this version."""
    first_failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(40))
    """Reason code of the last failure, while it lasts."""
    needs_person: Mapped[bool] = mapped_column(default=False)
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str | None] = mapped_column(String(40))
    begun: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was leased since a try of it was last written down: a row that takes processes down counts up."""


class Attempt(Base):
    """One try to make it so; only ever added."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    passback_id: Mapped[int] = mapped_column(ForeignKey("passbacks.id"), index=True)
    version: Mapped[int]
    trigger: Mapped[str] = mapped_column(String(10))
    score: Mapped[Decimal | None]
    maximum: Mapped[Decimal | None]
    timestamp: Mapped[datetime]
    line_item_url: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    outcome: Mapped[str] = mapped_column(String(16))
    """`delivered`, `overtaken`, or the kind of the failure."""
    reason: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(500))
    was_fenced: Mapped[bool] = mapped_column(default=False)
    """The lease had run out before the answer came: it is written down, and changes nothing else."""


class Reading(Base):
    """What the LMS's gradebook held for a learner when it was last read, on the LMS's own scale."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("placement_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    score: Mapped[Decimal | None]
    """None: the LMS showed no grade."""
    maximum: Mapped[Decimal | None]
    line_item_url: Mapped[str | None] = mapped_column(Text)
    read_at: Mapped[datetime]


class Run(Base):
    """One press of *Send* (or *Undo*, *Zeros for missing*), or one night."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placements.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    """`send`, `send_again`, `undo`, `zeros` or `scheduled`."""
    trigger: Mapped[str] = mapped_column(String(10))
    started_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    started_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    """When the LMS's grades had been read for this run (or could not be): before it, nothing of it is sent."""
    undoes: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"))
    """What the link had when the button was pressed: its numbers are not sent for another one."""


class RunItem(Base):
    """One student of a run: what was to be sent, and what stood in the LMS just before."""

    __tablename__ = "run_items"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    passback_id: Mapped[int] = mapped_column(ForeignKey("passbacks.id"), primary_key=True)
    score: Mapped[Decimal | None]
    maximum: Mapped[Decimal | None]
    choice: Mapped[str | None] = mapped_column(String(10))
    """What the teacher chose for a grade changed in the LMS: `replace`, else None (hold and ask)."""
    version: Mapped[int | None]
    """The version this run wished; None while it is being prepared, or when it was left out."""
    left_out: Mapped[str | None] = mapped_column(String(40))
    """Why nothing was wished: a code of `policy`, or `changed_in_lms`."""
    before_is_known: Mapped[bool] = mapped_column(default=False)
    before_score: Mapped[Decimal | None]
    before_maximum: Mapped[Decimal | None]


class Act(Base):
    """Who did what on the passback screen, and when; only ever added."""

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, object]]
    acted_by: Mapped[int] = mapped_column(ForeignKey("members.id"))
    acted_at: Mapped[datetime]
