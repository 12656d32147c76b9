"""A try to sign in, from what was typed to a session or a refusal that tells nothing."""

from datetime import datetime

import structlog

from tool.admin import sessions
from tool.admin.operators import check_password, note_sign_in
from tool.admin.tries import closed_until, count_try, forget_account, source_slot
from tool.db import Database
from tool.errors import PassbackError
from tool.language import gettext

log = structlog.get_logger("admin")


class SignInRefused(PassbackError):
    """Nobody was signed in. `closed_until`: no try is heard before that."""

    def __init__(self, message: str, *, closed_until: datetime | None = None) -> None:
        super().__init__(message)
        self.closed_until = closed_until


def sign_in(database: Database, email: str, password: str, source: str) -> str:
    """Returns the token of a new session. Raises SignInRefused, with one answer for a wrong password and for an
    e-mail that nobody has; raises TooBusy."""
    with database.reading() as connection:
        closed = closed_until(connection, email, source)
    if closed is None:
        with database.writing() as connection:
            closed = count_try(connection, email, source)
    if closed is not None:
        log.warning("operator.sign_in_closed", source=source_slot(source))
        raise SignInRefused(gettext("There were too many tries to sign in."), closed_until=closed)
    shown = check_password(database, email, password)
    if shown is not None:
        with database.writing() as connection:
            if note_sign_in(connection, shown):
                forget_account(connection, email)
                log.info("operator.signed_in", operator_id=shown.operator_id, source=source_slot(source))
                return sessions.begin(connection, shown.operator_id)
    log.warning("operator.sign_in_refused", source=source_slot(source))
    raise SignInRefused(gettext("That e-mail and password do not belong together."))
