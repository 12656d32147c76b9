"""The link is bound to another assignment: no score lands in a column by itself that is not about its work any more,
and none that stands there is overwritten without Ada's word."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select

from tests.assessment.rebound import (
    FIFTH,
    FRACTIONS,
    RIGHT,
    RIGHT_DECIMALS,
    TENTH,
    bind,
    do_errands,
    launch_anew,
    look,
    make_decimals,
    words,
)
from tests.assessment.stories import HALF, QUARTER, answer_again, change, deliver_all, told, try_again
from tests.cast import ADA, BEN, CLEO
from tests.rows import arrive, ended, hand_in, make_assignment, next_due_at, passback_of
from tool.assessment.settings.reach import count_unsent
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.passbacks import RunItem
from tool.passback.acts import Actor, change_mode, override
from tool.passback.choosing import is_chosen_by_default, is_missing_work
from tool.passback.describing import describe_row
from tool.passback.ledger.claiming import claim, platforms_with_work
from tool.passback.ledger.settling import settle
from tool.passback.progress import whereabouts
from tool.passback.runs.preparing import prepare
from tool.passback.runs.starting import Wanted, start
from tool.passback.students import read_link
from tool.passback.tables import write_scores
from tool.registration.platforms import KnownPlatform


@pytest.fixture
def ben(database: Database, platform: KnownPlatform) -> Arrival:
    make_decimals(database)
    return arrive(database, platform, BEN)


@pytest.fixture
def ada(database: Database, platform: KnownPlatform, ben: Arrival) -> Actor:
    return Actor(arrive(database, platform, ADA).member_id, ben.placement_id or 0, platform.id)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Scores for one column are a second apart at least, so the stories that send twice move it."""
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as clock:
        yield clock


def send(
    database: Database, platform: KnownPlatform, ada: Actor, place: Arrival, clock: time_machine.Traveller
) -> None:
    """Ada presses *Send* for one student, a minute later, and it arrives."""
    clock.shift(60)
    prepare(database, lambda _: None, press(database, ada, place))
    assert deliver_all(database, platform) == 1


def press(database: Database, ada: Actor, place: Arrival) -> int:
    amount = look(database, place)[1].to_send
    assert amount is not None
    with database.writing() as connection:
        return start(connection, ada, place.course_id, "send", [Wanted(place.member_id, amount.score, amount.maximum)])


def confirmed(database: Database, place: Arrival) -> tuple[object, ...]:
    row = passback_of(database, place)
    return row.confirmed_score, row.sent_assignment_id


def test_what_was_on_its_way_does_not_go_any_more(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    launch_anew(database, platform, "decimals")

    assert (platforms_with_work(database), next_due_at(database)) == ([], None), "not even before its errand is done"
    assert deliver_all(database, platform) == 0
    assert words(database, ben) == ("in_progress", None)
    do_errands(database)
    row = passback_of(database, ben)
    assert (row.state, row.next_try_at, row.version) == ("held", None, 1)
    assert words(database, ben) == ("in_progress", None)
    assert look(database, ben)[1].earned is None


def test_a_score_that_stands_is_not_overwritten_by_itself(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")
    assert words(database, ben) == ("in_progress", "other_assignment")

    decision = hand_in(database, in_decimals, {"half": "0.1", "fifth": "1"})

    assert decision is not None
    assert decision.reason == "other_assignment"
    assert told(database, in_decimals) == (4, "submitted", "other_assignment", 1)
    assert confirmed(database, ben) == (10, "fractions")
    assert deliver_all(database, platform) == 0
    student, verdict = look(database, in_decimals)
    assert (verdict.status, verdict.cause) == ("changed", "other_assignment")
    assert verdict.sent == 10
    assert verdict.earned == 4
    assert is_chosen_by_default(verdict)
    with database.reading() as connection:
        row = describe_row(read_link(connection, ben.placement_id or 0), verdict, is_chosen=True)
        where = whereabouts(connection, ben.placement_id or 0, ben.member_id)
    assert row["because"] == "the gradebook holds the score of another assignment"
    assert where.state == "held", "Ben is not told that his decimals are in the LMS"
    assert not is_missing_work(student, verdict)


def test_equal_points_of_another_assignment_are_another_grade(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")

    hand_in(database, in_decimals, RIGHT_DECIMALS)

    assert told(database, in_decimals)[0] == 10
    assert words(database, in_decimals) == ("changed", "other_assignment")


def test_ada_sends_it_and_from_then_on_all_is_as_ever(
    database: Database, platform: KnownPlatform, ben: Arrival, ada: Actor, clock: time_machine.Traveller
) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    make_decimals(database, updates="automatic", attempts=2, counting_attempt="last")
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1", "fifth": "1"})
    assert told(database, in_decimals)[2:] == ("other_assignment", 1), "automatic updates or not"

    send(database, platform, ada, in_decimals, clock)

    assert confirmed(database, ben) == (4, "decimals")
    assert words(database, in_decimals) == ("successful", None)
    clock.shift(60)
    try_again(database, in_decimals, RIGHT_DECIMALS)
    deliver_all(database, platform)
    assert confirmed(database, ben) == (10, "decimals")


def test_where_nothing_stands_the_first_score_goes_by_itself(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, {"half": "0.5"})
    assert told(database, ben)[2] == "unanswered"
    in_decimals = bind(database, platform, "decimals")
    cleo = bind(database, platform, "decimals", CLEO)

    for place in (in_decimals, cleo):
        hand_in(database, place, RIGHT_DECIMALS)

    assert deliver_all(database, platform) == 2
    assert confirmed(database, ben) == (10, "decimals")
    assert confirmed(database, cleo) == (10, "decimals")


def test_a_score_that_may_have_arrived_counts_as_standing(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, RIGHT)
    [on_the_wire] = claim(database, platform.id, holder="sender", limit=1)
    in_decimals = bind(database, platform, "decimals")

    hand_in(database, in_decimals, {"half": "0.1", "fifth": "0.2"})
    assert told(database, in_decimals)[2] == "other_assignment"
    settle(database, [ended(on_the_wire)])

    row = passback_of(database, ben)
    assert (row.state, row.confirmed_score, row.sent_assignment_id) == ("delivered", 10, "fractions")
    assert deliver_all(database, platform) == 0
    assert words(database, in_decimals) == ("changed", "other_assignment")


def test_a_try_that_fails_afterwards_is_not_repeated(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    [on_the_wire] = claim(database, platform.id, holder="sender", limit=1)
    bind(database, platform, "decimals")

    settle(database, [ended(on_the_wire, "later", next_try_at=on_the_wire.wished_at)])

    assert passback_of(database, ben).state == "held"
    assert deliver_all(database, platform) == 0


def test_an_override_is_of_the_score_it_was_set_for(
    database: Database, platform: KnownPlatform, ben: Arrival, ada: Actor
) -> None:
    hand_in(database, ben, RIGHT)
    with database.writing() as connection:
        override(connection, ada, ben.member_id, Decimal(12), "makes up lab")
    launch_anew(database, platform, "decimals")
    assert look(database, ben)[1].override is None, "from the first moment on"
    assert look(database, ben)[1].to_send is None
    do_errands(database)

    in_decimals = arrive(database, platform, BEN, custom={"assignment": "decimals"})
    hand_in(database, in_decimals, {"half": "0.1", "fifth": "1"})

    assert look(database, in_decimals)[1].override is None
    assert look(database, in_decimals)[1].earned == 4


def test_an_override_stays_where_nothing_was_done_meanwhile(
    database: Database, platform: KnownPlatform, ben: Arrival, ada: Actor
) -> None:
    """Who bound the link by mistake and binds it back has lost nothing."""
    hand_in(database, ben, {"half": "0.5"})
    with database.writing() as connection:
        override(connection, ada, ben.member_id, Decimal(12), "makes up lab")
    row = passback_of(database, ben)

    bind(database, platform, "decimals")
    bind(database, platform, "fractions")

    assert passback_of(database, ben) == row
    assert look(database, ben)[1].override == 12
    assert words(database, ben) == ("not_sent", "unanswered")


def test_what_ada_does_at_once_is_of_the_new_one(
    database: Database, platform: KnownPlatform, ben: Arrival, ada: Actor
) -> None:
    """She is quicker than the errand; coming back, Ben's score of then is told all the same."""
    hand_in(database, ben, {"half": "0.5"})
    for bound_to, earned in (("decimals", None), ("fractions", 5)):
        launch_anew(database, platform, bound_to)
        with database.writing() as connection:
            override(connection, ada, ben.member_id, Decimal(7), "spoke with him")
        do_errands(database)

        row = passback_of(database, ben)
        assert (row.assignment_id, row.override_score, row.earned) == (bound_to, 7, earned)


def test_complete_or_incomplete_chooses_nobody_for_a_zero(
    database: Database, platform: KnownPlatform, ben: Arrival, ada: Actor
) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    bind(database, platform, "decimals")

    with database.writing() as connection:
        change_mode(connection, ada, "completion")

    assert words(database, ben) == ("in_progress", "other_assignment")
    assert not is_chosen_by_default(look(database, ben)[1])


def test_a_send_that_was_pressed_before_is_left_out(
    database: Database, platform: KnownPlatform, ben: Arrival, ada: Actor
) -> None:
    """The LMS hangs while Ada's send waits for it; the link is bound anew, and Ben hands that in too."""
    hand_in(database, ben, {"half": "0.5"})
    run_id = press(database, ada, ben)
    in_decimals = bind(database, platform, "decimals")
    make_decimals(database, unanswered="hold")
    hand_in(database, in_decimals, {"fifth": "0.2"})

    prepare(database, lambda _: None, run_id)

    with database.reading() as connection:
        item = connection.execute(select(RunItem).where(RunItem.run_id == run_id)).one()
    assert (item.version, item.left_out) == (None, "other_assignment")
    assert deliver_all(database, platform) == 0


def test_coming_back_finds_the_score_in_its_place(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1", "fifth": "1"})

    bind(database, platform, "fractions")

    assert words(database, ben) == ("successful", None)
    assert look(database, ben)[1].earned == 10
    assert deliver_all(database, platform) == 0


def test_coming_back_after_the_other_was_sent_asks_for_adas_word(
    database: Database, platform: KnownPlatform, ben: Arrival, ada: Actor, clock: time_machine.Traveller
) -> None:
    change(database, updates="automatic")
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1", "fifth": "1"})
    send(database, platform, ada, in_decimals, clock)

    bind(database, platform, "fractions")

    assert deliver_all(database, platform) == 0
    assert confirmed(database, ben) == (4, "decimals")
    assert words(database, ben) == ("changed", "other_assignment")
    assert look(database, ben)[1].earned == 10
    send(database, platform, ada, ben, clock)
    assert confirmed(database, ben) == (10, "fractions")


def test_what_never_went_does_not_go_on_coming_back(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    bind(database, platform, "decimals")

    bind(database, platform, "fractions")

    assert deliver_all(database, platform) == 0
    assert words(database, ben)[0] == "not_sent"
    assert look(database, ben)[1].earned == 10


def test_a_key_that_changed_meanwhile_counts_on_coming_back(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    deliver_all(database, platform)
    bind(database, platform, "decimals")
    change(database, updates="automatic", questions=[HALF, QUARTER | {"answer": "0.2"}])

    bind(database, platform, "fractions")

    assert told(database, ben)[:3] == (10, "came_back", "other_assignment")
    assert words(database, ben) == ("changed", "came_back")
    assert deliver_all(database, platform) == 0


def test_taking_up_twice_changes_nothing(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, {"half": "0.5"})
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1"})
    bind(database, platform, "fractions")
    answer_again(database, ben, {"half": "0.5", "quarter": "0"})
    row = passback_of(database, ben)

    launch_anew(database, platform, "decimals")
    launch_anew(database, platform, "fractions")
    do_errands(database)

    assert passback_of(database, ben) == row


def test_the_file_of_scores_is_of_the_new_one(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")
    make_assignment(database, questions=[*FRACTIONS])

    def scores() -> list[str]:
        student, verdict = look(database, ben)
        with database.reading() as connection:
            text = write_scores(read_link(connection, ben.placement_id or 0), [student], [verdict])
        return text.splitlines()[1].split(",")

    assert scores()[3:6] == ["", "", ""]
    hand_in(database, in_decimals, {"half": "0.1"})
    assert scores()[3:6] == ["4", "10", "4"]


def test_held_scores_of_before_are_not_offered_for_the_new_one(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, automatic_passback=False)
    hand_in(database, ben, RIGHT)
    launch_anew(database, platform, "decimals")

    with database.reading() as connection:
        assert count_unsent(connection, ben.placement_id or 0, "fractions") == 1
        assert count_unsent(connection, ben.placement_id or 0, "decimals") == 0


def test_the_new_ones_points_follow_its_own_key(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1", "fifth": "1"})

    make_decimals(database, questions=[TENTH, FIFTH | {"answer": "1"}])

    assert told(database, in_decimals)[:3] == (10, "key_changed", "other_assignment")
    assert words(database, in_decimals) == ("changed", "other_assignment")
