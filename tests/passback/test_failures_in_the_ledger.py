"""A try that failed is counted, shown and repeated; nothing is ever given up."""

from datetime import timedelta

import time_machine

from tests.rows import attempts, ended, make_class, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

SECOND = timedelta(seconds=1)


def test_a_failure_is_counted_and_shown_while_it_lasts(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        started_at = now()
        wish_for(database, platform, ben)
        for number in (1, 2):
            (row,) = claim(database, platform.id, holder="sender", limit=10)
            settle(database, [ended(row, "later", reason="timeout", next_try_at=now() + SECOND)])
            seen = passback_of(database, ben)
            assert (seen.state, seen.tries, seen.failure) == ("due", number, "timeout")
            assert seen.first_failed_at == started_at, "patience counts from the first failure"
            clock.shift(SECOND)
        (row,) = claim(database, platform.id, holder="sender", limit=10)
        settle(database, [ended(row)])

    seen = passback_of(database, ben)
    assert (seen.state, seen.tries, seen.failure, seen.first_failed_at) == ("delivered", 0, None, None)
    assert [one.outcome for one in attempts(database)] == ["later", "later", "delivered"]


def test_what_needs_a_person_is_tried_all_the_same(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben)
        (row,) = claim(database, platform.id, holder="sender", limit=10)
        tomorrow = now() + timedelta(days=1)
        settle(database, [ended(row, "needs_person", reason="concluded", next_try_at=tomorrow, needs_person=True)])

        assert passback_of(database, ben).needs_person
        assert claim(database, platform.id, holder="sender", limit=10) == []
        clock.shift(timedelta(days=1))
        (again,) = claim(database, platform.id, holder="sender", limit=10)
        settle(database, [ended(again)])

    assert not passback_of(database, ben).needs_person


def test_a_thousand_failures_drop_nothing(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben)
        (row,) = claim(database, platform.id, holder="sender", limit=10)
        many = ended(row, "later", reason="server_error", next_try_at=now() + SECOND)
        object.__setattr__(row, "tries", 999)
        settle(database, [many])
        assert passback_of(database, ben).tries == 1000
        clock.shift(SECOND)

        assert len(claim(database, platform.id, holder="sender", limit=10)) == 1


def test_fresh_scores_go_before_old_retries(database: Database, platform: KnownPlatform) -> None:
    learners = make_class(database, platform, 4)
    with time_machine.travel(now(), tick=False) as clock:
        for learner in learners[:2]:
            wish_for(database, platform, learner)
        failed = claim(database, platform.id, holder="sender", limit=10)
        settle(database, [ended(row, "later", reason="timeout", next_try_at=now() + SECOND) for row in failed])
        clock.shift(timedelta(minutes=1))
        for learner in learners[2:]:
            wish_for(database, platform, learner)

        first = claim(database, platform.id, holder="sender", limit=2)

    assert [row.tries for row in first] == [0, 0]


def test_waiting_for_the_column_is_no_try(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    """And it hides no failure that is still there."""
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben)
        (row,) = claim(database, platform.id, holder="sender", limit=10)
        settle(database, [ended(row, "later", reason="timeout", next_try_at=now() + SECOND, needs_person=True)])
        before = passback_of(database, ben)
        clock.shift(SECOND)
        (row,) = claim(database, platform.id, holder="sender", limit=10)

        settle(database, [ended(row, "postponed", is_tried=False, next_try_at=now() + SECOND)])

    after = passback_of(database, ben)
    assert (after.state, after.lease_holder, after.next_try_at) == ("due", None, before.next_try_at + SECOND)
    assert (after.tries, after.failure, after.needs_person) == (1, "timeout", True)
    assert len(attempts(database)) == 1
