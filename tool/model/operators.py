"""Who looks after the installation: operators, their open sessions, and how often somebody tried to sign in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Operator(Base):
    __tablename__ = "operators"
    # An id in an old line of the log is never somebody else's: SQLite would give the newest one out again.
    __table_args__ = (UniqueConstraint("email"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    """In small letters."""
    password_hash: Mapped[str] = mapped_column(Text)
    """Argon2id, with its parameters."""
    password_set_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class OperatorSession(Base):
    """One browser in which an operator is signed in."""

    __tablename__ = "operator_sessions"
    __table_args__ = (Index("ix_operator_sessions_expires_at", "expires_at"),)

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """Written down once a minute at most."""
    expires_at: Mapped[datetime]


class SignInTally(Base):
    """How many tries to sign in fell into one slot since its window began: a slot is some accounts, or some sources."""

    __tablename__ = "sign_in_tallies"
    __table_args__ = (Index("ix_sign_in_tallies_ends_at", "ends_at"),)

    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime]
