"""A letter to the operators before the credentials of a school-records connection run out, once for each date."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, or_, select, update

from tool.clock import now
from tool.db import Database
from tool.mail import MailServer, send_mail
from tool.model.operators import Operator
from tool.model.sis import SisConnection
from tool.sis.connecting.connections import WARNED_BEFORE
from tool.sis.sync.nights import of_ours

log = structlog.get_logger("sis")

EXPIRING = "sis_expiring"
LOOKS_EVERY = timedelta(hours=12)
TRIED_AGAIN_AFTER = timedelta(hours=1)


def write_of_expiring(database: Database, server: MailServer | None) -> datetime:
    """The errand `sis_expiring`: write of every date that nobody was written of; when to look again. Operators tell no
    language, so it is English. Where no mail server is configured the operators' pages say it all the same."""
    if server is None:
        return now() + LOOKS_EVERY
    with database.reading() as connection:
        found = _find_untold(connection)
        addresses = list(connection.execute(select(Operator.email).order_by(Operator.id)).scalars())
    told = [one for one in found if _write_to_all(server, addresses, one)]
    for one in told:
        _note(database, one)
    return now() + (LOOKS_EVERY if len(told) == len(found) or not addresses else TRIED_AGAIN_AFTER)


def _find_untold(connection: Connection) -> list[Any]:
    told = SisConnection.expiry_mailed_on
    expires = SisConnection.secret_expires_on
    return list(
        connection.execute(
            of_ours(select(SisConnection.id, SisConnection.name, expires))
            .where(expires.between(now().date(), (now() + WARNED_BEFORE).date()), or_(told.is_(None), told != expires))
            .order_by(SisConnection.id)
        )
    )


def _write_to_all(server: MailServer, addresses: list[str], one: Any) -> bool:
    """Whether anybody was reached."""
    reached = [_write(server, address, one) for address in addresses]
    return any(reached)


def _write(server: MailServer, address: str, one: Any) -> bool:
    """Whether the mail server took it. Neither name nor address of anybody goes to the log."""
    day = f"{one.secret_expires_on:%Y-%m-%d}"
    name = " ".join(one.name.split())
    subject = f"Passback: the credentials for {name} run out on {day}"
    text = (
        f"The client secret (or token) with which Passback reaches “{name}” is valid until {day}.\n"
        "After that no grade goes there any more.\n\n"
        "Ask the district for a new one, and type it under “School records” on the operators' pages.\n"
    )
    try:
        send_mail(server, address, subject, text)
    except OSError as error:  # every error of smtplib is one
        log.warning("sis.expiry_not_mailed", connection_id=one.id, error=type(error).__name__)
        return False
    return True


def _note(database: Database, one: Any) -> None:
    with database.writing() as connection:
        mine = SisConnection.id == one.id
        connection.execute(update(SisConnection).where(mine).values(expiry_mailed_on=one.secret_expires_on))
