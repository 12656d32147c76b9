"""Invitations for LMS admins who have no account here: the only writer of Invitation.

An invitation is a link that is good once. Whoever follows it registers one LMS; from then on it leads to that LMS's
own page only, and not for ever. The secret is shown once, when it is made.
"""

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from tool.access import digest
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.model.invitations import Invitation
from tool.model.operators import Operator

LONGEST_NOTE = 200
SHORTEST_LIFE = timedelta(minutes=5)
LONGEST_LIFE = timedelta(days=90)
# How long the admin may come back by the same link, to see whether it works and to add what the LMS told later.
GOOD_AFTER_USE = timedelta(days=30)
# Longer than an LMS may take for its answer: a process that died while it registered gives the invitation back.
LONGEST_USE = timedelta(minutes=2)

State = Literal["open", "busy", "used", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Invited:
    """One invitation; times in UTC. Busy: an LMS is being registered by it at this moment."""

    id: int
    note: str
    approves: bool
    made_by: str | None
    """The operator's e-mail; None: made on the command line, or by somebody who has left."""
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    platform_id: int | None
    """The platform it registered."""
    state: State


def invite(database: Database, *, note: str, approves: bool, valid_for: timedelta, made_by: int | None) -> str:
    """Make an invitation; returns its secret, which is kept nowhere. Raises BadInput."""
    text = note.strip()
    if len(text) > LONGEST_NOTE or not text.isprintable():
        raise BadInput(f"the note must be one line of at most {LONGEST_NOTE} characters")
    if not SHORTEST_LIFE <= valid_for <= LONGEST_LIFE:
        raise BadInput(f"an invitation is good for some minutes at least, and for {LONGEST_LIFE.days} days at most")
    secret, at = secrets.token_urlsafe(32), now()
    values = {"digest": digest(secret), "note": text, "approves": approves, "made_by": made_by}
    with database.writing() as connection:
        connection.execute(insert(Invitation).values(**values, made_at=at, expires_at=at + valid_for))
    return secret


def invitation_url(base_url: str, secret: str) -> str:
    """The link: the registration URL for the LMS's form, and a page of its own in a browser."""
    return f"{base_url}/lti/register/{secret}"


def find_invitation(connection: Connection, secret: str) -> Invited | None:
    """The invitation with this secret that may still do something: register an LMS, or show the one it registered."""
    kept = digest(secret)
    row = connection.execute(_INVITATIONS.where(Invitation.digest == kept)).first()
    if row is None or not hmac.compare_digest(row.digest, kept):
        return None
    found = _read(row)
    return found if found.state in ("open", "busy", "used") else None


def list_invitations(connection: Connection) -> list[Invited]:
    """All there are, the newest first."""
    return [_read(row) for row in connection.execute(_INVITATIONS.order_by(Invitation.id.desc()))]


def revoke(database: Database, invitation_id: int) -> None:
    """From now on the link does nothing; what it registered stays."""
    with database.writing() as connection:
        is_this = (Invitation.id == invitation_id) & Invitation.revoked_at.is_(None)
        connection.execute(update(Invitation).where(is_this).values(revoked_at=now()))


class Use:
    """One use of an invitation, from the moment it was taken."""

    def __init__(self, database: Database, invitation_id: int, taken_at: datetime) -> None:
        self._database = database
        self._is_mine = and_(
            Invitation.id == invitation_id, Invitation.used_at == taken_at, Invitation.platform_id.is_(None)
        )

    def end_with(self, connection: Connection, platform_id: int) -> None:
        """It registers this platform, in this very transaction, and is used up. BadInput when it took so long that
        somebody else has it by now, or when it was revoked meanwhile."""
        still_good = (self._is_mine, Invitation.revoked_at.is_(None))
        ended = connection.execute(update(Invitation).where(*still_good).values(platform_id=platform_id))
        if ended.rowcount != 1:
            raise _used_up()

    def give_back(self) -> None:
        """Nothing was registered; it is as good as before. After `end_with` this does nothing."""
        with self._database.writing() as connection:
            connection.execute(update(Invitation).where(self._is_mine).values(used_at=None))


@contextmanager
def using(database: Database, invitation_id: int) -> Iterator[Use]:
    """Take the invitation for one registration; of several at once only one gets it. Unless the block ends with
    `end_with` it is given back, and a process that dies gives it back by and by.

    Raises BadInput when it is used, taken, expired or revoked.
    """
    at = now()
    with database.writing() as connection:
        taken = connection.execute(
            update(Invitation).where(Invitation.id == invitation_id, _is_open(at)).values(used_at=at)
        )
    if taken.rowcount != 1:
        raise _used_up()
    use = Use(database, invitation_id, at)
    try:
        yield use
    finally:
        use.give_back()


def _used_up() -> BadInput:
    return BadInput(
        gettext("This invitation cannot be used any more, or is being used at this very moment."),
        gettext("Open the link once more to see how it stands."),
    )


_INVITATIONS = select(Invitation, Operator.email).outerjoin(Operator, Operator.id == Invitation.made_by)


def _is_open(at: datetime) -> ColumnElement[bool]:
    is_given_back = and_(Invitation.platform_id.is_(None), Invitation.used_at < at - LONGEST_USE)
    is_free = or_(Invitation.used_at.is_(None), is_given_back)
    return and_(Invitation.revoked_at.is_(None), Invitation.expires_at > at, is_free)


def _read(row: Any) -> Invited:
    return Invited(
        id=row.id,
        note=row.note,
        approves=row.approves,
        made_by=row.email,
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at if row.platform_id is not None else None,
        platform_id=row.platform_id,
        state=_judge(row, now()),
    )


def _judge(row: Any, at: datetime) -> State:
    if row.revoked_at is not None:
        return "revoked"
    if row.platform_id is not None and row.used_at is not None:
        return "used" if at < row.used_at + GOOD_AFTER_USE else "expired"
    if at >= row.expires_at:
        return "expired"
    is_taken = row.used_at is not None and row.used_at >= at - LONGEST_USE
    return "busy" if is_taken else "open"
