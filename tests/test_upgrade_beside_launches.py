"""The tables change while the pages go on: the upgrade gives way, and neither side is broken."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from tests.conftest import POSTGRES
from tests.stage import wait_until
from tool import migrations
from tool.db import Database
from tool.errors import BadInput
from tool.migrations import upgrading
from tool.migrations.state import is_current

BEFORE = "0008"
A_LAUNCH = text("SELECT count(*) FROM persons")


@pytest.fixture
def old_tables(postgres_url: str) -> Iterator[Database]:
    """A database of its own, with the tables of the version before."""
    name = f"{postgres_url.rsplit('/', 1)[1]}_busy"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    address = f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    database = Database(address.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    yield database
    database.close()
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def somebody_reads_persons(database: Database) -> Iterator[Connection]:
    """A transaction that stays open, as a backup's does."""
    with database.reading() as connection:
        connection.execute(A_LAUNCH)
        yield connection


@contextmanager
def upgrade_beside(database: Database) -> Iterator[list[BaseException | None]]:
    """The upgrade in a thread; what it ended with, None for well, is in the list once it has."""
    ended: list[BaseException | None] = []

    def run() -> None:
        try:
            upgrading.upgrade(database)
        except BaseException as error:
            ended.append(error)
        else:
            ended.append(None)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield ended
    finally:
        thread.join(30)


def is_waiting(database: Database) -> bool:
    """Whether somebody waits for a lock just now."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with database.reading() as connection:
        return bool(connection.execute(waiting).scalar_one())


def test_it_waits_for_whoever_lets_go(old_tables: Database) -> None:
    with somebody_reads_persons(old_tables) as reader, upgrade_beside(old_tables) as ended:
        wait_until(lambda: is_waiting(old_tables), 10)
        for _ in range(3):
            begun = time.monotonic()
            with old_tables.reading() as launch:
                launch.execute(A_LAUNCH)
            assert time.monotonic() - begun < 2, "launches go through between its tries"
            time.sleep(upgrading.LOCK_WAIT_MILLISECONDS / 1000)
        assert ended == [], "it is neither done nor given up"
        assert not is_current(old_tables)

        reader.commit()
        assert wait_until(lambda: ended, 20) == [None]

    assert is_current(old_tables)


def test_no_launch_is_broken_by_a_deadlock(old_tables: Database) -> None:
    """A launch holds what the upgrade wants next, and wants what the upgrade has."""
    with old_tables.reading() as launch:
        launch.execute(text("SELECT count(*) FROM persons"))
        with upgrade_beside(old_tables) as ended:
            wait_until(lambda: is_waiting(old_tables), 10)
            # The upgrade changed courses before persons, and holds it.
            launch.execute(text("SELECT count(*) FROM courses"))
            launch.commit()

    assert ended == [None]
    assert is_current(old_tables)


def test_what_is_never_let_go_ends_in_one_plain_line(old_tables: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "GIVES_UP_AFTER_SECONDS", 1.5)
    with somebody_reads_persons(old_tables), pytest.raises(BadInput, match="the tables are in use") as refused:
        upgrading.upgrade(old_tables)

    assert "Nothing was changed." in refused.value.hint
    assert "passback db upgrade" in refused.value.hint
    assert not is_current(old_tables)
    upgrading.upgrade(old_tables)
    assert is_current(old_tables), "run again, it goes through"
