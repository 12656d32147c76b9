"""Background work that is not a score."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Errand(Base):
    """One row per kind and subject, used again each time: read a roster or results, prepare a run, look at clocks."""

    __tablename__ = "errands"
    __table_args__ = (UniqueConstraint("kind", "subject_id"), Index("ix_errands_due_at", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    """A course, placement or run, as the kind says; 0 for the whole installation."""
    due_at: Mapped[datetime | None]
    """None: nothing to do now."""
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(String(40))
    finished_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str | None] = mapped_column(String(40))
