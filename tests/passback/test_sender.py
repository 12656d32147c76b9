"""The sender: takes what is due, sends a few at a time, writes down what came of it, and stops cleanly."""

import threading

import pytest

from tests.passback.sending import is_delivered, sending
from tests.rows import attempts, ended, make_class, wish_for, wish_for_all
from tests.stage import wait_until
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.sender import AHEAD
from tool.registration.pacing import FIRST_IN_FLIGHT as IN_FLIGHT
from tool.registration.platforms import KnownPlatform
from tool.wake import Bell


def test_what_is_due_is_sent_and_written_down(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)

    with sending(database, ended):
        wait_until(is_delivered(database, ben), 20)

    assert [one.outcome for one in attempts(database)] == ["delivered"]


def test_a_bell_wakes_it(
    database: Database, platform: KnownPlatform, ben: Arrival, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tool.passback.sender.POLL_SECONDS", 60)
    bell = Bell()
    with sending(database, ended, bell):
        wish_for(database, platform, ben)
        bell.ring()
        wait_until(is_delivered(database, ben), 20)


def test_a_few_at_a_time_and_each_once(database: Database, platform: KnownPlatform) -> None:
    """Canvas counts the requests in flight of a registration."""
    learners = make_class(database, platform, 40)
    wish_for_all(database, platform, learners)
    lock, flying, most, seen = threading.Lock(), 0, 0, []

    def deliver(row: Claimed) -> Settlement:
        nonlocal flying, most
        with lock:
            flying += 1
            most = max(most, flying)
            seen.append(row.id)
        threading.Event().wait(0.01)
        with lock:
            flying -= 1
        return ended(row)

    with sending(database, deliver):
        wait_until(lambda: len(attempts(database)) == 40, 30)

    assert 1 < most <= IN_FLIGHT
    assert len(seen) == len(set(seen)) == 40


def test_stopping_gives_back_what_was_not_begun(database: Database, platform: KnownPlatform) -> None:
    learners = make_class(database, platform, AHEAD * IN_FLIGHT)
    wish_for_all(database, platform, learners)
    begun, may_end = threading.Semaphore(0), threading.Event()

    def deliver(row: Claimed) -> Settlement:
        begun.release()
        assert may_end.wait(10)
        return ended(row)

    with sending(database, deliver) as sender:
        for _ in range(IN_FLIGHT):
            assert begun.acquire(timeout=5)
        sender.stop()
        given_back = wait_until(lambda: claim(database, platform.id, holder="next", limit=20), 20)
        may_end.set()

    assert len(given_back) == (AHEAD - 1) * IN_FLIGHT, "free at once, not only when the lease has run out"
    assert len(attempts(database)) == IN_FLIGHT, "what was begun is written down"
