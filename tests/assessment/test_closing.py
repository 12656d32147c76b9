"""The closing time comes: what was saved by then is handed in, once, as of the closing time."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from tests.assessment.stories import change, deliver_all, hand_in_once_more, return_work, told, work_of
from tests.cast import CLEO
from tests.rows import arrive, hand_in, make_assignment, passback_of
from tool.assessment.closing import LOOKS_EVERY, close_due, keep_closing
from tool.assessment.page_mark import PageMark
from tool.assessment.pages import read_paper
from tool.assessment.submitting import begin_again, open_work, save_answers
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.work import Assignment
from tool.registration.platforms import KnownPlatform

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIGHT = {"half": "0.5", "quarter": "0.25"}
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock(database: Database, platform: KnownPlatform) -> Iterator[time_machine.Traveller]:
    """Eleven o'clock; the assignment closes at noon."""
    change(database, closes_at=NOON)
    with time_machine.travel(NOON - timedelta(hours=1), tick=False) as clock:
        yield clock


def test_saved_work_is_handed_in_as_of_the_closing_time(
    database: Database, ben: Arrival, clock: time_machine.Traveller
) -> None:
    save(database, ben, RIGHT)
    clock.move_to(NOON - SECOND)
    assert close_due(database) == 0
    assert work_of(database, ben).is_open

    clock.move_to(NOON + 7 * SECOND)
    assert close_due(database) == 1

    work = work_of(database, ben)
    assert (work.is_open, work.submitted_at) == (False, NOON)
    row = passback_of(database, ben)
    assert (row.state, row.score, row.cause, row.submitted_at) == ("due", 10, "closed_by_clock", NOON)


def test_the_clock_hands_in_once(database: Database, ben: Arrival, clock: time_machine.Traveller) -> None:
    save(database, ben, RIGHT)
    clock.move_to(NOON)

    assert [close_due(database), close_due(database)] == [1, 0]
    assert passback_of(database, ben).version == 1


def test_work_without_an_answer_is_left_alone(
    database: Database, platform: KnownPlatform, ben: Arrival, clock: time_machine.Traveller
) -> None:
    save(database, ben, {})
    cleo = arrive(database, platform, CLEO)
    with database.writing() as connection:
        open_work(connection, cleo.placement_id or 0, cleo.member_id, "fractions")
    clock.move_to(NOON)

    assert close_due(database) == 0
    assert work_of(database, ben).is_open


def test_an_incomplete_hand_in_of_the_clock_is_held(
    database: Database, ben: Arrival, clock: time_machine.Traveller
) -> None:
    save(database, ben, {"half": "0.5"})
    clock.move_to(NOON)
    close_due(database)

    assert told(database, ben) == (5, "closed_by_clock", "unanswered", 0)


def test_a_further_attempt_closed_by_the_clock_does_not_go_by_itself(
    database: Database, platform: KnownPlatform, ben: Arrival, clock: time_machine.Traveller
) -> None:
    change(database, attempts=2, counting_attempt="last")
    hand_in(database, ben, {"half": "0.5", "quarter": "0"})
    deliver_all(database, platform)
    with database.writing() as connection:
        begin_again(connection, work_of(database, ben), ben.placement_id or 0, ben.member_id)
    save(database, ben, RIGHT)
    clock.move_to(NOON)
    close_due(database)

    assert told(database, ben) == (10, "further_attempt", "changed", 1)


def test_given_back_work_is_closed_like_any_other(
    database: Database, platform: KnownPlatform, ben: Arrival, clock: time_machine.Traveller
) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0"})
    handed_in_at = work_of(database, ben).submitted_at
    deliver_all(database, platform)
    return_work(database, ben)
    save(database, ben, RIGHT)
    clock.move_to(NOON)

    assert close_due(database) == 1

    work = work_of(database, ben)
    assert (work.is_open, work.submitted_at) == (False, handed_in_at)
    assert told(database, ben) == (10, "answers_edited", "changed", 1)


def test_work_given_back_after_the_closing_time_stays_open(
    database: Database, ben: Arrival, clock: time_machine.Traveller
) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0"})
    clock.move_to(NOON + SECOND)
    return_work(database, ben)

    assert close_due(database) == 0
    with database.reading() as connection:
        paper = read_paper(connection, "fractions")
    assert paper.is_closed
    assert not paper.is_closed_to(work_of(database, ben))

    hand_in_once_more(database, ben, RIGHT)
    assert told(database, ben)[0] == 10


def test_a_closing_time_set_into_the_past_makes_no_work_older_than_its_answers(
    database: Database, ben: Arrival, clock: time_machine.Traveller
) -> None:
    save(database, ben, RIGHT)
    change(database, closes_at=NOON - timedelta(hours=5))

    assert close_due(database) == 1
    assert work_of(database, ben).submitted_at == NOON - timedelta(hours=1)


def test_one_that_cannot_be_graded_keeps_nobody_elses_out(
    database: Database, platform: KnownPlatform, ben: Arrival, clock: time_machine.Traveller
) -> None:
    make_assignment(database, id="broken", closes_at=NOON.isoformat())
    cleo = arrive(database, platform, CLEO, resource_link={"id": "link-2"}, custom={"assignment": "broken"})
    save(database, cleo, RIGHT)
    save(database, ben, RIGHT)
    with database.writing() as connection:
        connection.execute(update(Assignment).where(Assignment.id == "broken").values(questions=[{"type": "riddle"}]))
    clock.move_to(NOON)

    assert close_due(database) == 1
    assert not work_of(database, ben).is_open
    assert work_of(database, cleo).is_open


def test_the_errand_wants_to_run_again_soon(database: Database, ben: Arrival, clock: time_machine.Traveller) -> None:
    save(database, ben, RIGHT)
    clock.move_to(NOON)

    assert keep_closing(database) == NOON + LOOKS_EVERY
    assert not work_of(database, ben).is_open


def save(database: Database, place: Arrival, answers: Mapping[str, object]) -> None:
    with database.writing() as connection:
        work = open_work(connection, place.placement_id or 0, place.member_id, place.assignment_id or "")
        save_answers(connection, work, answers, PageMark(work.revision, "page"))
