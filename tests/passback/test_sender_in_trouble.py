"""What the sender lives through: bugs, a database that fails, a delivery that takes its time."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.passback.sending import is_delivered, sending
from tests.rows import attempts, ended, passback_of, wish_for
from tests.stage import wait_until
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.entries import Claimed, Settlement
from tool.registration.platforms import KnownPlatform


def test_a_crash_takes_nothing_else_down(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    wish_for(database, platform, ben)
    wish_for(database, platform, cleo)

    def deliver(row: Claimed) -> Settlement:
        if row.subject == "ben":
            raise ValueError("a bug")
        return ended(row)

    with sending(database, deliver):
        wait_until(is_delivered(database, cleo), 5)

    assert passback_of(database, ben).state == "due"


def test_it_survives_a_database_that_fails(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    in_flight, may_end = threading.Event(), threading.Event()

    def deliver(row: Claimed) -> Settlement:
        in_flight.set()
        assert may_end.wait(10)
        return ended(row)

    wish_for(database, platform, ben)
    with sending(database, deliver):
        assert in_flight.wait(5)
        rename(database, "attempts", "attempts_away")
        may_end.set()
        threading.Event().wait(0.3)
        rename(database, "attempts_away", "attempts")
        wait_until(is_delivered(database, ben), 5)

    assert len(attempts(database)) == 1


def test_it_survives_anything(database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival) -> None:
    """Pages would go on and no score would ever leave: nothing may end the loop but a stop."""
    wish_for(database, platform, ben)
    with database.writing() as connection:
        connection.execute(text("UPDATE passbacks SET wished_at = NULL"))
    with sending(database, ended):
        wait_until(lambda: passback_of(database, ben).lease_holder, 5)
        wish_for(database, platform, cleo)
        wait_until(is_delivered(database, cleo), 5)


def test_a_slow_delivery_keeps_its_lease(
    database: Database, platform: KnownPlatform, ben: Arrival, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the sender that was told to stop waits for it to end."""
    monkeypatch.setattr("tool.passback.sender.POLL_SECONDS", 0.05)
    monkeypatch.setattr("tool.passback.sender.RENEW_SECONDS", 0.1)
    wish_for(database, platform, ben)
    may_end = threading.Event()

    def deliver(row: Claimed) -> Settlement:
        assert may_end.wait(20)
        return ended(row)

    with sending(database, deliver) as sender:
        first = wait_until(lambda: passback_of(database, ben).lease_until, 5)
        wait_until(lambda: passback_of(database, ben).lease_until > first, 5)
        sender.stop()
        second = passback_of(database, ben).lease_until
        wait_until(lambda: passback_of(database, ben).lease_until > second + timedelta(seconds=0.5), 5)
        may_end.set()

    assert [one.was_fenced for one in attempts(database)] == [False]


def rename(database: Database, table: str, to: str) -> None:
    with database.writing() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))
