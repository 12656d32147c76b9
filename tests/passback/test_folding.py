"""Several wishes for one student: the newest is sent, and nothing that was wished is undone by a later hesitation."""

from datetime import timedelta

import time_machine

from tests.rows import attempts, ended, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

A_WHILE = timedelta(seconds=5)


def test_two_wishes_are_one_send_of_the_newest(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben, 8)
    wish_for(database, platform, ben, 9)

    (only,) = claim(database, platform.id, holder="sender", limit=10)

    assert only.score == 9
    assert only.version == 2


def test_a_wish_during_the_flight_goes_after_it(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 8)
        (flying,) = claim(database, platform.id, holder="sender", limit=10)
        clock.shift(A_WHILE)
        wish_for(database, platform, ben, 9)
        assert claim(database, platform.id, holder="sender", limit=10) == [], "two sends for one row"

        settle(database, [ended(flying)])

        row = passback_of(database, ben)
        assert (row.state, row.confirmed_version, row.confirmed_score, row.version) == ("due", 1, 8, 2)
        (after,) = claim(database, platform.id, holder="sender", limit=10)
        assert after.score == 9
        assert after.confirmed_score == 8


def test_a_failed_flight_does_not_slow_the_newer_wish(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 8)
        (flying,) = claim(database, platform.id, holder="sender", limit=10)
        clock.shift(A_WHILE)
        wish_for(database, platform, ben, 9)
        tomorrow = now() + timedelta(days=1)
        settle(database, [ended(flying, "needs_person", reason="concluded", next_try_at=tomorrow, needs_person=True)])

        row = passback_of(database, ben)
        assert (row.state, row.tries, row.failure, row.needs_person) == ("due", 0, None, False)
        assert [one.score for one in claim(database, platform.id, holder="sender", limit=10)] == [9]


def test_an_overtaken_flight_does_not_hold_the_newer_wish(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, 8)
        (flying,) = claim(database, platform.id, holder="sender", limit=10)
        clock.shift(A_WHILE)
        wish_for(database, platform, ben, 9)
        settle(database, [ended(flying, "overtaken", state_after="held", reason="changed_in_lms")])

    row = passback_of(database, ben)
    assert (row.state, row.reason) == ("due", None)


def test_a_hold_after_a_wish_does_not_stop_it(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben, 8)
    wish_for(database, platform, ben, 9, is_send=False, reason="changed", cause="answers_edited")

    row = passback_of(database, ben)
    assert (row.state, row.score, row.earned, row.reason) == ("due", 8, 9, "changed")
    (going,) = claim(database, platform.id, holder="sender", limit=10)
    settle(database, [ended(going)])

    row = passback_of(database, ben)
    assert (row.state, row.confirmed_score, row.earned) == ("delivered", 8, 9)
    assert len(attempts(database)) == 1


def test_what_was_never_wished_is_never_claimed(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    wish_for(database, platform, ben, is_send=False, reason="automatic_off")
    wish_for(database, platform, cleo, is_send=False, is_skip=True, reason="not_a_learner")

    assert claim(database, platform.id, holder="sender", limit=10) == []
    assert (passback_of(database, ben).state, passback_of(database, cleo).state) == ("held", "skipped")
