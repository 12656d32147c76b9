"""The tables' history, run by Alembic inside our own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from tool.db import Database
from tool.db.database import WRITES
from tool.errors import BadInput


def upgrade(database: Database) -> None:
    """Bring the tables to the newest state; a failed step leaves them as they were. BadInput for tables of a version
    that this one does not know."""
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
