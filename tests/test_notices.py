"""Other processes are woken through PostgreSQL at once, and again after its connection was lost."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from tests.rows import arrive, make_assignment, make_platform, wish_for
from tool import errands
from tool.db import ERRAND, SCORE, Database, hear, tell
from tool.wake import Bell

on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@contextmanager
def listening(database: Database) -> Iterator[dict[str, Bell]]:
    bells = {SCORE: Bell(), ERRAND: Bell()}
    stopping = threading.Event()
    thread = threading.Thread(target=hear, args=(database, bells, stopping))
    thread.start()
    for bell in bells.values():
        assert bell.wait(5), "at the start it rings once, for what was told before"
    try:
        yield {"score": bells[SCORE], "errand": bells[ERRAND]}
    finally:
        stopping.set()
        thread.join(10)
        assert not thread.is_alive()


@on_postgres
def test_a_wish_wakes_the_senders_of_other_processes(database: Database) -> None:
    make_assignment(database)
    platform = make_platform(database)
    ben = arrive(database, platform)
    with listening(database) as bells:
        begun = time.monotonic()
        wish_for(database, platform, ben)

        assert bells["score"].wait(5)
        assert time.monotonic() - begun < 0.4, "sooner than anybody looks by himself"
        assert not bells["errand"].wait(0.1)


@on_postgres
def test_an_errand_wakes_the_runners(database: Database) -> None:
    with listening(database) as bells:
        with database.writing() as connection:
            errands.ask(connection, "roster", 1)

        assert bells["errand"].wait(5)


@on_postgres
def test_nothing_is_told_of_what_was_undone(database: Database) -> None:
    with listening(database) as bells:
        with database.reading() as connection:
            tell(connection, SCORE)
            connection.rollback()

        assert not bells["score"].wait(0.3)


@on_postgres
def test_a_lost_connection_is_made_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.db.notices.LOST_SECONDS", 0.05)
    with listening(database) as bells:
        with database.writing() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN passback_errand'")
            )
        assert bells["score"].wait(5), "it listens again, and looks at what it missed"
        with database.writing() as connection:
            tell(connection, ERRAND)
        assert bells["errand"].wait(5)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_needs_nobody_to_listen(database: Database) -> None:
    hear(database, {SCORE: Bell()}, threading.Event())
    with database.writing() as connection:
        tell(connection, SCORE)
