"""How often somebody may try to sign in: counted per account and per source, by all processes together. The only
writer of SignInTally.

A try is counted before the password is looked at, so that many at once get no further than one after the other. What
is counted falls into one of some thousand slots: whatever names and addresses somebody makes up, the rows stay bounded,
and neither a name nor an address is kept.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, case, delete, select

from tool.clock import now
from tool.db import upsert
from tool.model.operators import SignInTally
from tool.sources import network_of

WINDOW = timedelta(minutes=15)
MOST_OF_ACCOUNT = 10
# A school's operators may all come from one address.
MOST_OF_SOURCE = 50
SLOTS = 1 << 16


def closed_until(connection: Connection, email: str, source: str) -> datetime | None:
    """From when this source may try this account again, if not now. Only looks: a flood of tries writes nothing."""
    most = {source_slot(source): MOST_OF_SOURCE, _account_slot(email): MOST_OF_ACCOUNT}
    rows = connection.execute(select(SignInTally).where(SignInTally.slot.in_(most), SignInTally.ends_at > now())).all()
    return max((row.ends_at for row in rows if row.tries > most[row.slot]), default=None)


def count_try(connection: Connection, email: str, source: str) -> datetime | None:
    """Count a try; None when it may go on, else the time from which one may again."""
    closed = _count(connection, source_slot(source), MOST_OF_SOURCE)
    if closed is not None:
        # It counts no more for the account: what a source makes up cannot close many accounts.
        return closed
    return _count(connection, _account_slot(email), MOST_OF_ACCOUNT)


def forget_account(connection: Connection, email: str) -> None:
    """Whoever knows the password, or was given a new one, has a fresh count."""
    connection.execute(delete(SignInTally).where(SignInTally.slot == _account_slot(email)))


def source_slot(source: str) -> str:
    """What the log may say of where somebody came from."""
    return _slot("source", network_of(source))


def _account_slot(email: str) -> str:
    return _slot("account", email.strip().lower())


def _slot(kind: str, key: str) -> str:
    number = int.from_bytes(sha256(key.encode("utf-8", "replace")).digest()[:8], "big") % SLOTS
    return f"{kind}-{number:04x}"


def _count(connection: Connection, slot: str, most: int) -> datetime | None:
    at = now()
    statement = upsert(connection, SignInTally).values(slot=slot, tries=1, ends_at=at + WINDOW)
    is_over = SignInTally.ends_at <= at
    counted = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["slot"],
            set_={
                "tries": case((is_over, 1), else_=SignInTally.tries + 1),
                "ends_at": case((is_over, statement.excluded.ends_at), else_=SignInTally.ends_at),
            },
        ).returning(SignInTally.tries, SignInTally.ends_at)
    ).one()
    ends_at: datetime = counted.ends_at
    return ends_at if counted.tries > most else None
