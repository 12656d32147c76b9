"""One run, from the first question to the last line. It may be killed anywhere and begun again."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from tool.clock import now
from tool.db import Database
from tool.model.sis import SisSection
from tool.sis.connecting.sealing import CannotOpen
from tool.sis.linking.reading import refresh
from tool.sis.oneroster.client import OneRoster
from tool.sis.oneroster.ids import namespace_of
from tool.sis.plain import SisError
from tool.sis.sync.asking import read_wanted
from tool.sis.sync.checking import check_items
from tool.sis.sync.columns import send_columns
from tool.sis.sync.gathering import Gathered
from tool.sis.sync.scores import send_scores
from tool.sis.sync.trips import Halted, Trip, begin, fail, finish, pause, read_standstill
from tool.sis.sync.troubles import Troubles, may_mend_itself
from tool.sis.sync.verifying import list_sent, verify

OpenClient = Callable[[int], OneRoster | None]
# What was read of the class is young enough for a second press of the button.
FRESH = timedelta(minutes=10)


def run(database: Database, open_client: OpenClient, run_id: int, *, base_url: str, is_last_try: bool = True) -> None:
    """Do a run that was asked for; one that is over stays as it is. Raises SisError where it is to be done again later,
    never at the last try: then it has failed, and its items show why.

    `base_url`: the tool's own address, of which the ids are made.
    """
    try:
        trip = _set_out(database, open_client, run_id, base_url, is_last_try=is_last_try)
        if trip is not None:
            _go(trip)
    except Halted as halted:
        fail(database, run_id, halted.code)
    except SisError as error:
        if may_mend_itself(error) and not is_last_try:
            pause(database, run_id, error)
            raise
        fail(database, run_id, error.code, status=error.status, answer=error.excerpt)


def open_or_halt(open_client: OpenClient, connection_id: int) -> OneRoster:
    """Raises Halted where there is no way to this SIS now."""
    try:
        client = open_client(connection_id)
    except CannotOpen:
        raise Halted("auth.expired") from None
    if client is None:
        raise Halted("connection.off")
    return client


def _set_out(
    database: Database, open_client: OpenClient, run_id: int, base_url: str, *, is_last_try: bool
) -> Trip | None:
    row = begin(database, run_id)
    if row is None:
        return None
    with database.reading() as connection:
        standstill = read_standstill(connection, row.section_id)
        mine = select(SisSection.connection_id).where(SisSection.id == row.section_id)
        connection_id = connection.execute(mine).scalar_one()
        sent = list_sent(connection, run_id)
    if standstill is not None:
        raise Halted(standstill)
    return Trip(
        database=database,
        client=open_or_halt(open_client, connection_id),
        run_id=run_id,
        section_id=row.section_id,
        kind=row.kind,
        wanted=read_wanted(row),
        namespace=namespace_of(base_url, connection_id),
        is_last_try=is_last_try,
        sent=sent,
    )


def _go(trip: Trip) -> None:
    trip.enter("refreshing")
    _refresh(trip)
    trip.enter("checking")
    ready = check_items(trip)
    if trip.kind != "check":
        _send(trip, ready)
    finish(trip.database, trip.run_id)


def _refresh(trip: Trip) -> None:
    mine = select(SisSection.read_at, SisSection.read_failure).where(SisSection.id == trip.section_id)
    with trip.database.reading() as connection:
        row = connection.execute(mine).one()
    is_fresh = row.read_at is not None and row.read_at > now() - FRESH and row.read_failure is None
    if not is_fresh or trip.kind == "remaster":
        refresh(trip.database, trip.client, trip.section_id)


def _send(trip: Trip, ready: list[Gathered]) -> None:
    troubles = Troubles()
    trip.enter("items")
    standing = send_columns(trip, ready, troubles)
    trip.enter("scores")
    gone = set(send_scores(trip, standing, troubles))
    if troubles.later is not None and not trip.is_last_try:
        raise troubles.later
    trip.enter("verifying")
    with trip.database.reading() as connection:
        sent = {item_id for item_id, member_id in list_sent(connection, trip.run_id) if member_id is not None}
    # Of a night only what was sent: the others would be asked for in vain, night after night.
    verify(trip, sent if trip.kind == "nightly" else sent | gone)
