"""Reading the gradebook back: what the LMS shows of what it accepted, and what people typed into it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import update

from tests.cast import ADA, BEN, CLEO, FRACTIONS, WARM_UP
from tests.errands.bench import look, row, running
from tests.lms_beside import CourseBeside, LmsBeside, running_lms
from tests.rows import make_assignment
from tests.stage import wait_until
from tool import errands
from tool.clock import now
from tool.db import Database
from tool.demo_lms.moods import Mood
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import SCOPE_RESULT_READ
from tool.model.errands import Errand
from tool.model.people import Person
from tool.passback.readback import READBACK_AFTER, READBACK_PACE, ask_for_readback
from tool.passback.reconcile import insist_on_results_of, read_results_of


@pytest.fixture(scope="module", params=["canvas", "moodle"])
def shared_lms(request: pytest.FixtureRequest) -> Iterator[LmsBeside]:
    with running_lms(request.param) as lms:
        yield lms


@pytest.fixture
def course(shared_lms: LmsBeside, database: Database) -> CourseBeside:
    shared_lms.reset()
    make_assignment(database)
    return CourseBeside(shared_lms, database, shared_lms.register(database))


def test_what_was_sent_is_found_in_the_gradebook(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    began_at = now()
    course.reads(ben)

    shown = course.readings()["ben"]
    assert shown.score / shown.maximum == Decimal("0.8")
    assert shown.read_at >= began_at
    assert shown.line_item_url == course.placement(ben).line_item_url
    assert course.drift(ben, BEN) == "in_step"
    place = course.placement(ben)
    assert (place.results_read_at >= began_at, place.results_failure, place.line_item_maximum) == (True, None, 20)


def test_a_grade_changed_in_the_lms_is_noticed(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.types(BEN, Decimal(20))
    course.reads(ben)

    assert course.drift(ben, BEN) == "changed_in_lms"


def test_a_grade_that_is_accepted_and_not_shown_is_noticed(course: CourseBeside) -> None:
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    course.sends(cleo, 5)
    column = course.lms.column("course-math", FRACTIONS)
    assert column is not None
    course.lms.lms.world.course("course-math").cells.pop((column.number, "ben"))  # type: ignore[union-attr]
    course.reads(ben)

    assert course.drift(ben, BEN) == "not_shown"
    assert course.drift(cleo, CLEO) == "in_step"


def test_a_grade_that_was_seen_and_then_emptied_is_written_down_as_empty(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.reads(ben)
    course.types(BEN, None)
    course.reads(ben)

    assert course.readings()["ben"].score is None


def test_a_grade_somebody_typed_and_took_away_again_is_written_down_as_empty(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.lists(BEN, 3)
    course.reads(ben)
    assert course.readings()["ben"].score == 3

    course.lists(BEN, None)
    course.reads(ben)
    assert course.readings()["ben"].score is None


def test_nobody_without_a_grade_gets_a_row(course: CourseBeside) -> None:
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    course.reads(cleo)

    assert set(course.readings()) == {"ben"}


def test_a_result_of_a_stranger_is_passed_over(course: CourseBeside) -> None:
    """Amara has a grade in this column and was never seen here."""
    ben, amara = course.opens(BEN), course.opens(replace(CLEO, subject="amara"))
    course.sends(amara, 7)
    with course.database.writing() as connection:
        connection.execute(update(Person).where(Person.subject == "amara").values(subject="renamed"))
    course.reads(ben)

    assert "amara" not in course.readings()


def test_what_was_confirmed_while_the_lms_was_read_is_not_judged_by_that_reading(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.types(BEN, Decimal(3))
    with time_machine.travel(now() - timedelta(minutes=1)):
        course.reads(ben)

    assert course.drift(ben, BEN) == "unknown"


def test_pages_are_read_to_the_last(course: CourseBeside) -> None:
    course.lms.lms.settings = replace(course.lms.lms.settings, page_size=1)
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    course.sends(cleo, 5)
    course.reads(ben)

    assert set(course.readings()) == {"ben", "cleo"}


def test_an_older_reading_does_not_overwrite_a_newer_one(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.reads(ben)
    newest = course.readings()["ben"].score
    course.types(BEN, Decimal(2))
    with time_machine.travel(now() - timedelta(minutes=5)):
        course.reads(ben)

    assert course.readings()["ben"].score == newest


def test_a_link_without_a_column_has_nothing_to_read(course: CourseBeside) -> None:
    ben = course.opens(BEN, WARM_UP)
    course.reads(ben)

    place = course.placement(ben)
    assert (place.results_failure, place.results_read_at) == ("no_column", None)


def test_a_right_the_launch_did_not_grant_is_said_and_nothing_is_asked(course: CourseBeside) -> None:
    granted = course.lms.lms.settings.granted_scopes
    kept = tuple(scope for scope in granted if scope != SCOPE_RESULT_READ)
    course.lms.lms.settings = replace(course.lms.lms.settings, granted_scopes=kept)
    ben = course.opens(BEN)
    course.reads(ben)

    assert course.placement(ben).results_failure == "results_scope_missing"
    assert course.lms.requests("/results") == []


def test_a_right_taken_away_later_is_said_too(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    kept = tuple(scope for scope in course.lms.lms.settings.granted_scopes if scope != SCOPE_RESULT_READ)
    course.lms.lms.settings = replace(course.lms.lms.settings, granted_scopes=kept)
    with pytest.raises(ServiceError):
        course.reads(ben)

    assert course.placement(ben).results_failure == "results_scope_missing"


def test_a_platform_switched_off_is_not_asked(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    insist_on_results_of(course.database, lambda _: None, ben.placement_id or 0)

    assert course.placement(ben).results_failure == "platform_off"


def test_trouble_is_written_down_and_leaves_what_was_known(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.reads(ben)
    before = course.placement(ben).results_read_at
    course.lms.lms.moods.change(Mood("error500", target="services"))

    with pytest.raises(ServiceError):
        course.reads(ben)
    read_results_of(course.database, course.connect, ben.placement_id or 0)  # says nothing aloud

    place = course.placement(ben)
    assert place.results_failure is not None
    assert place.results_read_at == before
    assert course.drift(ben, BEN) == "in_step"

    course.lms.lms.moods.change(Mood())
    course.reads(ben)
    assert course.placement(ben).results_failure is None


def test_a_burst_of_deliveries_is_read_once_a_little_later(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    place = ben.placement_id or 0
    at = now()
    for seconds in (0, 2, 4):
        with course.database.writing() as connection:
            ask_for_readback(connection, [place, place], at + timedelta(seconds=seconds))

    assert row(course.database, "results", place).due_at == at + READBACK_AFTER
    assert look(course.database, "results", place).is_waiting


def read_a_moment_ago(course: CourseBeside, place: int, *, is_next_one_tonight: bool) -> datetime:
    """When the last reading of a placement ended; perhaps the night has its moment for the next one already."""
    at = now()
    tonight = at + timedelta(hours=3) if is_next_one_tonight else None
    with course.database.writing() as connection:
        errands.ask(connection, "results", place, due_at=tonight)
        connection.execute(update(Errand).values(finished_at=at, due_at=tonight))
    return at


@pytest.mark.parametrize("is_next_one_tonight", [False, True])
def test_scores_that_trickle_in_are_not_read_back_one_by_one(course: CourseBeside, is_next_one_tonight: bool) -> None:
    place = course.opens(BEN).placement_id or 0
    read_at = read_a_moment_ago(course, place, is_next_one_tonight=is_next_one_tonight)
    for seconds in (1, 8, 20):
        with course.database.writing() as connection:
            ask_for_readback(connection, [place], read_at + timedelta(seconds=seconds))
    assert row(course.database, "results", place).due_at == read_at + READBACK_PACE

    with course.database.writing() as connection:
        ask_for_readback(connection, [place], read_at + timedelta(seconds=21), awaited=[place])
    assert row(course.database, "results", place).due_at == read_at + timedelta(seconds=21) + READBACK_AFTER


def test_what_a_teacher_sends_is_read_back_sooner_than_what_goes_by_itself(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    place = ben.placement_id or 0
    read_at = read_a_moment_ago(course, place, is_next_one_tonight=False)
    course.sends(ben, 8)
    assert row(course.database, "results", place).due_at == read_at + READBACK_PACE

    course.sends(course.opens(CLEO), 9, trigger="manual")
    assert row(course.database, "results", place).due_at < now() + READBACK_AFTER


def test_a_reading_that_failed_waits_its_turn_unless_somebody_sends(course: CourseBeside) -> None:
    place = course.opens(BEN).placement_id or 0
    at = read_a_moment_ago(course, place, is_next_one_tonight=False)
    turn = at + timedelta(minutes=10)
    with course.database.writing() as connection:
        connection.execute(update(Errand).values(due_at=turn, tries=3))
        ask_for_readback(connection, [place], at)
    assert row(course.database, "results", place).due_at == turn

    with course.database.writing() as connection:
        ask_for_readback(connection, [place], at, awaited=[place])
    assert row(course.database, "results", place).due_at == at + READBACK_AFTER


def test_the_errand_reads(course: CourseBeside) -> None:
    ben = course.opens(ADA)
    place = ben.placement_id or 0
    with course.database.writing() as connection:
        ask_for_readback(connection, [place], now() - READBACK_AFTER)
    works = {"results": lambda placement_id: insist_on_results_of(course.database, course.connect, placement_id)}
    with running(course.database, works):
        wait_until(lambda: look(course.database, "results", place).finished_at, 30)

    assert course.placement(ben).results_read_at is not None
