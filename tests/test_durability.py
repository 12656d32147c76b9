"""What was shown as saved outlives a power cut: the settings that promise it are checked before anybody is served."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from tests.cast import BEN
from tests.rows import arrive, hand_in, make_assignment, make_platform, passback_of
from tool.cli.opening import open_parts
from tool.db import Database, what_may_lose_commits
from tool.errors import BadInput
from tool.settings import Settings


def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/passback.db")
    assert what_may_lose_commits(database) == []
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    database.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_that_forgets_is_found_out(database: Database) -> None:
    """The databases of the tests do not sync, to be quick."""
    assert what_may_lose_commits(database) == ["synchronous_commit"]


def test_production_does_not_start_on_it(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(
        base_url="https://tool.example", database_url=postgres_url, keys_dir=tmp_path, environment="production"
    )
    with pytest.raises(BadInput, match="synchronous_commit is off"):
        open_parts(settings)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_honestly_and_recovers(database: Database) -> None:
    """Nothing is half saved: the student is told, and later the same hand-in is taken."""
    make_assignment(database)
    ben = arrive(database, make_platform(database), BEN)

    @event.listens_for(database.engine, "connect")
    def fill(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    database.engine.dispose()
    with pytest.raises(OperationalError, match="full"):
        write_on(database)
    with pytest.raises(OperationalError, match="full"):
        hand_in(database, ben, {"sum": "x" * 200_000})
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM submissions")).scalar_one() == 0

    event.remove(database.engine, "connect", fill)
    database.engine.dispose()
    hand_in(database, ben)
    assert passback_of(database, ben).state == "due"


SESSION = ("idle_in_transaction_session_timeout", "work_mem")


def write_on(database: Database) -> None:
    for number in range(2000):
        with database.writing() as connection:
            connection.execute(
                text("INSERT INTO sign_in_tallies (slot, tries, ends_at) VALUES (:slot, 1, '2030-01-01')"),
                {"slot": f"{number:>20}"},
            )


def test_a_process_that_is_stopped_in_a_transaction_loses_its_locks(postgres_url: str) -> None:
    """And the operator's own options of the connection count beside ours."""
    address = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    database = Database(f"{address}?options=-cwork_mem%3D5MB")
    with database.reading() as connection:
        told = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in SESSION]
    database.close()

    assert told == ["10s", "5MB"]
