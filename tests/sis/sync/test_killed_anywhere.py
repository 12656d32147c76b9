"""A run that dies at any step and is begun again leaves the same gradebook as one that nobody disturbed."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from tests.sis.sync.bench import BASE_URL, Bench
from tests.sis.sync.mortal import Fuse, Killed, MortalClient, MortalDatabase
from tool.clock import now
from tool.model.sis_syncs import SisItem, SisRun, SisRunLine, SisScore
from tool.sis.oneroster.client import OneRoster
from tool.sis.sync.gathering import gather
from tool.sis.sync.running import run
from tool.sis.sync.turns import take_turns

MOST_STEPS = 200


def prepare(bench: Bench) -> None:
    """Two assignments; of one Ben's score was sent before and is another now."""
    places = bench.add_assignment()
    bench.hand_in()
    bench.hand_in(places["ben"], places["cleo"])


def run_until(bench: Bench, steps: int) -> bool:
    """Begin the run and die at a step; whether it lived."""
    fuse = Fuse(steps)
    database = MortalDatabase(bench.database, fuse)

    def open_mortal(connection_id: int) -> OneRoster | None:
        client = bench.open_client(connection_id)
        return cast(OneRoster, MortalClient(client, fuse)) if client else None

    [run_id] = [one.id for one in bench.rows(SisRun)]
    try:
        run(database, open_mortal, run_id, base_url=BASE_URL)
    except Killed:
        return False
    return not fuse.is_burnt


def is_all_sent(bench: Bench) -> bool:
    with bench.database.reading() as connection:
        return all(one.has_changes is False for one in gather(connection, bench.section_id, None, now()))


def ids_aside(picture: Any) -> Any:
    """Ids that the SIS makes up are others each time; how many there are is not."""
    return [
        {k: v for k, v in column.items() if k not in ("sourced_id", "supplied_id")}
        | {
            "results": {
                who: {k: v for k, v in mark.items() if k not in ("sourced_id", "supplied_id")}
                for who, mark in column["results"].items()
            }
        }
        for column in picture
    ]


@pytest.mark.parametrize(
    "settings",
    [{}, {"ids": "theirs", "remembers_ids": False}],
    ids=["our ids", "their ids, and each PUT of ours makes a new column"],
)
def test_a_run_that_dies_at_any_step_and_is_repeated(
    open_bench: Callable[..., Bench], settings: dict[str, Any]
) -> None:
    bench = open_bench(**settings)
    prepare(bench)
    bench.sync()
    undisturbed = bench.picture()
    look: Callable[[Any], Any] = ids_aside if settings else list

    steps, has_lived = 0, False
    while not has_lived:
        steps += 1
        assert steps < MOST_STEPS
        bench.forget_syncs()
        bench.ask()
        has_lived = run_until(bench, steps)
        take_turns(bench.database, bench.open_client, bench.section_id, base_url=BASE_URL)

        assert look(bench.picture()) == look(undisturbed), f"killed at step {steps}"
        assert {row.state for row in bench.rows(SisItem)} == {"done"}, f"killed at step {steps}"
        assert all(row.sent_fingerprint for row in bench.rows(SisScore)), f"killed at step {steps}"
        told = [one.outcome for one in bench.rows(SisRunLine) if one.step == "score"]
        assert told == ["sent"] * 4, f"killed at step {steps}: each score is told once"
        assert is_all_sent(bench), f"killed at step {steps}: nothing is left to send"

    assert steps > 30
