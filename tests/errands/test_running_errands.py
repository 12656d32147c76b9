"""The runner: what it does with works that end, fail, crash, hang and want to come back."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import pytest
import time_machine

from tests.errands.bench import Notebook, ask, look, row, running
from tests.stage import wait_until
from tool.clock import now
from tool.db import Database
from tool.errands import Runner, claim
from tool.errands.leasing import MOST_TRIES
from tool.errands.runner import THREADS_OF_A_KIND, WAITS_SECONDS
from tool.lti.errors import ServiceError
from tool.wake import Bell


def failing(kind: Literal["later", "needs_person"], reason: str, retry_at: datetime | None = None) -> Notebook:
    def fail(_: int) -> None:
        raise ServiceError(kind, reason, retry_at=retry_at)

    return Notebook(fail)


def waiting_for(event: threading.Event) -> Callable[[int], None]:
    def wait(_: int) -> None:
        event.wait(20)

    return wait


def has_failed_times(database: Database, times: int, kind: str = "roster", subject_id: int = 7) -> Callable[[], bool]:
    return lambda: (
        row(database, kind, subject_id).tries == times and look(database, kind, subject_id).failure is not None
    )


def test_what_is_asked_for_is_done_once(database: Database) -> None:
    roster = Notebook()
    with running(database, {"roster": roster}):
        ask(database)
        wait_until(lambda: look(database).finished_at, 30)

    assert roster.begun == [7]
    assert (look(database).is_waiting, look(database).failure) == (False, None)


def test_an_errand_of_a_kind_nobody_here_knows_waits_for_one_who_does(database: Database) -> None:
    ask(database, "run")
    with running(database, {"roster": Notebook()}):
        ask(database, "roster")
        wait_until(lambda: look(database).finished_at, 30)

    assert look(database, "run").is_waiting


def test_one_of_an_errand_runs_at_a_time(database: Database) -> None:
    """Asked for again and again while it runs, by pages of two processes."""
    slow = Notebook(lambda _: time.sleep(0.3))
    with running(database, {"roster": slow}), running(database, {"roster": slow}):
        ask(database)
        wait_until(lambda: slow.begun, 30)
        for _ in range(3):
            ask(database)
        wait_until(lambda: len(slow.ended) == 2 and not look(database).is_waiting, 30)

    assert (slow.begun, slow.most_at_once) == ([7, 7], 1)


def test_many_of_one_kind_leave_room_for_another(database: Database) -> None:
    """A night's readings behind a hanging LMS do not keep a teacher's send waiting."""
    hangs = threading.Event()
    results, run = Notebook(waiting_for(hangs)), Notebook()
    for subject_id in range(THREADS_OF_A_KIND + 2):
        ask(database, "results", subject_id)
    with running(database, {"results": results, "run": run}):
        wait_until(lambda: len(results.begun) == THREADS_OF_A_KIND, 30)
        ask(database, "run")
        wait_until(lambda: run.ended, 30)
        assert len(results.begun) == THREADS_OF_A_KIND
        hangs.set()
        wait_until(lambda: len(results.ended) == THREADS_OF_A_KIND + 2, 30)


def test_a_failure_is_tried_again_after_growing_waits_and_then_given_up(database: Database) -> None:
    lost = failing("later", "connection")
    ask(database)
    waits = []
    with time_machine.travel(now(), tick=False) as clock:
        for tries in range(1, MOST_TRIES + 1):
            with running(database, {"roster": lost}):
                wait_until(has_failed_times(database, tries), 30)
            due_at = row(database).due_at
            if due_at is not None:
                waits.append((due_at - now()).total_seconds())
                clock.move_to(due_at)

    assert tuple(waits) == WAITS_SECONDS
    assert (look(database).is_waiting, look(database).failure) == (False, "connection")


def test_the_time_an_lms_names_is_kept(database: Database) -> None:
    retry_at = now() + timedelta(minutes=3)
    ask(database)
    with running(database, {"roster": failing("later", "rate_limited", retry_at)}):
        wait_until(lambda: look(database).failure, 30)

    assert row(database).due_at == retry_at


def test_what_only_a_person_can_mend_is_given_up_at_once(database: Database) -> None:
    ask(database)
    with running(database, {"roster": failing("needs_person", "forbidden")}):
        wait_until(lambda: look(database).failure == "forbidden", 30)

    assert row(database).due_at is None


@pytest.mark.parametrize("kind", ["later", "needs_person"])
def test_the_work_of_the_whole_installation_always_comes_back(
    database: Database, kind: Literal["later", "needs_person"]
) -> None:
    bad = failing(kind, "connection")
    ask(database, "nightly", 0)
    with time_machine.travel(now(), tick=False) as clock:
        for tries in range(1, MOST_TRIES + 2):
            with running(database, {"nightly": bad}):
                wait_until(has_failed_times(database, tries, "nightly", 0), 30)
            due_at = row(database, "nightly", 0).due_at
            assert now() < due_at <= now() + timedelta(minutes=10)
            clock.move_to(due_at)


def test_a_crash_is_a_failure_like_any_other(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    def crash(_: int) -> None:
        raise LookupError("a bug")

    ask(database)
    with running(database, {"roster": Notebook(crash)}):
        wait_until(lambda: look(database).failure == "crashed", 30)

    assert row(database).due_at is not None
    assert "errand.crashed" in capsys.readouterr().out


def test_a_work_says_when_it_wants_to_come_back(database: Database) -> None:
    tomorrow = now() + timedelta(days=1)
    ask(database, "nightly", 0)
    with running(database, {"nightly": Notebook(lambda _: tomorrow)}):
        wait_until(lambda: look(database, "nightly", 0).finished_at, 30)

    assert row(database, "nightly", 0).due_at == tomorrow


def test_a_runner_that_stops_gives_back_what_hangs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.errands.runner.STOP_SECONDS", 0.2)
    hangs = threading.Event()
    stuck = Notebook(waiting_for(hangs))
    ask(database)
    began = time.monotonic()
    with running(database, {"roster": stuck}):
        wait_until(lambda: stuck.begun, 30)
    took_seconds = time.monotonic() - began
    hangs.set()

    assert took_seconds < 10
    assert len(claim(database, holder="the next process", limit=1)) == 1


def test_a_long_errand_keeps_its_lease(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.errands.runner.RENEW_SECONDS", 0.05)
    monkeypatch.setattr("tool.errands.leasing.LEASE", timedelta(seconds=1))
    slow = Notebook(lambda _: time.sleep(2.5))
    ask(database)
    with running(database, {"roster": slow}):
        wait_until(lambda: slow.begun, 30)
        while not slow.ended:
            assert claim(database, holder="a greedy one", limit=1) == []
            time.sleep(0.1)

    assert slow.begun == [7]


def test_the_loop_outlives_a_database_that_is_away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.loop.PAUSE_SECONDS", 0.05)
    broken = Database("sqlite:////nowhere/at/all.db")
    runner = Runner(broken, {"roster": Notebook()}, Bell())
    thread = threading.Thread(target=runner.run)
    thread.start()
    time.sleep(0.3)
    assert thread.is_alive()
    runner._database = database
    runner._handlers = {"roster": (back := Notebook())}
    ask(database)
    wait_until(lambda: back.ended, 30)
    runner.stop()
    thread.join(10)
    assert not thread.is_alive()
