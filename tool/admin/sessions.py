"""Open sessions of operators: the only writer of OperatorSession. What the browser holds is stored as a digest only."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from tool.access import digest
from tool.clock import now
from tool.db import Database
from tool.model.operators import Operator, OperatorSession

LIFE = timedelta(hours=12)
IDLE = timedelta(hours=1)
# Looking at a page is no reason to write each time.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An operator on a page."""

    id: int
    email: str
    token: str


def begin(connection: Connection, operator_id: int) -> str:
    """A new session; returns the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    at = now()
    connection.execute(
        insert(OperatorSession).values(
            token_digest=digest(token), operator_id=operator_id, created_at=at, seen_at=at, expires_at=at + LIFE
        )
    )
    return token


def find(database: Database, token: str) -> SignedIn | None:
    """Who holds this token, if the session is still good; it then goes on."""
    at, this = now(), OperatorSession.token_digest == digest(token)
    with database.reading() as connection:
        row = connection.execute(
            select(Operator.id, Operator.email, OperatorSession.seen_at)
            .join(Operator, Operator.id == OperatorSession.operator_id)
            .where(this, OperatorSession.expires_at > at, OperatorSession.seen_at > at - IDLE)
        ).first()
    if row is None:
        return None
    if at - row.seen_at > SEEN_EVERY:
        with database.writing() as connection:
            connection.execute(update(OperatorSession).where(this).values(seen_at=at))
    return SignedIn(row.id, row.email, token)


def end(database: Database, token: str) -> None:
    """Signed out: the token is good for nothing."""
    with database.writing() as connection:
        connection.execute(delete(OperatorSession).where(OperatorSession.token_digest == digest(token)))


def end_all(connection: Connection, operator_id: int) -> None:
    """Signed out in every browser."""
    connection.execute(delete(OperatorSession).where(OperatorSession.operator_id == operator_id))
