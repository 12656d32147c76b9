"""One of an errand runs at a time; the errands of a dead process are taken over, those of a living one never."""

import threading
from datetime import timedelta

import time_machine

from tests.errands.bench import ask, look, row
from tool.clock import now
from tool.db import Database
from tool.errands import ClaimedErrand, claim, finish
from tool.errands.leasing import LEASE, MOST_TRIES, give_back, renew


def test_ten_claimers_at_once_get_each_errand_once(database: Database) -> None:
    for subject_id in range(40):
        ask(database, subject_id=subject_id)
    got: list[ClaimedErrand] = []

    def take(holder: str) -> None:
        while some := claim(database, holder=holder, limit=3):
            got.extend(some)

    threads = [threading.Thread(target=take, args=(f"holder-{number}",)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Locked rows are passed over: what one claimer held for a moment, another may have missed.
    take("the last one")
    assert sorted(one.subject_id for one in got) == list(range(40))


def test_fresh_errands_go_before_retries_and_the_latest_asked_first(database: Database) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for subject_id in (1, 2, 3):
            ask(database, subject_id=subject_id)
            clock.shift(1)
        (last,) = claim(database, holder="first", limit=1)
        finish(database, last, failure="timeout", again_at=now())

        order = [one.subject_id for one in claim(database, holder="first", limit=10)]

    assert (last.subject_id, order) == (3, [2, 1, 3])


def test_a_dead_holders_errand_is_taken_over_and_its_late_word_is_not_heard(database: Database) -> None:
    ask(database)
    (dead,) = claim(database, holder="dead", limit=10)
    with time_machine.travel(now() + LEASE + timedelta(seconds=1)):
        (heir,) = claim(database, holder="heir", limit=10)
        assert heir.tries == 1
        finish(database, dead, failure=None, again_at=None)

        assert row(database).lease_holder == "heir"


def test_a_living_holder_renews_and_keeps_it(database: Database) -> None:
    ask(database)
    (one,) = claim(database, holder="living", limit=10)
    with time_machine.travel(now() + LEASE - timedelta(seconds=1)) as clock:
        renew(database, [one])
        clock.shift(LEASE - timedelta(seconds=1))
        assert claim(database, holder="other", limit=10) == []


def test_a_holder_never_takes_its_own_errand_a_second_time(database: Database) -> None:
    """A runner that was held up longer than its lease still has the errand running in a thread."""
    ask(database)
    claim(database, holder="slow", limit=10)
    with time_machine.travel(now() + 10 * LEASE):
        assert claim(database, holder="slow", limit=10) == []


def test_an_errand_that_takes_process_after_process_with_it_is_given_up(database: Database) -> None:
    ask(database)
    with time_machine.travel(now()) as clock:
        for number in range(MOST_TRIES):
            assert len(claim(database, holder=f"process {number}", limit=10)) == 1
            clock.shift(LEASE + timedelta(seconds=1))
        assert claim(database, holder="the last", limit=10) == []

    assert (look(database).is_waiting, look(database).failure) == (False, "crashed")


def test_given_back_it_is_anothers_at_once(database: Database) -> None:
    ask(database)
    mine = claim(database, holder="stopping", limit=10)
    with database.writing() as connection:
        give_back(connection, mine)

    assert len(claim(database, holder="other", limit=10)) == 1


def test_only_kinds_that_are_wanted_are_claimed(database: Database) -> None:
    ask(database, "roster")
    ask(database, "run")

    assert [one.kind for one in claim(database, holder="first", limit=10, kinds=("run",))] == ["run"]
