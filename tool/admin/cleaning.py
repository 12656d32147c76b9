"""Throwing away sessions that have ended and counts of tries that are over."""

from datetime import datetime

from tool.clock import now
from tool.db import Database
from tool.launch.cleaning import EVERY, delete_ended
from tool.model.operators import OperatorSession, SignInTally


def purge_sign_ins(database: Database) -> datetime:
    """Delete what has ended; returns when to do it again."""
    delete_ended(database, OperatorSession.token_digest, OperatorSession.expires_at)
    delete_ended(database, SignInTally.slot, SignInTally.ends_at)
    return now() + EVERY
