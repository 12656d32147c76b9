"""A score that takes its process down: after two times it goes alone, after three more a person is told."""

from datetime import timedelta

import time_machine
from sqlalchemy import text

from tests.passback.sending import is_delivered, sending
from tests.rows import ended, passback_of, wish_for
from tests.stage import wait_until
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import TOLD_AFTER, claim, claim_suspect, let_go_all, release
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.ledger.queues import SUSPECT_AFTER
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

DIED = timedelta(seconds=11)


def take(database: Database, platform: KnownPlatform) -> list[str]:
    return [one.subject for one in claim(database, platform.id, holder="sender", limit=9)]


def take_suspect(database: Database, platform: KnownPlatform) -> list[Claimed]:
    return claim_suspect(database, platform.id, holder="sender")


def test_after_two_deaths_a_row_goes_alone(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(SUSPECT_AFTER):
            assert take(database, platform) == ["ben"]
            clock.shift(DIED)
        wish_for(database, platform, cleo)

        assert take(database, platform) == ["cleo"]
        assert [one.subject for one in take_suspect(database, platform)] == ["ben"]


def test_what_takes_down_one_after_the_other_is_told_to_a_person_and_not_forgotten(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(SUSPECT_AFTER):
            take(database, platform)
            clock.shift(DIED)
        for _ in range(TOLD_AFTER):
            assert take_suspect(database, platform)
            clock.shift(timedelta(seconds=31))
            assert not passback_of(database, ben).needs_person
        assert take_suspect(database, platform)

        row = passback_of(database, ben)
        assert (row.state, row.failure, row.needs_person) == ("due", "crashed", True)
        clock.shift(timedelta(minutes=4))
        assert take_suspect(database, platform) == [], "it is left alone for longer and longer"
        clock.shift(timedelta(minutes=2))
        assert take_suspect(database, platform), "and tried again"


def test_it_was_chance_after_all(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    with database.writing() as connection:
        connection.execute(text("UPDATE passbacks SET begun = 9"))
    (suspect,) = take_suspect(database, platform)
    settle(database, [ended(suspect)])

    row = passback_of(database, ben)
    assert (row.state, row.failure, row.needs_person, row.begun) == ("delivered", None, False, 0)


def test_a_try_that_is_written_down_clears_the_name(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(SUSPECT_AFTER):
            take(database, platform)
            clock.shift(DIED)
        (suspect,) = take_suspect(database, platform)
        settle(database, [ended(suspect)])
        assert passback_of(database, ben).begun == 0


def test_rows_given_back_unbegun_are_no_suspects(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    for _ in range(SUSPECT_AFTER + 2):
        claimed = claim(database, platform.id, holder="sender", limit=1)
        assert claimed
        release(database, claimed)


def test_the_sender_sends_suspects_too(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    wish_for(database, platform, ben)
    wish_for(database, platform, cleo)
    with database.writing() as connection:
        connection.execute(text("UPDATE passbacks SET begun = 2"))

    with sending(database, ended):
        wait_until(is_delivered(database, ben), 20)
        wait_until(is_delivered(database, cleo), 20)


def test_a_try_that_cannot_be_written_holds_up_no_other(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    """Whatever the value is, it would be refused each time."""
    wish_for(database, platform, ben)
    wish_for(database, platform, cleo)

    def deliver(row: Claimed) -> Settlement:
        return ended(row, started_at="yesterday") if row.subject == "ben" else ended(row)

    with sending(database, deliver):
        wait_until(is_delivered(database, cleo), 20)

    assert passback_of(database, ben).state == "due"


def test_the_only_sender_takes_over_at_once(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    """On SQLite whoever held a lease is dead when the next one starts."""
    wish_for(database, platform, ben)
    assert take(database, platform) == ["ben"]
    assert take(database, platform) == []

    let_go_all(database)

    assert take(database, platform) == ["ben"]
