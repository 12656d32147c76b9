"""The night: what was ever confirmed is looked at again, spread over hours, and only what nobody looked at lately;
in the morning come the digests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, select, update

from tests.cast import BEN, CLEO
from tests.rows import arrive, ended, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.errands import Errand
from tool.model.platforms import Platform
from tool.model.work import Placement
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.passback.nightly import FRESH, LOOKED_AT_FOR, MORNING, NIGHT, ask_for_readings, next_night
from tool.registration.platforms import KnownPlatform

ONE_O_CLOCK = datetime(2026, 3, 3, 1, tzinfo=UTC)


def confirm(database: Database, known: KnownPlatform, place: Arrival) -> None:
    wish_for(database, known, place)
    settle(database, [ended(one) for one in claim(database, known.id, holder="sender", limit=10)])
    # What was delivered is read back soon; by night that is long done.
    assert ("results", place.placement_id) in asked(database)
    with database.writing() as connection:
        connection.execute(delete(Errand))


def asked(database: Database) -> dict[tuple[str, int], Any]:
    with database.reading() as connection:
        return {(one.kind, one.subject_id): one.due_at for one in connection.execute(select(Errand))}


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (ONE_O_CLOCK - timedelta(seconds=1), ONE_O_CLOCK),
        (ONE_O_CLOCK, ONE_O_CLOCK + timedelta(days=1)),
        (ONE_O_CLOCK + timedelta(hours=12), ONE_O_CLOCK + timedelta(days=1)),
    ],
)
def test_it_begins_at_one_o_clock(at: datetime, night: datetime) -> None:
    assert next_night(at) == night


def test_a_placement_with_a_confirmed_score_is_read_with_its_roster(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    confirm(database, platform, ben)
    began_at = now()
    again_at = ask_for_readings(database)

    due = asked(database)
    digest_at = due.pop(("digest", ben.course_id))
    assert set(due) == {("results", ben.placement_id), ("roster", ben.course_id)}
    assert all(began_at <= at <= now() + NIGHT for at in due.values())
    assert began_at + NIGHT <= digest_at <= now() + NIGHT + MORNING
    assert again_at == next_night(began_at)


def test_nothing_confirmed_nothing_read(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben)
    ask_for_readings(database)

    assert asked(database) == {}


@pytest.mark.parametrize(("age", "is_asked"), [(FRESH - timedelta(minutes=1), False), (FRESH * 2, True)])
def test_what_was_read_lately_is_left_alone(
    database: Database, platform: KnownPlatform, ben: Arrival, age: timedelta, is_asked: bool
) -> None:
    confirm(database, platform, ben)
    with database.writing() as connection:
        connection.execute(update(Placement).values(results_read_at=now() - age))
    ask_for_readings(database)

    assert (("results", ben.placement_id) in asked(database)) is is_asked
    assert ("digest", ben.course_id) in asked(database)


def test_a_course_that_ended_long_ago_is_left_alone(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    confirm(database, platform, ben)
    with time_machine.travel(now() + LOOKED_AT_FOR + timedelta(days=1)):
        ask_for_readings(database)

    assert asked(database) == {}


def test_a_platform_that_was_switched_off_is_left_alone(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    confirm(database, platform, ben)
    with database.writing() as connection:
        connection.execute(update(Platform).values(is_active=False))
    ask_for_readings(database)

    assert asked(database) == {}


def test_the_readings_are_spread_and_each_keeps_its_moment(database: Database, platform: KnownPlatform) -> None:
    places = [
        arrive(database, platform, someone, resource_link={"id": f"link-{number}"})
        for number in range(6)
        for someone in (BEN, CLEO)
    ]
    for place in places:
        confirm(database, platform, place)
    with time_machine.travel(ONE_O_CLOCK, tick=False):
        ask_for_readings(database)
    first = asked(database)
    with database.writing() as connection:
        connection.execute(Errand.__table__.delete())  # type: ignore[attr-defined]
    with time_machine.travel(ONE_O_CLOCK + timedelta(days=1), tick=False):
        ask_for_readings(database)

    moments = {at for (kind, _), at in first.items() if kind == "results"}
    assert len(moments) == 6
    assert max(moments) - min(moments) > timedelta(hours=1)
    assert asked(database) == {errand: at + timedelta(days=1) for errand, at in first.items()}


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(hours=1)])
def test_the_last_reading_of_a_night_is_done_again_in_the_next(
    database: Database, platform: KnownPlatform, ben: Arrival, late_by: timedelta
) -> None:
    confirm(database, platform, ben)
    with database.writing() as connection:
        connection.execute(update(Placement).values(results_read_at=ONE_O_CLOCK + NIGHT + late_by))
    with time_machine.travel(ONE_O_CLOCK + timedelta(days=1), tick=False):
        ask_for_readings(database)

    assert ("results", ben.placement_id) in asked(database)
