"""The school's records (SIS), item by item: what was synced where, by which run."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class SisItem(Base):
    """One placement in one section: whether and how it stands in the SIS."""

    __tablename__ = "sis_items"
    __table_args__ = (UniqueConstraint("section_id", "placement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), index=True)
    syncs: Mapped[bool | None]
    """The teacher's word for this item; None: as the assignment says, else as the connection's default."""
    disabled_for: Mapped[str | None] = mapped_column(String(255))
    """The period at whose end it was switched off; undo takes it away again."""
    title: Mapped[str | None] = mapped_column(Text)
    """Its name in the SIS where it is not the assignment's."""
    category: Mapped[str | None] = mapped_column(String(60))
    """Where it is not the assignment's."""
    due_at: Mapped[datetime | None]
    """The due date that was sent first, or set here; then it no longer wanders. None: reckoned anew each time."""
    due_source: Mapped[str | None] = mapped_column(String(10))
    """`set` or `inferred` (assigned + 7 days)."""
    above_maximum: Mapped[str] = mapped_column(String(6), default="ask", server_default="ask")
    """A score above the maximum where the SIS takes none: `ask` (blocks that student), `cap` or `skip`."""
    line_item_id: Mapped[str | None] = mapped_column(String(255))
    """Its id in the SIS: ours (UUID v5), or the one the SIS handed back; None before the first try."""
    is_adopted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The column stood there before, and the teacher said that it is this one."""
    sent_fingerprint: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="new", server_default="new")
    """Of the last try: `new`, `queued`, `done`, `noted` (students left out), `blocked` (preflight), `failed`."""
    code: Mapped[str | None] = mapped_column(String(40))
    """Why, as in `sis.remedies`."""
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(Text)
    """What the SIS said: at most 2,000 characters, for the teacher's page and never for a log."""
    tried_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    error_seen_at: Mapped[datetime | None]


class SisScore(Base):
    """One student's result of one item in the SIS: what was sent last, and how the last try ended."""

    __tablename__ = "sis_scores"
    __table_args__ = (UniqueConstraint("item_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("sis_items.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    result_id: Mapped[str | None] = mapped_column(String(255))
    student_id: Mapped[str | None] = mapped_column(String(255))
    """For whom it was sent."""
    sent_status: Mapped[str | None] = mapped_column(String(20))
    sent_score: Mapped[Decimal | None]
    sent_fingerprint: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12), default="new", server_default="new")
    """`new`, `sent`, `skipped` or `failed`, with the `code`."""
    code: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(Text)
    read_score: Mapped[Decimal | None]
    """What the SIS held when it was last read back."""
    read_at: Mapped[datetime | None]
    is_pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The teacher keeps what was typed in the SIS: this student is skipped from now on."""


class SisRun(Base):
    """One press of *Sync*, one night, one remaster, for one section."""

    __tablename__ = "sis_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    """`changes`, `selected`, `nightly`, `remaster` or `check` (preflight only: nothing is sent)."""
    started_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(String(12), default="queued", server_default="queued")
    """`queued`, `refreshing`, `checking`, `items`, `scores`, `verifying`, `done`."""
    status: Mapped[str] = mapped_column(String(12), default="queued", server_default="queued")
    """`queued`, `running`, `completed`, `with_errors`, `failed`, `cancelled`."""
    code: Mapped[str | None] = mapped_column(String(40))
    """Why the whole run failed."""
    placement_ids: Mapped[list[object] | None]
    """The chosen items; None: all that want it."""
    left_out: Mapped[list[object] | None]
    """Items the teacher left out of this one time."""


class SisRunLine(Base):
    """What happened to one item, or to one student of it, in a run; only ever added."""

    __tablename__ = "sis_run_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("sis_runs.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("sis_items.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    step: Mapped[str] = mapped_column(String(12))
    """`check`, `item`, `score` or `verify`."""
    outcome: Mapped[str] = mapped_column(String(12))
    """`sent`, `unchanged`, `blocked`, `warned`, `skipped`, `failed`."""
    code: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[int | None]
    score: Mapped[Decimal | None]
    at: Mapped[datetime]


class SisAct(Base):
    """Who decided what about a section, and when; only ever added."""

    __tablename__ = "sis_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sis_sections.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, object]]
    acted_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    acted_at: Mapped[datetime]
