"""Invitations: how an LMS admin who has no account here comes to register an LMS."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Invitation(Base):
    """A one-time link for the administrator of an LMS; only a digest of its secret is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    note: Mapped[str] = mapped_column(String(200))
    """For whom it is, in the operator's words."""
    approves: Mapped[bool]
    """What is registered by it is trusted at once; else it waits for an operator."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("operators.id", ondelete="SET NULL"))
    """None: made on the command line."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """When it registered a platform; from then on it opens that platform's page only."""
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("platforms.id"))
