"""The tables' history, run by Alembic inside our own transaction."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from tool.db import Database
from tool.db.database import WRITES
from tool.errors import BadInput

# Who changes a table waits for everybody who uses it, and everybody who comes after waits behind. PostgreSQL looks for
# deadlocks after a second, and breaks any of those in it: we give way before that, so that no launch is broken.
LOCK_WAIT_MILLISECONDS = 500
PAUSE_SECONDS = 0.5
GIVES_UP_AFTER_SECONDS = 60.0
LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK = "40P01"


def upgrade(database: Database) -> None:
    """Bring the tables to the newest state; a failed step leaves them as they were. BadInput for tables of a version
    that this one does not know, and for tables that others hold for too long."""
    gives_up_at = time.monotonic() + GIVES_UP_AFTER_SECONDS
    while not _upgrade(database):
        if time.monotonic() > gives_up_at:
            raise BadInput(
                f"the tables are in use, and were not to be had within {GIVES_UP_AFTER_SECONDS:.0f} seconds.",
                "Nothing was changed. End what holds them (a backup, an open psql; pg_stat_activity names it), or wait "
                "until the school is quiet, and run again: passback db upgrade",
            )
        # Whoever queued behind us goes first.
        time.sleep(PAUSE_SECONDS)


def _upgrade(database: Database) -> bool:
    """Once. False when a table was not to be had in time: then nothing is changed."""
    try:
        _change_tables(database)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) not in (LOCK_NOT_AVAILABLE, DEADLOCK):
            raise
        return False
    return True


def _change_tables(database: Database) -> None:
    with _changing_tables(database) as connection:
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise BadInput("database_url: the database was made by another version of Passback") from None


@contextmanager
def _changing_tables(database: Database) -> Iterator[Connection]:
    """One transaction. SQLite changes a table by putting a new one in its place, and would refuse to take away the old
    one while rows of others refer to it: there the references are looked at once, at the end."""
    if not database.is_sqlite:
        with database.writing() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_WAIT_MILLISECONDS}")
            yield connection
        return
    with database.engine.execution_options(**{WRITES: True}).connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # within a transaction it would change nothing
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise BadInput(
                        f"the database is damaged: rows of {broken[0]} refer to rows of {broken[2]} that are not there",
                        "Nothing was changed. Go on with the version before, and restore a backup.",
                    )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
