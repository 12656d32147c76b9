"""One of five platforms takes every request and never answers: the other four do not feel it.

`python -m tests.chaos.hanging --scores 1000 --rounds 3` measures how long each score of the four needs from the tool to
the gradebook, in turn with the fifth in order and with it hanging: the scores that come in from the moment at which it
begins to hang, since before it all are equal, and the start of the processes is slow enough to drown the rest.
"""

import sys
import time
from dataclasses import dataclass, field

from tests.chaos.actors import cast, on_stage
from tests.chaos.options import DATABASES, read_options
from tests.chaos.report import describe_machine, middle, p95, print_table, print_violations
from tests.chaos.run import end_on_signals, set_scene, stop_politely, wait_for, wait_for_all
from tests.chaos.wanted import Plan


@dataclass(frozen=True, slots=True)
class Hanging:
    seed: int = 1
    scores: int = 1000
    """For each platform."""
    platforms: int = 5
    rounds: int = 3
    latency: float = 0.05
    feed_seconds: float = 25.0
    hangs_after: float = 3.0
    """Seconds into the feed: by then it has given out a token, and has scores in flight."""
    silence_seconds: float = 30.0
    """A request that is not answered is broken off by the platform after this time, if not by the tool."""
    database: str = "postgres"
    workers: int = 1
    limit_seconds: float = 120.0
    most_times_alone: float = 1.2
    spared_seconds: float = 0.0
    """Added to what the others may need: a single short round measures the machine's noise, too."""


@dataclass(slots=True)
class Outcome:
    alone: list[float] = field(default_factory=list)
    """p95 of each round, in seconds."""
    beside: list[float] = field(default_factory=list)
    """The same while the last platform hangs."""
    hung_requests: int = 0
    found: dict[str, list[str]] = field(default_factory=dict)

    def violations(self, hanging: Hanging) -> dict[str, list[str]]:
        found = dict(self.found)
        alone, beside = middle(self.alone), middle(self.beside)
        if beside > hanging.most_times_alone * alone + hanging.spared_seconds:
            found["held_up"] = [f"p95 of the others is {beside:.3f} s instead of {alone:.3f} s"]
        return found


def compare(hanging: Hanging) -> Outcome:
    """The two in turn, each in a world of its own."""
    outcome = Outcome()
    for _ in range(hanging.rounds):
        for is_hanging in (False, True):
            _play(hanging, outcome, is_hanging=is_hanging)
    return outcome


def _play(hanging: Hanging, outcome: Outcome, *, is_hanging: bool) -> None:
    sick = hanging.platforms - 1
    plan = Plan(hanging.seed, hanging.scores * hanging.platforms, versions=1, platforms=hanging.platforms)
    with set_scene(plan, hanging.database) as scene:
        scene.platforms.change(latency_seconds=hanging.latency, silence_seconds=hanging.silence_seconds)
        actors = cast(scene.world, hanging.database, hanging.workers)
        feeders = scene.feeders(seconds=hanging.feed_seconds)
        with on_stage(actors), on_stage(feeders):
            time.sleep(hanging.hangs_after)
            scene.platforms.change(sick, is_hanging=is_hanging)
            since = time.time()
            wait_for_all(feeders, hanging.limit_seconds)
            left_waiting = hanging.scores if is_hanging else 0
            is_finished = wait_for(lambda: scene.reader.count_waiting() <= left_waiting, hanging.limit_seconds)
            (outcome.beside if is_hanging else outcome.alone).append(
                p95([wait for number, waits in scene.waits(since).items() if number != sick for wait in waits])
            )
            scene.platforms.change(sick, is_hanging=False)
            has_come_back = wait_for(lambda: scene.reader.count_waiting() == 0, hanging.limit_seconds)
            unwilling = stop_politely(actors)
        outcome.found |= scene.judge().violations()
        outcome.hung_requests += sum(one.fault == "hanging" for one in scene.platforms.journal())
        if not is_finished or not has_come_back:
            outcome.found["not_finished"] = [f"not at rest after {hanging.limit_seconds:.0f} s"]
        if unwilling:
            outcome.found["trouble"] = unwilling


def tell(hanging: Hanging, outcome: Outcome) -> bool:
    """Print the table; whether all is as promised."""
    alone, beside = middle(outcome.alone), middle(outcome.beside)
    print_table(
        f"{hanging.platforms} platforms, {hanging.scores} scores each over {hanging.feed_seconds:.0f} s, one hangs: "
        f"{hanging.database}, {hanging.workers} workers, {hanging.latency * 1000:.0f} ms, {hanging.rounds} rounds",
        {
            "p95 of the others, alone": f"{alone:.3f} s ({_list(outcome.alone)})",
            "p95 of the others, beside it": f"{beside:.3f} s ({_list(outcome.beside)})",
            "times": f"{beside / max(alone, 0.001):.2f} (at most {hanging.most_times_alone})",
            "requests to the hanging one": outcome.hung_requests,
            "machine": describe_machine(),
        },
    )
    violations = outcome.violations(hanging)
    print_violations(violations)
    return not violations


def _list(values: list[float]) -> str:
    return ", ".join(f"{value:.3f}" for value in values)


if __name__ == "__main__":
    end_on_signals()
    chosen = read_options(Hanging(), "hanging", __doc__, sys.argv[1:], database=DATABASES)
    sys.exit(0 if tell(chosen, compare(chosen)) else 1)
