"""Throwing away what has ended: used nonces and launches that nobody can use any more."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from tool.clock import now
from tool.db import Database
from tool.model.work import Launch, UsedNonce

EVERY = timedelta(hours=1)
# Launches go on while this is done.
ROWS_AT_ONCE = 1000


def purge_expired(database: Database) -> datetime:
    """Delete what expired, some at a time; returns when to do it again."""
    for key, expires_at in ((UsedNonce.digest, UsedNonce.expires_at), (Launch.id, Launch.expires_at)):
        some = select(key).where(expires_at < now()).order_by(expires_at).limit(ROWS_AT_ONCE)
        is_done = False
        while not is_done:
            with database.writing() as connection:
                is_done = connection.execute(delete(key.class_).where(key.in_(some))).rowcount < ROWS_AT_ONCE
    return now() + EVERY
