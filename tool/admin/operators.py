"""Operators and their passwords: the only writer of Operator."""

import threading
from datetime import datetime
from functools import cache
from typing import NamedTuple
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, delete, insert, select, update

from tool.admin.sessions import end_all
from tool.admin.tries import forget_account
from tool.clock import now
from tool.db import Database, one_at_a_time
from tool.errors import BadInput, PassbackError
from tool.language import gettext
from tool.model.operators import Operator

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
LONGEST_EMAIL = 254

# Argon2id takes 64 MB while it works: a flood of tries must not fill the memory, nor hold up all threads for long.
_AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE_SECONDS = 2.0

_hasher = PasswordHasher()


class KnownOperator(NamedTuple):
    """One row of `passback operator list`; times in UTC."""

    id: int
    email: str
    created_at: datetime
    signed_in_at: datetime | None


class RightPassword(NamedTuple):
    """Somebody typed the password that this operator has had since then."""

    operator_id: int
    password_set_at: datetime


class TooBusy(PassbackError):
    """So many passwords are being checked that this one was not."""


def add_operator(database: Database, email: str, password: str) -> bool:
    """Take in an operator, or give a known one this password and end all their sessions; True for a new one.

    Raises BadInput for what is no e-mail address or too weak a password.
    """
    address = require_email(email)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(f"the password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    values = {"password_hash": _hasher.hash(_as_typed(password)), "password_set_at": now()}
    with database.writing() as connection:
        one_at_a_time(connection, Operator)
        known = connection.execute(
            update(Operator).where(Operator.email == address).values(**values).returning(Operator.id)
        ).scalar()
        if known is None:
            connection.execute(insert(Operator).values(email=address, created_at=now(), **values))
        else:
            end_all(connection, known)
            forget_account(connection, address)
    return known is None


def require_email(text: str) -> str:
    """An e-mail address as it is kept. Raises BadInput for anything else."""
    address = _read_email(text)
    if address is None:
        raise BadInput("that is not an e-mail address.", "It looks like ada@example.org.")
    return address


def list_operators(database: Database) -> list[KnownOperator]:
    with database.reading() as connection:
        rows = connection.execute(select(Operator).order_by(Operator.email)).all()
    return [KnownOperator(row.id, row.email, row.created_at, row.signed_in_at) for row in rows]


def remove_operator(database: Database, email: str) -> None:
    """Raises BadInput when there is no such operator."""
    with database.writing() as connection:
        known = connection.execute(select(Operator.id).where(Operator.email == _read_email(email))).scalar()
        if known is None:
            raise BadInput("no operator has this e-mail address.", "See them all: passback operator list")
        end_all(connection, known)
        connection.execute(delete(Operator).where(Operator.id == known))


def check_password(database: Database, email: str, password: str) -> RightPassword | None:
    """Whose e-mail and password these are, if anybody's; the same work is done for an e-mail that nobody has.

    Raises TooBusy.
    """
    nobodys = _nobodys_hash()
    with database.reading() as connection:
        found = connection.execute(select(Operator).where(Operator.email == _read_email(email))).first()
    if not _AT_ONCE.acquire(timeout=PATIENCE_SECONDS):
        raise TooBusy(gettext("Too many people are signing in at the moment."))
    try:
        # No password is as long as what is cut off here.
        is_right = _is_password(found.password_hash if found else nobodys, password[: LONGEST_PASSWORD + 1])
    finally:
        _AT_ONCE.release()
    if found is None or not is_right:
        return None
    if _hasher.check_needs_rehash(found.password_hash):
        _rehash(database, found.id, found.password_hash, password)
    return RightPassword(found.id, found.password_set_at)


def note_sign_in(connection: Connection, shown: RightPassword) -> bool:
    """Write down that somebody signs in; False when the operator or the password has gone meanwhile."""
    is_still_so = (Operator.id == shown.operator_id) & (Operator.password_set_at == shown.password_set_at)
    noted = connection.execute(update(Operator).where(is_still_so).values(signed_in_at=now()))
    return noted.rowcount == 1


def _is_password(kept_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(kept_hash, _as_typed(password))
    except VerificationError:
        return False


def _rehash(database: Database, operator_id: int, old_hash: str, password: str) -> None:
    """The library's recommended parameters grow with the years; a password changed meanwhile stays."""
    is_unchanged = (Operator.id == operator_id) & (Operator.password_hash == old_hash)
    new_hash = _hasher.hash(_as_typed(password))
    with database.writing() as connection:
        connection.execute(update(Operator).where(is_unchanged).values(password_hash=new_hash))


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("the password of nobody")


def _read_email(text: str) -> str | None:
    """An address as it is kept, or None."""
    address = text.strip().lower()
    name, at, host = address.rpartition("@")
    is_plain = address.isprintable() and not any(map(str.isspace, address)) and len(address) <= LONGEST_EMAIL
    return address if is_plain and name and at and host and "@" not in name else None


def _as_typed(password: str) -> bytes:
    """One form for what keyboards write in two: é is one character on one machine, two on another."""
    return normalize("NFC", password).encode("utf-8", "replace")
