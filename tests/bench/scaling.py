"""Part: two workers against one, on PostgreSQL and with platforms that answer at once."""

from contextlib import ExitStack
from statistics import median

from tests.bench.contest import worker
from tests.bench.figures import Row, Section, at_least
from tests.bench.ground import Ground, open_ground
from tests.bench.machine import OTHER_CORES, TOOL_CORES
from tests.bench.sending import Sent, send_all
from tests.bench.sizes import Sizes
from tests.chaos.wanted import Plan

PLATFORMS = 4
CORES = (TOOL_CORES, OTHER_CORES)
HOW = """\
{scores} scores for {platforms} platforms that answer at once, on PostgreSQL. Each worker on a core of its own;
with two of them the stub platforms share the second one's, and PostgreSQL goes where it finds room, so on two
cores the wall says less than the CPU does: the last row is what the cores would allow, two times the CPU of a
score with one worker by that with two."""


def run(sizes: Sizes) -> Section:
    section = Section("Two workers", HOW.format(scores=sizes.scaling_scores, platforms=PLATFORMS))
    plan = Plan(
        seed=1,
        students=sizes.scaling_scores,
        platforms=PLATFORMS,
        class_size=sizes.scaling_scores // PLATFORMS,
    )
    with open_ground("postgres", plan) as ground:
        with worker(ground) as process:
            send_all(ground, [process], 1, is_first=True)  # columns and tokens
        found: dict[int, list[Sent]] = {1: [], 2: []}
        for number in range(sizes.rounds):
            for count, rounds in found.items():
                rounds.append(_send_with(ground, count, score=2 + number))
    most_times = max(one.most_times for rounds in found.values() for one in rounds)
    seconds = {count: median(one.seconds for one in rounds) for count, rounds in found.items()}
    cpu = {count: median(one.cpu_seconds for one in rounds) for count, rounds in found.items()}
    for count in found:
        section.add(
            Row(
                f"scores per second, {count} worker{'s' if count > 1 else ''}",
                f"{sizes.scaling_scores / seconds[count]:.0f} ({1000 * cpu[count]:.2f} ms of CPU for each)",
            )
        )
    section.add(Row("how often the same score was sent, at most", str(most_times), "", "", "1", most_times == 1))
    ratio = seconds[1] / seconds[2]
    section.add(Row("two against one, by the wall", f"{ratio:.2f} ×"))
    allowed = 2 * cpu[1] / cpu[2]
    section.add(Row("two against one, by CPU", f"{allowed:.2f} ×", "", "", *at_least(allowed, 1.8)))
    return section


def _send_with(ground: Ground, count: int, *, score: int) -> Sent:
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(ground, CORES[number])) for number in range(count)]
        return send_all(ground, workers, score, is_first=False)
