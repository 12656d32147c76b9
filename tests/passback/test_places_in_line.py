"""Scores go in the order in which they began to wait; a better answer costs nobody their place."""

from datetime import timedelta
from decimal import Decimal

import time_machine

from tests.rows import ended, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.entries import Claimed
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

MINUTE = timedelta(minutes=1)


def test_who_improves_a_waiting_score_keeps_their_place(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 4)
        clock.shift(MINUTE)
        wish_for(database, platform, cleo)
        clock.shift(MINUTE)
        wish_for(database, platform, ben, 9)

        (first,) = claim(database, platform.id, holder="sender", limit=1)
        wished_at = passback_of(database, ben).wished_at

    assert (first.subject, first.score, first.version) == ("ben", Decimal(9), 2)
    assert wished_at == first.wished_at, "how long this number has waited is still counted from its own wish"


def test_who_was_sent_already_waits_behind_the_others(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 4)
        (sent,) = claim(database, platform.id, holder="sender", limit=1)
        settle(database, [ended(sent)])
        clock.shift(MINUTE)
        wish_for(database, platform, cleo)
        clock.shift(MINUTE)
        wish_for(database, platform, ben, 9)

        assert _next(database, platform).subject == "cleo"


def test_who_is_on_the_way_comes_back_at_the_end(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    """Their better score came while the one before it was being sent."""
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 4)
        (on_the_way,) = claim(database, platform.id, holder="sender", limit=1)
        wish_for(database, platform, cleo)
        clock.shift(timedelta(seconds=2))
        wish_for(database, platform, ben, 9)
        settle(database, [ended(on_the_way)])

        assert _next(database, platform).subject == "cleo"


def test_a_score_that_failed_is_a_new_one_when_it_changes(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    """It goes before old retries then, and behind those who have not had a try at all."""
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 4)
        (failed,) = claim(database, platform.id, holder="sender", limit=1)
        settle(database, [ended(failed, "later", reason="timeout", next_try_at=now() + timedelta(seconds=1))])
        clock.shift(timedelta(seconds=2))
        wish_for(database, platform, cleo)
        clock.shift(MINUTE)
        wish_for(database, platform, ben, 9)

        assert [one.subject for one in claim(database, platform.id, holder="sender", limit=2)] == ["cleo", "ben"]


def _next(database: Database, platform: KnownPlatform) -> Claimed:
    (row,) = claim(database, platform.id, holder="sender", limit=1)
    return row
