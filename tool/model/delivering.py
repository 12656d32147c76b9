"""How delivery stands: the lane to each platform, and the senders that live. Shared by all processes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Lane(Base):
    """The way to one platform: how many requests at once, and since when and until when none at all."""

    __tablename__ = "lanes"

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), primary_key=True)
    most_in_flight: Mapped[int]
    """Of all processes together; halved when the platform refuses, raised one by one while it answers."""
    paused_until: Mapped[datetime | None]
    """The platform asked for a pause (Retry-After, Canvas's rate text)."""
    slowed_at: Mapped[datetime | None]
    """When `most_in_flight` was last halved: a burst of refusals halves it once."""
    failures: Mapped[int]
    """How many times in a row the platform did not answer properly."""
    broken_at: Mapped[datetime | None]
    """Since when the breaker is open; None while the platform answers."""
    probe_at: Mapped[datetime | None]
    """While the breaker is open: when one request may try again."""
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]
    last_failure: Mapped[str | None] = mapped_column(String(40))
    """Reason code of the last failure."""


class TokenLease(Base):
    """Somebody is asking the platform for an access token; the others wait for that one."""

    __tablename__ = "token_leases"

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), primary_key=True)
    lease_until: Mapped[datetime]
    lease_holder: Mapped[str] = mapped_column(String(40))


class LiveSender(Base):
    """One row for each process that sends; those seen lately share what may be in flight."""

    __tablename__ = "senders"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
