"""A worker is stopped in mid-work (SIGSTOP: a virtual machine that is moved, a laptop lid) and goes on a minute later.

Meanwhile its leases ran out, another took its rows over, and every student's score has changed. What the first still
holds is old: none of it may reach a gradebook over the newer one, nor lower what is confirmed.
"""

import sys
import time
from dataclasses import dataclass, field

from tests.chaos.actors import on_stage, worker
from tests.chaos.gradebook import Entry
from tests.chaos.options import read_options
from tests.chaos.report import describe_machine, print_table, print_violations
from tests.chaos.run import Scene, end_on_signals, set_scene, stop_politely, wait_for
from tests.chaos.wanted import Plan

IN_FLIGHT_SECONDS = 1.0
"""What arrives so soon after the stop was on its way already."""


@dataclass(frozen=True, slots=True)
class Paused:
    seed: int = 1
    students: int = 200
    latency: float = 0.5
    """Long, so that the worker is stopped with rows in its hands that it has not begun."""
    least_seconds: float = 60.0
    """It stays stopped so long at least, and until the other has delivered everything."""
    take_over_seconds: float = 15.0
    """What it had in its hands is sent by the other within this time."""
    after_seconds: float = 10.0
    """Given to it to do harm once it goes on."""
    limit_seconds: float = 120.0


@dataclass(slots=True)
class Outcome:
    stopped_seconds: float = 0.0
    late_requests: int = 0
    """Scores it sent after it went on."""
    fenced: int = 0
    taken_over_seconds: float = 0.0
    """From the stop until the other had sent something for the last of the students."""
    found: dict[str, list[str]] = field(default_factory=dict)


def stop_and_go_on(paused: Paused) -> Outcome:
    """PostgreSQL, since only there two may send; the platform ignores timestamps, so an old score would stand."""
    outcome = Outcome()
    with set_scene(Plan(paused.seed, paused.students, versions=2), "postgres") as scene:
        scene.feed(paused.limit_seconds, last=1)
        scene.platforms.change(latency_seconds=paused.latency)
        first, second = worker(scene.world, 1), worker(scene.world, 2)
        with on_stage([first]):
            assert wait_for(lambda: _in_flight(scene) >= 4, paused.limit_seconds)
            first.pause()
            stopped_at = time.time()
            scene.feed(paused.limit_seconds, first=2)
            scene.platforms.change(latency_seconds=0.0)
            with on_stage([second]):
                is_finished = wait_for(lambda: scene.reader.count_waiting() == 0, paused.limit_seconds)
                time.sleep(max(0.0, stopped_at + paused.least_seconds - time.time()))
                went_on_at = time.time()
                first.resume()
                time.sleep(paused.after_seconds)
                unwilling = stop_politely([first, second])
        verdict = scene.judge()
        outcome.found = verdict.violations()
        outcome.fenced = verdict.fenced
        scores = [one for one in scene.platforms.journal() if one.kind == "score"]
    outcome.stopped_seconds = went_on_at - stopped_at
    outcome.late_requests = sum(one.arrived_at > went_on_at for one in scores)
    outcome.taken_over_seconds = _taken_over(scores, stopped_at + IN_FLIGHT_SECONDS) - stopped_at
    if outcome.taken_over_seconds > paused.take_over_seconds:
        outcome.found["late"] = [f"taken over after {outcome.taken_over_seconds:.1f} s"]
    if not is_finished:
        outcome.found["not_finished"] = [f"not at rest after {paused.limit_seconds:.0f} s"]
    if unwilling:
        outcome.found["trouble"] = unwilling
    return outcome


def _taken_over(scores: list[Entry], since: float) -> float:
    """When the last of the students had something sent again."""
    first: dict[str | None, float] = {}
    for one in scores:
        if one.arrived_at > since:
            first.setdefault(one.user, one.arrived_at)
    return max(first.values(), default=since)


def _in_flight(scene: Scene) -> int:
    return scene.platforms.counters()[0]["in_flight"]


def tell(paused: Paused, outcome: Outcome) -> bool:
    """Print the table; whether all is as promised."""
    print_table(
        f"A worker stopped for {outcome.stopped_seconds:.0f} s with rows in its hands, {paused.students} students",
        {
            "the other had taken all over after": f"{outcome.taken_over_seconds:.1f} s",
            "scores it sent after it went on": outcome.late_requests,
            "its tries that were fenced": outcome.fenced,
            "machine": describe_machine(),
        },
    )
    print_violations(outcome.found)
    return not outcome.found


if __name__ == "__main__":
    end_on_signals()
    chosen = read_options(Paused(), "paused", __doc__, sys.argv[1:])
    sys.exit(0 if tell(chosen, stop_and_go_on(chosen)) else 1)
