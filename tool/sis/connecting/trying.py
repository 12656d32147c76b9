"""A test of one connection from beginning to end: one at a time, within 20 seconds, and its outcome stored."""

from sqlalchemy import Connection, select

from tool.db import Database
from tool.errors import NotThere, PassbackError
from tool.errors import marked as _
from tool.model.sis import SisConnection, SisSection
from tool.outbound import InTime, Outbound
from tool.sis.connecting.connections import access_of, begin_test, keep_test
from tool.sis.connecting.pacing import SharedPace
from tool.sis.connecting.sealing import Sealing
from tool.sis.connecting.testing import Trial, check_connection
from tool.sis.oneroster.client import OneRoster

RUN_SECONDS = 20.0


class TestedNow(PassbackError):
    """Somebody else tests this connection at this moment."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__(_("This connection is being tested at this moment."), _("Try again in half a minute."))


def try_connection(
    database: Database,
    sealing: Sealing,
    connection_id: int,
    *,
    teacher_email: str,
    allow_loopback_http: bool,
    run_seconds: float = RUN_SECONDS,
) -> Trial:
    """Ask the SIS for all that a run will need, with a class of this teacher, else with the first that was linked.

    Raises NotThere, CannotOpen, TestedNow.
    """
    access = access_of(database, sealing, connection_id)
    began_at = begin_test(database, connection_id)
    if access is None:
        raise NotThere(_("There is no such connection."))
    if began_at is None:
        raise TestedNow
    # Connections of its own, so that names and certificates are tried, and not an open socket.
    outbound, kept = Outbound(allow_loopback_http=allow_loopback_http, connections=1), None
    in_time = InTime(outbound, run_seconds)
    pace = SharedPace(database, connection_id, access.profile.requests_per_second, in_time)
    try:
        with database.reading() as connection:
            class_id = None if teacher_email else _find_linked_class(connection, connection_id)
            mine = select(SisConnection.name, SisConnection.secret_expires_on).where(SisConnection.id == connection_id)
            known = connection.execute(mine).one()
        trial = check_connection(
            OneRoster(access, in_time, pace=pace),
            access,
            name=known.name,
            expires_on=known.secret_expires_on,
            class_id=class_id,
            teacher_email=teacher_email,
        )
        kept = trial.kept()
        return trial
    finally:
        outbound.close()
        keep_test(database, connection_id, began_at, kept)


def _find_linked_class(connection: Connection, connection_id: int) -> str | None:
    return connection.execute(
        select(SisSection.class_id)
        .where(SisSection.connection_id == connection_id, SisSection.unlinked_at.is_(None))
        .order_by(SisSection.id)
        .limit(1)
    ).scalar()
