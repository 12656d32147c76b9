"""The sender and the runner of errands, as a process or as threads: puts their parts together, and stops them cleanly.

Neither Flask nor templates are imported here, so that a sender process stays small.
"""

import fcntl
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import make_url

from tool.admin.cleaning import purge_sign_ins
from tool.admin.expiring import EXPIRING, write_of_expiring
from tool.assessment.closing import keep_closing
from tool.assessment.rebinding import take_up
from tool.clock import now
from tool.course.resizing import resize_column
from tool.course.roster import read_roster
from tool.db import ERRAND, SCORE, Database, hear
from tool.db.notices import Channel
from tool.errands import Runner, Work, ask, leasing
from tool.errors import BadInput
from tool.launch.cleaning import purge_expired
from tool.lti.connector import Connector
from tool.mail import MailServer
from tool.outbound import Outbound
from tool.passback.delivery import deliver
from tool.passback.digest import mail_digest
from tool.passback.holding import Holding
from tool.passback.ledger import claiming
from tool.passback.nightly import ask_for_readings, next_night
from tool.passback.reconcile import insist_on_results_of
from tool.passback.runs.preparing import prepare
from tool.passback.sender import Sender
from tool.registration import connection, lanes
from tool.registration.connection import Connections, SharedTokens
from tool.registration.keys import CurrentKey, ensure_secret, ensure_signing_key
from tool.registration.lanes import Lanes
from tool.registration.trusted import TrustedPlatforms
from tool.settings import Settings
from tool.sis.connecting.connections import opener
from tool.sis.connecting.sealing import Sealing
from tool.sis.linking.sections import READING
from tool.sis.sync.asking import SYNCING
from tool.sis.sync.nights import NIGHTS, keep_nights
from tool.sis.sync.running import OpenClient
from tool.sis.sync.turns import read_class, take_turns
from tool.wake import Bell

STOP_WITHIN_SECONDS = 10


class Loop(Protocol):
    """Something that works until it is told to stop, by whichever thread."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


class Listener:
    """Rings the bells of this process when another has work for it."""

    def __init__(self, database: Database, bells: dict[Channel, Bell]) -> None:
        self._database = database
        self._bells = bells
        self._stopping = threading.Event()

    def run(self) -> None:
        hear(self._database, self._bells, self._stopping)

    def stop(self) -> None:
        self._stopping.set()


@dataclass(frozen=True, slots=True)
class Loops:
    """Everything that works beside the pages."""

    sender: Sender
    runner: Runner
    listener: Listener


def make_loops(
    settings: Settings, database: Database, platforms: TrustedPlatforms, outbound: Outbound, bell: Bell
) -> Loops:
    """The loops of this process, ready to run in threads of the caller's. They share tokens and what is known of the
    platforms; the runner has a bell of its own, since the sender's rings with every score."""
    if database.is_sqlite:
        # There is only one such process: whoever holds anything is dead, and need not be waited for.
        for let_go in (claiming.let_go_all, leasing.let_go_all, connection.let_go_all, lanes.let_go_all):
            let_go(database)
    # Made, or found missing on this machine, before anything is sent.
    ensure_signing_key(database, settings)
    tokens = SharedTokens(database, platforms, outbound, CurrentKey(database, settings))
    roads = Roads(platforms, Connections(tokens, outbound), Lanes(database, secrets.token_hex(8)))
    mail_server = MailServer(settings.mail_url, settings.mail_from) if settings.mail_url else None
    held, launch_url = Holding(), f"{settings.base_url}/lti/launch"
    send = partial(deliver, database=database, connect=roads.for_scores, launch_url=launch_url, insist=held.insist)
    sender = Sender(database, send, bell, roads.lanes, held)
    errand_bell = Bell()
    open_client = opener(database, Sealing(ensure_secret(settings.keys_dir)), outbound)
    works = _works(database, roads.for_errands, mail_server) | _works_of_records(database, open_client, settings)
    runner = Runner(database, works, errand_bell)
    return Loops(sender, runner, Listener(database, {SCORE: bell, ERRAND: errand_bell}))


def seed_errands(database: Database) -> None:
    """Make sure that the work of the whole installation is under way; doing it again changes nothing."""
    with database.writing() as connection:
        ask(connection, "cleaning", 0)
        ask(connection, "closing", 0)
        ask(connection, "nightly", 0, due_at=next_night(now()))
        ask(connection, EXPIRING, 0)
        ask(connection, NIGHTS, 0)


@contextmanager
def in_threads(*loops: Loop) -> Iterator[Callable[[], bool]]:
    """Run these beside the caller, who may tell them to stop and hears whether they have; at the end all are told
    before any is waited for."""
    threads = [threading.Thread(target=loop.run, name=type(loop).__name__.lower()) for loop in loops]
    for thread in threads:
        thread.start()

    def stop() -> bool:
        for loop in loops:
            loop.stop()
        return not any(thread.is_alive() for thread in threads)

    try:
        yield stop
    finally:
        stop()
        for thread in threads:
            thread.join(STOP_WITHIN_SECONDS)


def _works(
    database: Database, connect: Callable[[int], Connector | None], mail_server: MailServer | None
) -> dict[str, Work]:
    """What is done for each kind of errand, given its subject."""
    return {
        "roster": lambda course_id: read_roster(database, connect, course_id),
        "results": lambda placement_id: insist_on_results_of(database, connect, placement_id),
        "run": lambda run_id: prepare(database, connect, run_id),
        "digest": lambda course_id: mail_digest(database, mail_server, course_id),
        "nightly": lambda _: ask_for_readings(database),
        "cleaning": lambda _: min(purge_expired(database), purge_sign_ins(database)),
        "resize": lambda placement_id: resize_column(database, connect, placement_id),
        "binding": lambda placement_id: take_up(database, placement_id),
        "closing": lambda _: keep_closing(database),
        EXPIRING: lambda _: write_of_expiring(database, mail_server),
    }


def _works_of_records(database: Database, open_client: OpenClient, settings: Settings) -> dict[str, Work]:
    """The same for the school's records: the runs of a section, the reading of its class, the nights."""
    base_url = settings.base_url
    return {
        SYNCING: lambda section_id: take_turns(database, open_client, section_id, base_url=base_url),
        READING: lambda section_id: read_class(database, open_client, section_id),
        NIGHTS: lambda _: keep_nights(database),
    }


@dataclass(frozen=True, slots=True)
class Roads:
    """The connectors of this process; what they see of a platform is told to its lane."""

    platforms: TrustedPlatforms
    connections: Connections
    lanes: Lanes

    def for_scores(self, platform_id: int) -> Connector | None:
        known = self.platforms.by_id(platform_id)
        return self.connections.to(known, self.lanes.watch(known.id, known.facts.family)) if known else None

    def for_errands(self, platform_id: int) -> Connector | None:
        """As for scores; a platform that is not to be asked now raises ServiceError before anything waits for it."""
        known = self.platforms.by_id(platform_id)
        if known is None:
            return None
        hindrance = self.lanes.hindrance(platform_id)
        if hindrance is not None:
            raise hindrance
        return self.connections.to(known, self.lanes.watch(known.id, known.facts.family, is_guest=True))


@contextmanager
def only_sender(settings: Settings) -> Iterator[None]:
    """SQLite has room for one sender: a second one is refused with a clear line, also while the first is busy."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        yield
        return
    path = Path(f"{url.database}.sender")
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                f"{path}: another Passback process sends for this SQLite database",
                "Start this one with --no-sender, or use PostgreSQL to run several.",
            ) from None
        yield
