"""The storm: scores come in while the platforms fail and processes are killed. None may be lost, stale or doubled.

`python -m tests.chaos.storm --seed 1 --students 10000 --versions 3 --faults 0.3 --kill-every 0.7 --database postgres`
prints a table and ends with status 1 if anything is not as promised.
"""

import sys
import threading
import time
from dataclasses import dataclass, field

from tests.chaos.actors import Actor, Killer, cast, on_stage
from tests.chaos.gradebook import Manner
from tests.chaos.options import DATABASES, MANNERS, read_options
from tests.chaos.oracle import Verdict
from tests.chaos.report import describe_machine, middle, p95, print_table, print_violations
from tests.chaos.run import LOOKS_EVERY_SECONDS, Scene, end_on_signals, set_scene, stop_politely, wait_for
from tests.chaos.wanted import Plan


@dataclass(frozen=True, slots=True)
class Storm:
    """What a storm is made of."""

    seed: int = 1
    students: int = 10_000
    versions: int = 3
    hands: int = 200
    faults: float = 0.3
    kill_every: float = 0.7
    """Seconds after the process killed before is ready again; 0: nobody is killed."""
    calm_after: float = 3600.0
    """After so many seconds no request fails and nobody is killed any more: a short form comes to rest in time."""
    least_kinds: int = 0
    """It does not calm down before so many kinds of fault have been met, however slow the machine."""
    database: str = "postgres"
    workers: int = 3
    platforms: int = 2
    latency: float = 0.02
    manner: Manner = "accepting"
    feeders: int = 2
    feed_seconds: float = 0.0
    token_seconds: float = 30.0
    limit_seconds: float = 1800.0
    """Who is killed 0.7 s after each start sends a few dozen scores in each life."""
    most_requests: float = 2.0


@dataclass(slots=True)
class Outcome:
    verdict: Verdict
    kills: int = 0
    fed_seconds: float = 0.0
    seconds: float = 0.0
    """From the first score to the last confirmation."""
    is_finished: bool = True
    seconds_to_ready: list[float] = field(default_factory=list)
    most_in_flight: int = 0
    waits: list[float] = field(default_factory=list)
    """Of each score that was stored: seconds since it was taken in."""
    trouble: list[str] = field(default_factory=list)

    def violations(self, storm: Storm) -> dict[str, list[str]]:
        found = self.verdict.violations()
        if not self.is_finished:
            found["not_finished"] = [f"not at rest after {storm.limit_seconds:.0f} s"]
        if self.verdict.requests_per_final > storm.most_requests:
            found["too_many_requests"] = [f"{self.verdict.requests_per_final:.2f} for a final score"]
        if storm.kill_every == 0 and self.verdict.resent_after_success:
            found["sent_twice"] = [f"{self.verdict.resent_after_success} scores again, and nobody was killed"]
        if self.trouble:
            found["trouble"] = self.trouble
        return found


def rage(storm: Storm) -> Outcome:
    """One storm from its beginning to the judgement."""
    plan = Plan(storm.seed, storm.students, storm.versions, storm.platforms, hands=storm.hands)
    with set_scene(plan, storm.database, storm.manner) as scene:
        scene.platforms.change(
            fault_share=storm.faults,
            latency_seconds=storm.latency,
            true_seconds=storm.token_seconds,
            stated_seconds=int(storm.token_seconds),
        )
        actors = cast(scene.world, storm.database, storm.workers)
        with on_stage(actors):
            outcome = _play(scene, storm, actors)
            outcome.trouble += stop_politely(actors)
        outcome.verdict = scene.judge()
        outcome.waits = [wait for waits in scene.waits().values() for wait in waits]
        outcome.most_in_flight = max(one["most_in_flight"] for one in scene.platforms.counters())
        return outcome


def _play(scene: Scene, storm: Storm, actors: list[Actor]) -> Outcome:
    givers = scene.feeders(storm.feeders, seconds=storm.feed_seconds) + ([scene.hands()] if storm.hands else [])
    killer = Killer(actors, storm.seed, storm.kill_every, storm.calm_after)
    is_over = threading.Event()
    calm = threading.Thread(target=_calm_down, args=(scene, storm, is_over))
    outcome = Outcome(Verdict())
    began_at = time.monotonic()
    with on_stage(givers):
        calm.start()
        if storm.kill_every:
            killer.start()
        try:
            has_come_in = wait_for(lambda: all(one.has_ended() for one in givers), storm.limit_seconds)
            outcome.fed_seconds = time.monotonic() - began_at
            left_seconds = storm.limit_seconds - outcome.fed_seconds
            outcome.is_finished = has_come_in and wait_for(lambda: scene.reader.count_waiting() == 0, left_seconds)
            outcome.seconds = time.monotonic() - began_at
        finally:
            killer.stop()
            is_over.set()
            calm.join()
    outcome.kills, outcome.seconds_to_ready = len(killer.kills), killer.seconds_to_ready
    outcome.trouble += [killer.trouble] if killer.trouble else []
    outcome.trouble += [f"{one.name}: {one.news()[-500:]}" for one in givers if has_come_in and one.wait(1)]
    return outcome


def _calm_down(scene: Scene, storm: Storm, is_over: threading.Event) -> None:
    is_over.wait(storm.calm_after)
    while not is_over.wait(LOOKS_EVERY_SECONDS):
        if len({entry.fault for entry in scene.platforms.journal()} - {None}) >= storm.least_kinds:
            scene.platforms.change(fault_share=0.0)
            return


def tell(storm: Storm, outcome: Outcome) -> bool:
    """Print the table; whether all is as promised."""
    verdict, violations = outcome.verdict, outcome.violations(storm)
    ready = outcome.seconds_to_ready
    print_table(
        f"Storm {storm.seed}: {storm.students} students × {storm.versions}, {storm.hands} of them by HTTP, "
        f"{storm.faults:.0%} faults, {storm.database}, {storm.platforms} platforms ({storm.manner}) at "
        f"{storm.latency * 1000:.0f} ms",
        {
            "lost": len(verdict.lost),
            "stale": len(verdict.stale),
            "wrong": len(verdict.wrong),
            "duplicate columns": len(verdict.duplicate_columns),
            "taken in, not in the tool's tables": len(verdict.missing_rows),
            "said delivered, is not": len(verdict.false_delivered),
            "older stored over newer": len(verdict.older_over_newer),
            "sent after it was confirmed": len(verdict.sent_after_confirmed),
            "final scores": verdict.finals,
            "requests for a final score": f"{verdict.requests_per_final:.2f} ({verdict.score_requests} scores, "
            f"{verdict.other_requests} others)",
            "from taken in to stored": f"half within {middle(outcome.waits):.1f} s, p95 {p95(outcome.waits):.1f} s, "
            f"all within {max(outcome.waits, default=0):.1f} s",
            "sent again after a lost success": verdict.resent_after_success,
            "fenced": verdict.fenced,
            "faults met": dict(verdict.faults.most_common()),
            "kills": outcome.kills,
            "seconds until ready again": f"{sum(ready) / len(ready):.1f}" if ready else "–",
            "in flight to one platform, at most": outcome.most_in_flight,
            "seconds": f"{outcome.seconds:.1f} (all taken in after {outcome.fed_seconds:.1f})",
            "machine": describe_machine(),
        },
    )
    print_violations(violations)
    return not violations


if __name__ == "__main__":
    end_on_signals()
    chosen = read_options(Storm(), "storm", __doc__, sys.argv[1:], database=DATABASES, manner=MANNERS)
    sys.exit(0 if tell(chosen, rage(chosen)) else 1)
