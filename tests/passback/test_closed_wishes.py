"""A wish that a person closed (opted out, excused) stays closed, even if its score was on its way just then."""

from datetime import timedelta

import time_machine

from tests.rows import attempts, ended, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.passback.ledger.wishing import close_wishes
from tool.registration.platforms import KnownPlatform

SECOND = timedelta(seconds=1)


def test_a_closed_wish_is_never_claimed(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    close(database, ben)

    assert claim(database, platform.id, holder="sender", limit=10) == []
    assert passback_of(database, ben).state == "held"


def test_a_flight_that_fails_does_not_open_it_again(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        (flying,) = claim(database, platform.id, holder="sender", limit=10)
        close(database, ben)
        settle(database, [ended(flying, "later", reason="timeout", next_try_at=now() + SECOND)])
        clock.shift(SECOND)
        assert claim(database, platform.id, holder="sender", limit=10) == []

    row = passback_of(database, ben)
    assert (row.state, row.tries, row.failure, row.lease_holder) == ("held", 0, None, None)
    assert len(attempts(database)) == 1


def test_a_flight_that_is_postponed_does_not_either(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    (flying,) = claim(database, platform.id, holder="sender", limit=10)
    close(database, ben)
    settle(database, [ended(flying, "postponed", is_tried=False, next_try_at=now())])

    assert passback_of(database, ben).state == "held"


def test_a_flight_that_arrives_is_told_truly(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    (flying,) = claim(database, platform.id, holder="sender", limit=10)
    close(database, ben)
    settle(database, [ended(flying)])

    row = passback_of(database, ben)
    assert (row.state, row.confirmed_version) == ("delivered", 1)


def close(database: Database, place: Arrival) -> None:
    row = passback_of(database, place)
    with database.writing() as connection:
        close_wishes(connection, [row.id])
