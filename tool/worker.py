"""The sender and the runner of errands, as a process or as threads: puts their parts together, and stops them cleanly.

Neither Flask nor templates are imported here, so that a sender process stays small.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from tool.assessment.closing import keep_closing
from tool.clock import now
from tool.course.roster import read_roster
from tool.db import Database
from tool.errands import Runner, Work, ask
from tool.errors import BadInput
from tool.launch.cleaning import purge_expired
from tool.lti.access_token import Connector
from tool.mail import MailServer
from tool.outbound import Outbound
from tool.passback.delivery import deliver
from tool.passback.digest import mail_digest
from tool.passback.nightly import ask_for_readings, next_night
from tool.passback.reconcile import insist_on_results_of
from tool.passback.runs.preparing import prepare
from tool.passback.sender import Sender
from tool.registration.connection import Connections, SharedTokens
from tool.registration.keys import ensure_signing_key
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell

STOP_WITHIN_SECONDS = 10


def make_sender(
    settings: Settings, database: Database, platforms: TrustedPlatforms, outbound: Outbound, bell: Bell
) -> Sender:
    """A sender ready to run in a thread of the caller's."""
    connect = _make_connect(settings, database, platforms, outbound)
    return Sender(database, lambda claimed: deliver(claimed, database=database, connect=connect), bell)


def make_runner(settings: Settings, database: Database, platforms: TrustedPlatforms, outbound: Outbound) -> Runner:
    """A runner of errands ready to run in a thread of the caller's; it has a bell of its own, since the sender's rings
    with every score."""
    connect = _make_connect(settings, database, platforms, outbound)
    mail_server = MailServer(settings.mail_url, settings.mail_from) if settings.mail_url else None
    return Runner(database, _works(database, connect, mail_server), Bell())


def seed_errands(database: Database) -> None:
    """Make sure that the work of the whole installation is under way; doing it again changes nothing."""
    with database.writing() as connection:
        ask(connection, "cleaning", 0)
        ask(connection, "closing", 0)
        ask(connection, "nightly", 0, due_at=next_night(now()))


@contextmanager
def in_threads(*loops: Sender | Runner) -> Iterator[None]:
    """Run these beside the caller; at the end all are told to stop before any is waited for."""
    threads = [threading.Thread(target=loop.run, name=type(loop).__name__.lower()) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()
        for thread in threads:
            thread.join(STOP_WITHIN_SECONDS)


def _works(
    database: Database, connect: Callable[[int], Connector | None], mail_server: MailServer | None
) -> Mapping[str, Work]:
    """What is done for each kind of errand, given its subject."""
    return {
        "roster": lambda course_id: read_roster(database, connect, course_id),
        "results": lambda placement_id: insist_on_results_of(database, connect, placement_id),
        "run": lambda run_id: prepare(database, connect, run_id),
        "digest": lambda course_id: mail_digest(database, mail_server, course_id),
        "nightly": lambda _: ask_for_readings(database),
        "cleaning": lambda _: purge_expired(database),
        "closing": lambda _: keep_closing(database),
    }


def _make_connect(
    settings: Settings, database: Database, platforms: TrustedPlatforms, outbound: Outbound
) -> Callable[[int], Connector | None]:
    tokens = SharedTokens(database, platforms, outbound, ensure_signing_key(database, settings))
    connections = Connections(tokens, outbound)

    def connect(platform_id: int) -> Connector | None:
        known = platforms.by_id(platform_id)
        return connections.to(known) if known else None

    return connect


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
