"""A run that crashes each time is given up, shows it, and does not stand in the way of the next one."""

from decimal import Decimal

from tests.sis.sync.bench import BASE_URL, BENS, Bench
from tool import errands
from tool.errands import claim, finish
from tool.errands.leasing import CRASHED, MOST_TRIES
from tool.model.sis_syncs import SisRun
from tool.sis.oneroster.client import OneRoster
from tool.sis.sync.asking import SYNCING
from tool.sis.sync.turns import take_turns


def break_down(_connection_id: int) -> OneRoster | None:
    raise ZeroDivisionError


def turn(bench: Bench, *, is_broken: bool) -> None:
    """What the runner of errands does once."""
    open_client = break_down if is_broken else bench.open_client
    [claimed] = claim(bench.database, holder="story", limit=1, kinds=(SYNCING,))
    failure = None
    try:
        take_turns(bench.database, open_client, claimed.subject_id, base_url=BASE_URL)
    except ZeroDivisionError:
        failure = CRASHED
    again_at = Bench.past() if failure and claimed.tries + 1 < MOST_TRIES else None
    finish(bench.database, claimed, failure=failure, again_at=again_at)


def test_it_is_given_up_and_the_next_one_runs(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    crashed = bench.ask()
    turn(bench, is_broken=True)
    assert [one.status for one in bench.rows(SisRun)] == ["running"], "it is tried again"
    waiting = bench.ask("remaster")
    for _ in range(MOST_TRIES):
        turn(bench, is_broken=True)

    assert (bench.state(crashed).status, bench.state(crashed).code) == ("failed", CRASHED)
    assert bench.state(waiting).status == "queued"
    with bench.database.reading() as connection:
        assert errands.state(connection, SYNCING, bench.section_id).is_waiting
    turn(bench, is_broken=False)
    assert bench.state(waiting).status == "completed"
    assert bench.scores()[BENS] == Decimal(10)
