"""A hundred first scores of a new column at once, from several processes: exactly one column is made.

`python -m tests.chaos.columns --students 100 --links 10 --workers 4` does it for ten new columns side by side; of some
of them the platform makes the column and its answer is lost.
"""

import sys
from dataclasses import dataclass, field

from tests.chaos.actors import on_stage, worker
from tests.chaos.options import read_options
from tests.chaos.report import describe_machine, print_table, print_violations
from tests.chaos.run import end_on_signals, set_scene, stop_politely, wait_for
from tests.chaos.wanted import Plan


@dataclass(frozen=True, slots=True)
class Columns:
    seed: int = 1
    students: int = 100
    """Of each link."""
    links: int = 10
    workers: int = 4
    latency: float = 0.02
    column_seconds: float = 0.3
    """A platform takes so much longer to make a column: the others come while it does."""
    lost_answers: int = 3
    limit_seconds: float = 120.0


@dataclass(slots=True)
class Outcome:
    columns: int = 0
    made: int = 0
    """Requests to make one."""
    senders: int = 0
    """Processes that sent."""
    found: dict[str, list[str]] = field(default_factory=dict)


def make_columns(columns: Columns) -> Outcome:
    """Everything waits before the first process is ready; PostgreSQL, since only there several may send."""
    plan = Plan(columns.seed, columns.students * columns.links, versions=1, class_size=columns.students)
    with set_scene(plan, "postgres") as scene:
        scene.feed(columns.limit_seconds)
        scene.platforms.change(
            latency_seconds=columns.latency,
            column_seconds=columns.column_seconds,
            loses_column_answers=columns.lost_answers,
        )
        actors = [worker(scene.world, number + 1) for number in range(columns.workers)]
        with on_stage(actors):
            is_finished = wait_for(lambda: scene.reader.count_waiting() == 0, columns.limit_seconds)
            senders = sum("passback.tried" in actor.news() for actor in actors)
            unwilling = stop_politely(actors)
        found = scene.judge().violations()
        if not is_finished:
            found["not_finished"] = [f"not at rest after {columns.limit_seconds:.0f} s"]
        if unwilling:
            found["trouble"] = unwilling
        made = sum(one.kind == "column_made" for one in scene.platforms.journal())
        return Outcome(len(scene.platforms.gradebook()), made, senders, found)


def tell(columns: Columns, outcome: Outcome) -> bool:
    """Print the table; whether all is as promised."""
    print_table(
        f"{columns.students} first scores at once for each of {columns.links} new columns, {columns.workers} workers, "
        f"{columns.lost_answers} answers lost",
        {
            "columns": f"{outcome.columns} (exactly {columns.links})",
            "requests to make one": outcome.made,
            "workers that sent": outcome.senders,
            "machine": describe_machine(),
        },
    )
    print_violations(outcome.found)
    return not outcome.found


if __name__ == "__main__":
    end_on_signals()
    chosen = read_options(Columns(), "columns", __doc__, sys.argv[1:])
    sys.exit(0 if tell(chosen, make_columns(chosen)) else 1)
