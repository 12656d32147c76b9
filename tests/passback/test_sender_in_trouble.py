"""What the sender lives through: bugs, a database that fails, a delivery that takes its time."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from tests.cast import CLEO
from tests.passback.sending import is_delivered, sending
from tests.rows import arrive, attempts, ended, entry, make_platform, passback_of, wish_for
from tests.stage import wait_until
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.sender import Sender
from tool.registration.lanes import Lanes
from tool.registration.platforms import KnownPlatform, adopt_file_platforms
from tool.wake import Bell


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
        wait_until(is_delivered(database, cleo), 20)

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
        wait_until(is_delivered(database, ben), 20)

    assert len(attempts(database)) == 1


def test_it_survives_anything(database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival) -> None:
    """Pages would go on and no score would ever leave: nothing may end the loop but a stop."""
    wish_for(database, platform, ben)
    with database.writing() as connection:
        connection.execute(text("UPDATE passbacks SET wished_at = NULL"))
    with sending(database, ended):
        wait_until(lambda: passback_of(database, ben).lease_holder, 20)
        wish_for(database, platform, cleo)
        wait_until(is_delivered(database, cleo), 20)


def test_nobody_waits_for_an_lms_that_hangs(
    database: Database, platform: KnownPlatform, ben: Arrival, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers are written together, but not with one that does not come."""
    monkeypatch.setattr("tool.passback.sender.SETTLE_SECONDS", 3.0)
    hanging = make_platform(database, issuer="https://hanging.example")
    adopt_file_platforms(database, {one.facts.issuer: (entry(),) for one in (platform, hanging)})
    far_away = arrive(database, hanging, CLEO)
    has_begun, may_end, bell = threading.Event(), threading.Event(), Bell()

    def deliver(row: Claimed) -> Settlement:
        if row.platform_id == hanging.id:
            has_begun.set()
            assert may_end.wait(20)
        return ended(row)

    wish_for(database, hanging, far_away)
    with sending(database, deliver, bell):
        assert has_begun.wait(10)
        threading.Event().wait(3.1)
        wish_for(database, platform, ben)
        bell.ring()
        wait_until(is_delivered(database, ben), 2.5)
        may_end.set()


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
        first = wait_until(lambda: passback_of(database, ben).lease_until, 20)
        wait_until(lambda: passback_of(database, ben).lease_until > first, 20)
        sender.stop()
        second = passback_of(database, ben).lease_until
        wait_until(lambda: passback_of(database, ben).lease_until > second + timedelta(seconds=0.5), 20)
        may_end.set()

    assert [one.was_fenced for one in attempts(database)] == [False]


def test_what_it_claimed_before_it_slept_is_not_sent_for_what_it_claimed_afterwards(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    """The row is its own again, by a new lease; the old claim still holds the old number."""
    sent: list[int] = []

    def deliver(row: Claimed) -> Settlement:
        sent.append(row.version)
        return ended(row)

    sender = Sender(database, deliver, Bell(), Lanes(database, "story"))
    wish_for(database, platform, ben, 4)
    (before,) = sender._claim(platform.id, 1)
    wish_for(database, platform, ben, 9)
    with time_machine.travel(now() + timedelta(seconds=11), tick=False):
        (afterwards,) = sender._claim(platform.id, 1)
        sender._run_one(before)
        sender._run_one(afterwards)

    assert (before.version, afterwards.version) == (1, 2)
    assert sent == [2]


def rename(database: Database, table: str, to: str) -> None:
    with database.writing() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))
