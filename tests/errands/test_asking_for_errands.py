"""Asking twice is asking once, and what was asked for is done no later than the earliest asker wants."""

from datetime import timedelta

from tests.errands.bench import ask, look, row
from tool.clock import now
from tool.db import Database
from tool.errands import claim, finish


def test_nobody_asked(database: Database) -> None:
    state = look(database)

    assert (state.is_waiting, state.asked_at, state.finished_at, state.failure) == (False, None, None, None)


def test_asking_twice_is_asking_once(database: Database) -> None:
    ask(database)
    ask(database)

    assert look(database).is_waiting
    assert [one.subject_id for one in claim(database, holder="first", limit=10)] == [7]


def test_the_earlier_time_counts_whoever_asks_first(database: Database) -> None:
    soon, late = now() + timedelta(minutes=5), now() + timedelta(hours=5)
    ask(database, due_at=late)
    ask(database, due_at=soon)
    ask(database, due_at=late)

    assert row(database).due_at == soon
    assert claim(database, holder="first", limit=10) == []


def test_what_is_due_tonight_keeps_no_page_waiting(database: Database) -> None:
    ask(database, due_at=now() + timedelta(hours=5))
    assert not look(database).is_waiting

    ask(database, due_at=now() + timedelta(seconds=5))
    assert look(database).is_waiting


def test_it_is_waited_for_until_it_is_finished(database: Database) -> None:
    ask(database)
    (one,) = claim(database, holder="first", limit=10)
    assert look(database).is_waiting

    finish(database, one, failure=None, again_at=None)

    state = look(database)
    assert not state.is_waiting
    assert state.failure is None
    assert state.finished_at is not None
    assert row(database).due_at is None


def test_an_errand_asked_for_while_it_runs_is_run_again(database: Database) -> None:
    ask(database)
    (one,) = claim(database, holder="first", limit=10)
    ask(database)
    assert claim(database, holder="second", limit=10) == []

    finish(database, one, failure="timeout", again_at=now() + timedelta(minutes=10))

    (again,) = claim(database, holder="second", limit=10)
    assert again.tries == 0


def test_asking_again_gives_a_hopeless_errand_new_tries(database: Database) -> None:
    ask(database)
    (one,) = claim(database, holder="first", limit=10)
    finish(database, one, failure="timeout", again_at=None)
    assert (look(database).is_waiting, look(database).failure, row(database).tries) == (False, "timeout", 1)

    ask(database)

    (again,) = claim(database, holder="first", limit=10)
    assert again.tries == 0


def test_an_errand_may_come_back_by_itself(database: Database) -> None:
    ask(database, "nightly", 0)
    (one,) = claim(database, holder="first", limit=10)
    tomorrow = now() + timedelta(days=1)
    finish(database, one, failure=None, again_at=tomorrow)

    assert row(database, "nightly", 0).due_at == tomorrow
