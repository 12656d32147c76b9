"""Throwing away what has ended: launches that nobody can use any more, and with them the nonces that they used up."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from tool.clock import now
from tool.db import Database
from tool.model.work import Launch

EVERY = timedelta(hours=1)
# Launches go on while this is done.
ROWS_AT_ONCE = 1000


def purge_expired(database: Database) -> datetime:
    """Delete what expired, some at a time; returns when to do it again."""
    delete_ended(database, Launch.id, Launch.expires_at)
    return now() + EVERY


def delete_ended(database: Database, key: InstrumentedAttribute[str], ends_at: InstrumentedAttribute[datetime]) -> None:
    """Delete the rows of a table whose time is over, some in each transaction."""
    some = select(key).where(ends_at < now()).order_by(ends_at).limit(ROWS_AT_ONCE)
    is_done = False
    while not is_done:
        with database.writing() as connection:
            is_done = connection.execute(delete(key.class_).where(key.in_(some))).rowcount < ROWS_AT_ONCE
