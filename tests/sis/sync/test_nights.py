"""What goes by itself: at the district's hour, each class some minutes later, once after the machine was off."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
import time_machine

from tests.sis.sync.bench import BENS, CLEOS, Bench
from tool.errands import ask, claim, finish
from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisAct, SisItem, SisRun
from tool.model.work import Assignment
from tool.sis.sync import items
from tool.sis.sync.nights import GRACE, JITTER_SECONDS, NIGHTS, jitter, keep_nights

CHICAGO = ZoneInfo("America/Chicago")


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHICAGO)


@pytest.fixture
def evening(bench: Bench) -> Iterator[time_machine.Traveller]:
    """Nine in the evening of a day after the class was linked; time goes on."""
    tomorrow = datetime.now(CHICAGO).date() + timedelta(days=1)
    with time_machine.travel(at_local(tomorrow, 21), tick=True) as clock:
        yield clock


def nightly_runs(bench: Bench) -> list[Any]:
    return [row for row in bench.rows(SisRun) if row.kind == "nightly"]


def do_nights(bench: Bench) -> datetime:
    """The errand once; what it asked for is done."""
    looks_at = keep_nights(bench.database)
    for row in nightly_runs(bench):
        bench.do(row.id)
    return looks_at


def test_at_the_districts_hour_with_the_classs_own_minutes(bench: Bench, evening: time_machine.Traveller) -> None:
    do_nights(bench)  # the night before, made up for
    bench.hand_in()
    night = at_local(datetime.now(CHICAGO).date() + timedelta(days=1), 2) + timedelta(seconds=jitter(bench.section_id))

    evening.move_to(night - timedelta(minutes=5))
    assert keep_nights(bench.database) <= night
    assert len(nightly_runs(bench)) == 1
    evening.move_to(night + timedelta(seconds=1))
    do_nights(bench)
    assert len(nightly_runs(bench)) == 2
    assert set(bench.scores()) == {BENS, CLEOS}
    evening.move_to(night + timedelta(hours=1))
    keep_nights(bench.database)
    assert len(nightly_runs(bench)) == 2, "once a night"


def test_not_all_classes_at_once() -> None:
    waits = {jitter(section_id) for section_id in range(200)}
    assert len(waits) > 150
    assert max(waits) < JITTER_SECONDS


def test_after_days_without_a_machine_it_is_made_up_for_once(bench: Bench, evening: time_machine.Traveller) -> None:
    bench.hand_in()
    evening.shift(timedelta(days=5))
    keep_nights(bench.database)
    keep_nights(bench.database)

    assert len(nightly_runs(bench)) == 1


def test_a_class_that_was_linked_today_waits_for_its_first_night(bench: Bench) -> None:
    keep_nights(bench.database)
    assert nightly_runs(bench) == []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (SisConnection, {"nightly_paused_at": Bench.past()}),
        (SisConnection, {"is_enabled": False}),
        (SisConnection, {"lms_syncs": True}),
        (SisSection, {"is_nightly": False}),
        (SisSection, {"lms_syncs": True}),
        (SisSection, {"unlinked_at": Bench.past()}),
    ],
    ids=["paused", "off", "the LMS syncs", "not at night", "the LMS syncs this class", "unlinked"],
)
def test_who_does_not_go_at_night(
    bench: Bench, evening: time_machine.Traveller, table: Any, values: dict[str, Any]
) -> None:
    bench.change(table, **values)
    keep_nights(bench.database)

    assert nightly_runs(bench) == []


def test_what_is_not_all_graded_and_not_due_waits(bench: Bench, evening: time_machine.Traveller) -> None:
    bench.hand_in(bench.ben)
    do_nights(bench)
    assert (bench.columns(), bench.view().status) == ({}, "waiting")

    evening.shift(timedelta(days=8))
    bench.forget_runs()
    do_nights(bench)
    assert set(bench.scores()) == {BENS, CLEOS}, "past due: Cleo is told as not having handed in"


def test_what_does_not_count_goes_by_hand_only(bench: Bench, evening: time_machine.Traveller) -> None:
    bench.hand_in()
    bench.change(Assignment, counts_in_grade=False)
    do_nights(bench)
    assert bench.columns() == {}
    bench.sync()
    assert set(bench.scores()) == {BENS, CLEOS}


def test_a_night_in_which_nothing_changed_asks_for_nothing(bench: Bench, evening: time_machine.Traveller) -> None:
    bench.hand_in()
    bench.sync()
    bench.sis.journal.clear()
    do_nights(bench)

    gradebook = [path for path in bench.asked("GET") if "lineItems" in path or "results" in path]
    assert (bench.asked("PUT"), gradebook) == ([], [])
    [run] = nightly_runs(bench)
    assert bench.lines(run.id) == [("item", "unchanged", None)]


def test_the_end_of_a_period_switches_its_items_off_in_one_step(bench: Bench, evening: time_machine.Traveller) -> None:
    bench.change(SisSection, is_nightly=False)
    places = bench.add_assignment(due_at=(datetime.now(UTC) + timedelta(days=60)).isoformat())
    bench.hand_in()
    [_, second] = bench.rows_of_periods()
    last = at_local(second.ends_on, 0)
    keep_nights(bench.database)
    assert [one.reminded_at for one in bench.rows_of_periods()] == [None, None]
    evening.move_to(last - timedelta(days=3))
    keep_nights(bench.database)
    assert bench.rows_of_periods()[1].reminded_at is not None
    evening.move_to(last + GRACE - timedelta(minutes=1))
    keep_nights(bench.database)
    assert bench.view().status != "term_closed"

    evening.move_to(last + GRACE)
    keep_nights(bench.database)
    assert (bench.view().status, bench.view().code) == ("term_closed", "term.disabled")
    assert bench.view(places["ada"].placement_id).status == "not_yet", "due in no period"
    [act] = bench.rows(SisAct, SisAct.kind == "term_disabled")
    assert (act.acted_by, act.detail["placement_ids"]) == (None, [bench.placement_id])

    with bench.database.writing() as connection:
        assert items.undo_disable_term(connection, bench.actor, "gp-q2") == [bench.placement_id]
    evening.shift(timedelta(days=1))
    keep_nights(bench.database)
    assert bench.view().status != "term_closed", "taken back for good"


def test_a_period_that_had_ended_before_the_class_was_linked_is_left_alone(bench: Bench) -> None:
    bench.change(Assignment, assigned_at=datetime.now(UTC) - timedelta(days=40))
    keep_nights(bench.database)

    assert [row.disabled_for for row in bench.rows(SisItem)] == []


def test_the_teacher_disables_a_term_by_hand(bench: Bench) -> None:
    bench.hand_in()
    with bench.database.writing() as connection:
        assert items.disable_term(connection, bench.actor, "gp-q2") == [bench.placement_id]
    bench.sync()

    assert bench.asked() == []
    assert bench.view().status == "term_closed"


def test_credentials_that_run_out_are_told_once_a_day(bench: Bench, evening: time_machine.Traveller) -> None:
    bench.change(SisConnection, secret_expires_on=datetime.now(CHICAGO).date() + timedelta(days=30))

    def look() -> list[Any]:
        with structlog.testing.capture_logs() as logs:
            with bench.database.writing() as connection:
                ask(connection, NIGHTS, 0)
            [claimed] = claim(bench.database, holder="story", limit=1, kinds=(NIGHTS,))
            keep_nights(bench.database)
            finish(bench.database, claimed, failure=None, again_at=None)
        return [(one["event"], one["connection_id"]) for one in logs if one["event"] == "sis.secret_expires"]

    assert look() == [("sis.secret_expires", bench.connection_id)]
    evening.shift(timedelta(minutes=20))
    assert look() == []
    evening.shift(timedelta(days=1))
    assert len(look()) == 1
