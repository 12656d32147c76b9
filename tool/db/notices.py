"""Waking other processes through PostgreSQL: LISTEN and NOTIFY, with everybody's own looking behind it.

SQLite has one process that works, and it wakes itself.
"""

import threading
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tool.db.database import Database
from tool.wake import Bell

log = structlog.get_logger("database")

Channel = Literal["passback_score", "passback_errand"]
SCORE: Channel = "passback_score"
ERRAND: Channel = "passback_errand"
# How long a stop may take to be heard.
LISTENS_SECONDS = 1.0
LOST_SECONDS = 2.0


def tell(connection: Connection, channel: Channel) -> None:
    """There is work once this transaction is committed; said twice in one transaction it is said once."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {channel}"))


def hear(database: Database, bells: dict[Channel, Bell], stopping: threading.Event) -> None:
    """Ring the bell of a channel for each notice, until told to stop. A lost connection is made again: meanwhile
    everybody finds work by looking."""
    if database.is_sqlite:
        return
    driver_error = database.engine.dialect.loaded_dbapi.Error
    while not stopping.is_set():
        try:
            _hear(database, bells, stopping)
        except (DBAPIError, driver_error) as error:
            log.warning("notices.lost", error=type(error).__name__)
            stopping.wait(LOST_SECONDS)


def _hear(database: Database, bells: dict[Channel, Bell], stopping: threading.Event) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            for channel in bells:
                connection.execute(text(f"LISTEN {channel}"))
            # What was told before we listened.
            for bell in bells.values():
                bell.ring()
            driver: Any = connection.connection.driver_connection
            heard = {str(channel): bell for channel, bell in bells.items()}
            while not stopping.is_set():
                for notice in driver.notifies(timeout=LISTENS_SECONDS, stop_after=1):
                    heard[notice.channel].ring()
        finally:
            # Never back to the pool: its next user would be told of scores.
            connection.invalidate()
