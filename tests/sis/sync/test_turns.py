"""Of one class one run at a time: asked twice is done once, asked meanwhile is done later, trouble is waited for."""

from datetime import UTC, datetime, timedelta

from tests.errands.bench import running
from tests.sis.sync.bench import BASE_URL, BENS, CLEOS, Bench
from tests.stage import wait_until
from tool.errands import claim, finish
from tool.errands.leasing import MOST_TRIES
from tool.lti.errors import ServiceError
from tool.model.errands import Errand
from tool.model.sis import SisConnection
from tool.model.sis_syncs import SisRun, SisRunLine
from tool.sis.plain import SisError
from tool.sis.sync.asking import SYNCING, read_wanted
from tool.sis.sync.turns import take_turns


class Silence:
    """No answer comes any more, once so many questions were answered."""

    def __init__(self, after: int = 0) -> None:
        self.after = after

    def __call__(self) -> None:
        if self.after == 0:
            raise SisError("later", "timeout")
        self.after -= 1


def turn(bench: Bench) -> ServiceError | None:
    """What the runner of errands does once: claim, do, write down how it ended."""
    [claimed] = claim(bench.database, holder="story", limit=1, kinds=(SYNCING,))
    failure = None
    try:
        take_turns(bench.database, bench.open_client, claimed.subject_id, base_url=BASE_URL)
    except ServiceError as error:
        failure = error
    reason = failure.reason if failure else None
    again_at = datetime.now(UTC) if failure else None
    finish(bench.database, claimed, failure=reason, again_at=again_at)
    return failure


def test_a_second_request_joins_the_first_while_it_waits(bench: Bench) -> None:
    places = bench.add_assignment()
    first = bench.ask("selected", placement_ids=[bench.placement_id])
    second = bench.ask("selected", placement_ids=[places["ada"].placement_id])
    assert first == second
    [row] = bench.rows(SisRun)
    assert (row.kind, row.placement_ids) == ("selected", [bench.placement_id, places["ada"].placement_id])

    third = bench.ask("changes", left_out=[bench.placement_id])
    [row] = bench.rows(SisRun)
    assert (third, row.kind, row.placement_ids, row.left_out) == (first, "changes", None, None)
    assert read_wanted(row).has(bench.placement_id), "the first request wants what the third leaves out"
    assert bench.ask("remaster") != first, "something else is another run"


def test_what_is_asked_while_a_run_is_on_its_way_is_done_afterwards(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    asked: list[int] = []

    def ask_again() -> None:
        if not asked:
            bench.hand_in(bench.cleo)
            asked.append(bench.ask())

    first = bench.ask()
    bench.watch("read_results", ask_again)
    assert turn(bench) is None

    assert asked != [first]
    assert [row.status for row in bench.rows(SisRun)] == ["completed", "completed"]
    assert set(bench.scores()) == {BENS, CLEOS}


def test_the_runner_of_errands_does_it(bench: Bench) -> None:
    bench.hand_in()
    bench.ask()

    def work(section_id: int) -> None:
        take_turns(bench.database, bench.open_client, section_id, base_url=BASE_URL)

    with running(bench.database, {SYNCING: work}):
        wait_until(lambda: bench.rows(SisRun)[0].status == "completed", 10)
    assert set(bench.scores()) == {BENS, CLEOS}


def test_a_sis_that_asks_to_slow_down_is_waited_for(bench: Bench) -> None:
    bench.hand_in()
    bench.add_classmates()
    bench.ask()
    bench.set_mood("busy429", target="results", after_requests=3, for_requests=1, retry_after=90)
    failure = turn(bench)

    assert failure is not None
    assert (failure.kind, failure.reason) == ("throttled", "rate")
    assert failure.retry_at is not None
    assert failure.retry_at > datetime.now(UTC) + timedelta(seconds=60)
    [row] = bench.rows(SisRun)
    assert (row.status, row.code, bench.view().status) == ("queued", "rate", "queued")
    assert len(bench.scores()) == 3

    bench.change(SisConnection, not_before=datetime.now(UTC))
    assert turn(bench) is None
    [row] = bench.rows(SisRun)
    assert (row.status, row.code, bench.view().status) == ("completed", None, "successful")
    assert len([path for path in bench.asked() if "/results/" in path]) == 8 + 1


def test_after_six_tries_the_run_has_failed_and_the_items_show_it(bench: Bench) -> None:
    bench.hand_in()
    bench.ask()
    bench.set_mood("error500", target="writes")
    failures = [turn(bench) for _ in range(MOST_TRIES)]

    assert [one.reason if one else None for one in failures] == ["sis.internal"] * 5 + [None]
    [row] = bench.rows(SisRun)
    assert row.status == "with_errors"
    assert (bench.view().status, bench.view().code) == ("error", "sis.internal")
    assert [one.code for one in bench.rows(SisRunLine)] == ["sis.internal"], "told once, not at every try"
    assert turn_is_due(bench) is False


def test_no_answer_six_times_is_one_error(bench: Bench) -> None:
    bench.hand_in()
    bench.ask()
    bench.watch("put_result", Silence(), before=True)
    for _ in range(MOST_TRIES):
        turn(bench)

    [row] = bench.rows(SisRun)
    assert (row.status, row.code) == ("failed", "timeout")
    assert (bench.view().status, bench.view().code) == ("error", "timeout")
    assert [one for one in bench.rows(SisRunLine) if one.outcome == "failed"] == []


def test_one_score_that_gets_no_answer_keeps_no_other_from_going(bench: Bench) -> None:
    """The first of the class makes the SIS fall silent; the next time it comes last."""
    bench.hand_in()
    bench.add_classmates()
    bench.ask()
    silence = Silence(after=0)
    bench.watch("put_result", silence, before=True)
    assert turn(bench) is not None
    assert len(bench.scores()) == 0
    silence.after = 7
    assert turn(bench) is not None

    assert len(bench.scores()) == 7
    assert BENS not in bench.scores(), "Ben is the first by name"


def test_a_press_of_another_day_is_not_done_unasked(bench: Bench) -> None:
    bench.hand_in()
    bench.ask()
    bench.change(SisRun, asked_at=Bench.past(2))
    assert turn(bench) is None

    [row] = bench.rows(SisRun)
    assert row.status == "cancelled"
    assert bench.asked() == []


def turn_is_due(bench: Bench) -> bool:
    [row] = bench.rows(Errand, Errand.kind == SYNCING)
    return row.due_at is not None and row.tries < MOST_TRIES
