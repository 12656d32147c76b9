"""A platform is down for a while, and thousands of scores wait: it is left in peace, and then they come quickly.

`python -m tests.chaos.outage --students 10000 --seconds 30` compares the time to drain after an outage with the time it
takes undisturbed.
"""

import sys
import time
from dataclasses import dataclass, field

from tests.chaos.actors import cast, on_stage
from tests.chaos.gradebook import Entry
from tests.chaos.options import DATABASES, read_options
from tests.chaos.report import describe_machine, print_table, print_violations
from tests.chaos.run import end_on_signals, set_scene, stop_politely, wait_for
from tests.chaos.wanted import Plan


@dataclass(frozen=True, slots=True)
class Outage:
    seed: int = 1
    students: int = 10_000
    seconds: float = 30.0
    latency: float = 0.02
    database: str = "postgres"
    workers: int = 1
    limit_seconds: float = 180.0
    most_requests: int = 40
    most_times_normal: float = 1.3
    spared_seconds: float = 0.0
    """Added to what a drain may take: of a drain of a second or two, the first probe alone is a large part."""


@dataclass(slots=True)
class Outcome:
    normal_seconds: float = 0.0
    """From the first request to the last score stored."""
    after_seconds: float = 0.0
    """From the end of the outage to the last score stored."""
    first_seconds: float = 0.0
    """From the end of the outage to the first score stored."""
    requests: int = 0
    """During the outage, of any kind."""
    found: dict[str, list[str]] = field(default_factory=dict)

    def violations(self, outage: Outage) -> dict[str, list[str]]:
        found = dict(self.found)
        if self.requests > outage.most_requests:
            found["too_many_requests"] = [f"{self.requests} to a platform that was down"]
        if self.after_seconds > outage.most_times_normal * self.normal_seconds + outage.spared_seconds:
            found["slow_drain"] = [f"{self.after_seconds:.1f} s instead of {self.normal_seconds:.1f} s"]
        return found


@dataclass(frozen=True, slots=True)
class Drain:
    """One queue emptied: what the platform met, since when it could, and what is wrong in the end."""

    journal: list[Entry]
    over_at: float
    found: dict[str, list[str]]

    def stored_at(self) -> list[float]:
        """When each score was stored, in order; an empty list is a violation of its own."""
        return [one.ended_at for one in self.journal if one.stored and one.kind == "score"] or [self.over_at]


def endure(outage: Outage) -> Outcome:
    """Drain once undisturbed, then once after an outage, each in a world of its own."""
    normal = _drain(outage, outage_seconds=0.0)
    after = _drain(outage, outage_seconds=outage.seconds)
    return Outcome(
        normal_seconds=normal.stored_at()[-1] - normal.journal[0].arrived_at,
        after_seconds=after.stored_at()[-1] - after.over_at,
        first_seconds=after.stored_at()[0] - after.over_at,
        requests=sum(one.fault == "outage" for one in after.journal),
        found=normal.found | after.found,
    )


def _drain(outage: Outage, *, outage_seconds: float) -> Drain:
    with set_scene(Plan(outage.seed, outage.students, versions=1), outage.database) as scene:
        scene.feed(outage.limit_seconds)
        scene.platforms.change(latency_seconds=outage.latency, is_down=outage_seconds > 0)
        actors = cast(scene.world, outage.database, outage.workers)
        with on_stage(actors):
            time.sleep(outage_seconds)
            over_at = time.time()
            scene.platforms.change(is_down=False)
            is_finished = wait_for(lambda: scene.reader.count_waiting() == 0, outage.limit_seconds)
            unwilling = stop_politely(actors)
        found = scene.judge().violations()
        if not is_finished:
            found["not_finished"] = [f"not drained after {outage.limit_seconds:.0f} s"]
        if unwilling:
            found["trouble"] = unwilling
        return Drain(scene.platforms.journal(), over_at, found)


def tell(outage: Outage, outcome: Outcome) -> bool:
    """Print the table; whether all is as promised."""
    violations = outcome.violations(outage)
    print_table(
        f"Outage of {outage.seconds:.0f} s with {outage.students} scores waiting, {outage.database}, "
        f"{outage.workers} workers, {outage.latency * 1000:.0f} ms",
        {
            "requests during the outage": f"{outcome.requests} (at most {outage.most_requests})",
            "drained undisturbed in": f"{outcome.normal_seconds:.1f} s",
            "drained after the outage in": f"{outcome.after_seconds:.1f} s "
            f"({outcome.after_seconds / max(outcome.normal_seconds, 0.001):.2f} times)",
            "first score after the outage": f"{outcome.first_seconds:.1f} s",
            "machine": describe_machine(),
        },
    )
    print_violations(violations)
    return not violations


if __name__ == "__main__":
    end_on_signals()
    chosen = read_options(Outage(), "outage", __doc__, sys.argv[1:], database=DATABASES)
    sys.exit(0 if tell(chosen, endure(chosen)) else 1)
