"""Alembic's entry: runs on the connection that `tool.migrations.upgrade` hands over."""

from typing import Literal

from alembic import context

from tool.model import (  # noqa: F401 - the tables register themselves
    delivering,
    digests,
    errands,
    invitations,
    operators,
    passbacks,
    people,
    platforms,
    sis,
    sis_syncs,
    work,
)
from tool.model.base import Base, Moment, Points


def render_type(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """A migration stands by itself: our own column types are written as what the database knows."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Points):
        return "sa.String(length=40)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_type,
)
with context.begin_transaction():
    context.run_migrations()
