"""Whom we trust: platforms, their deployments, the customers behind them, keys and tokens."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Platform(Base):
    """An LMS we trust. Hosted Canvas and Schoology share one issuer, so it is (issuer, client id) that names it."""

    __tablename__ = "platforms"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(500))
    client_id: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(20), default="unknown")
    auth_login_url: Mapped[str] = mapped_column(Text)
    auth_token_url: Mapped[str] = mapped_column(Text)
    auth_audience: Mapped[str | None] = mapped_column(Text)
    key_set_url: Mapped[str | None] = mapped_column(Text)
    key_set: Mapped[dict[str, object] | None]
    source: Mapped[str] = mapped_column(String(10))
    """`file` (config.json wins at each start) or `database`."""
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    """None: registered by an invitation, and waiting for an operator. Nothing is trusted before."""
    new_deployments: Mapped[str] = mapped_column(String(10), default="hold", server_default="hold")
    """What a launch from a deployment that is not known does: `refuse`, `hold` (an operator approves), `accept`."""
    service_hosts: Mapped[list[object] | None]
    """Hosts beside the registered ones that an operator confirmed for scores and class lists (Canvas on a domain of
    the school's own)."""
    granted: Mapped[dict[str, object] | None]
    """What a dynamic registration was granted, as the platform's reply said it: scopes, placements, remarks."""
    removed_at: Mapped[datetime | None]
    """Switched off for good, and shown nowhere; what it sent and what was sent to it stays."""


class Customer(Base):
    """Who owns people, courses and assignments. Usually one deployment; an operator may join a second one to it."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """The last of its deployments was removed: nobody comes in, nothing is sent, and everything is kept."""


class Deployment(Base):
    __tablename__ = "deployments"
    __table_args__ = (UniqueConstraint("platform_id", "deployment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    deployment_id: Mapped[str] = mapped_column(String(255))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    """None while it is held: nothing is anybody's before an operator approves."""
    is_active: Mapped[bool] = mapped_column(default=True)
    """False: switched off, or (with `held_at`) never approved yet."""
    held_at: Mapped[datetime | None]
    """When a launch first came from it, while it waits for an operator."""
    removed_at: Mapped[datetime | None]
    """Switched off for good, and shown nowhere."""
    created_at: Mapped[datetime]


class KeptKeySet(Base):
    """The last good key set of a platform, so that a launch works while its address does not."""

    __tablename__ = "kept_key_sets"

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), primary_key=True)
    key_set: Mapped[dict[str, object]]
    fetched_at: Mapped[datetime]


class ToolKey(Base):
    """Since when each of our public keys is published, and which one signs; the private part is a file."""

    __tablename__ = "tool_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_jwk: Mapped[dict[str, object]]
    published_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class KeptToken(Base):
    """An access token shared by all processes, one per platform and scope set."""

    __tablename__ = "kept_tokens"
    __table_args__ = (UniqueConstraint("platform_id", "scopes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    scopes: Mapped[str] = mapped_column(Text)
    granted: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class CheckTurn(Base):
    """The connection to a platform is tested by one process at a time, and not again at once."""

    __tablename__ = "check_turns"

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), primary_key=True)
    free_at: Mapped[datetime]
    """From when it may be tested again."""
