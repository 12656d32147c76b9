"""A customer or an LMS that is no longer ours: nothing goes to its school's records any more, also not in the night."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
import time_machine

from tests.sis.sync.bench import Bench
from tool.model.platforms import Customer, Platform
from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisRun
from tool.sis.sync.nights import keep_nights

ENDS = pytest.mark.parametrize(
    ("table", "values"),
    [(Customer, {"closed_at": Bench.past()}), (Platform, {"is_active": False})],
    ids=["the customer is closed", "the platform is off"],
)


@ENDS
def test_a_run_on_its_way_stops(bench: Bench, table: Any, values: dict[str, Any]) -> None:
    places = bench.add_assignment()
    bench.hand_in(bench.ben, places["ben"])
    run_id = bench.ask()
    bench.watch("put_line_item", lambda: bench.change(table, **values))
    ended = bench.do(run_id)

    assert (ended.status, ended.code) == ("failed", "connection.off")
    assert len(bench.asked()) == 1


@ENDS
def test_nothing_is_asked_at_all(bench: Bench, table: Any, values: dict[str, Any]) -> None:
    bench.hand_in()
    bench.sis.journal.clear()
    bench.change(table, **values)
    ended = bench.sync()

    assert (ended.status, ended.code) == ("failed", "connection.off")
    assert bench.sis.journal.read() == []


@ENDS
def test_no_night_asks_for_a_run_or_warns(bench: Bench, table: Any, values: dict[str, Any]) -> None:
    bench.change(SisSection, linked_at=Bench.past(10))
    bench.change(SisConnection, secret_expires_on=(datetime.now(UTC) + timedelta(days=3)).date())
    with structlog.testing.capture_logs() as logs:
        keep_nights(bench.database)
    assert [one.kind for one in bench.rows(SisRun)] == ["nightly"]
    assert [one["event"] for one in logs] == ["sis.secret_expires"]

    bench.change(table, **values)
    with structlog.testing.capture_logs() as logs, time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        keep_nights(bench.database)
    assert len(bench.rows(SisRun)) == 1
    assert logs == []
