"""The timestamp of a score on the wire: it rises by a second, never runs ahead, and a resend repeats it."""

from datetime import timedelta

import time_machine

from tests.rows import ended, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.entries import Claimed
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)


def test_a_timestamp_is_the_moment_of_the_first_send(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben)
        clock.shift(timedelta(minutes=3))

        assert take(database, platform)[0].timestamp == now()


def test_a_resend_repeats_its_timestamp(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben)
        (first,) = take(database, platform)
        again = first
        for _ in range(2):
            settle(database, [ended(again, "later", reason="timeout", next_try_at=now() + SECOND)])
            clock.shift(timedelta(hours=1))
            (again,) = take(database, platform)

    assert (again.timestamp, again.version, again.tries) == (first.timestamp, first.version, 2)


def test_the_next_version_waits_for_its_second(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 8)
        (first,) = take(database, platform)
        settle(database, [ended(first)])
        clock.shift(SECOND - MILLISECOND)
        wish_for(database, platform, ben, 9)

        assert take(database, platform) == [], "sent with a time too near to the last one, or in the future"
        assert passback_of(database, ben).next_try_at == first.timestamp + SECOND

        clock.shift(MILLISECOND)
        (second,) = take(database, platform)
        assert second.timestamp == now() == first.timestamp + SECOND


def test_a_clock_set_back_is_waited_out(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 8)
        (first,) = take(database, platform)
        settle(database, [ended(first)])
        clock.shift(timedelta(minutes=-5))
        wish_for(database, platform, ben, 9)

        assert take(database, platform) == []
        clock.shift(timedelta(minutes=5) + SECOND)
        (second,) = take(database, platform)
        assert first.timestamp + SECOND <= second.timestamp <= now()


def test_a_version_that_was_never_answered_counts_as_sent(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    """Its score may have arrived all the same, so the next one has to be later."""
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 8)
        (lost,) = take(database, platform)
        settle(database, [ended(lost, "later", reason="timeout", next_try_at=now() + SECOND)])
        wish_for(database, platform, ben, 9)
        assert take(database, platform) == []
        clock.shift(SECOND)

        (newer,) = take(database, platform)
        assert newer.timestamp >= lost.timestamp + SECOND


def take(database: Database, platform: KnownPlatform) -> list[Claimed]:
    return claim(database, platform.id, holder="sender", limit=10)
