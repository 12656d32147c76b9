"""A leased row is its sender's alone, for as long as that sender lives."""

from datetime import timedelta

import time_machine

from tests.rows import attempts, ended, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import LEASE, claim, platforms_with_work, release, renew
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

ALMOST = LEASE - timedelta(seconds=1)
AFTER = LEASE + timedelta(seconds=1)


def test_a_claimed_row_is_nobody_elses(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)

    first = claim(database, platform.id, holder="first", limit=10)

    assert [one.subject for one in first] == ["ben"]
    assert claim(database, platform.id, holder="second", limit=10) == []
    assert platforms_with_work(database) == []


def test_a_dead_senders_row_is_taken_over(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        (dead,) = claim(database, platform.id, holder="first", limit=10)
        clock.shift(ALMOST)
        assert claim(database, platform.id, holder="second", limit=10) == []
        clock.shift(AFTER - ALMOST)
        (taken,) = claim(database, platform.id, holder="second", limit=10)

    assert (taken.id, taken.version, taken.timestamp) == (dead.id, dead.version, dead.timestamp)


def test_a_living_sender_keeps_what_it_renews(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        held = claim(database, platform.id, holder="first", limit=10)
        clock.shift(ALMOST)
        renew(database, held)
        clock.shift(ALMOST)
        assert claim(database, platform.id, holder="second", limit=10) == []


def test_a_row_given_back_can_be_taken_at_once(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    release(database, claim(database, platform.id, holder="first", limit=10))

    assert len(claim(database, platform.id, holder="second", limit=10)) == 1


def test_who_lost_a_lease_can_neither_renew_nor_release_it(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        lost = claim(database, platform.id, holder="first", limit=10)
        clock.shift(AFTER)
        claim(database, platform.id, holder="second", limit=10)
        until = passback_of(database, ben).lease_until
        clock.shift(timedelta(seconds=2))

        renew(database, lost)
        release(database, lost)

    row = passback_of(database, ben)
    assert (row.lease_holder, row.lease_until) == ("second", until)


def test_a_late_answer_is_written_down_and_changes_nothing_else(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        (late,) = claim(database, platform.id, holder="first", limit=10)
        clock.shift(AFTER)
        (taken,) = claim(database, platform.id, holder="second", limit=10)
        before = passback_of(database, ben)

        settle(database, [ended(late)])
        assert passback_of(database, ben) == before
        settle(database, [ended(taken)])

    assert passback_of(database, ben).state == "delivered"
    assert [one.was_fenced for one in attempts(database)] == [True, False]
