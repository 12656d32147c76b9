"""The sender as a process or a thread: puts its parts together, and stops cleanly on a signal.

Neither Flask nor templates are imported here, so that a sender process stays small.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from tool.db import Database
from tool.errors import BadInput
from tool.lti.access_token import Connector
from tool.outbound import Outbound
from tool.passback.delivery import deliver
from tool.passback.sender import Sender
from tool.registration.connection import Connections, SharedTokens
from tool.registration.keys import ensure_signing_key
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell


def make_sender(
    settings: Settings, database: Database, platforms: TrustedPlatforms, outbound: Outbound, bell: Bell
) -> Sender:
    """A sender ready to run in a thread of the caller's."""
    tokens = SharedTokens(database, platforms, outbound, ensure_signing_key(database, settings))
    connect = _connect(platforms, Connections(tokens, outbound))
    return Sender(database, lambda claimed: deliver(claimed, database=database, connect=connect), bell)


def _connect(platforms: TrustedPlatforms, connections: Connections) -> Callable[[int], Connector | None]:
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
