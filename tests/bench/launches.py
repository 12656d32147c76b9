"""Part: launches. Login and launch, each stored durably and good only once by us; kept in memory by the peer."""

from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from tests.bench.contest import Contestant, passback, pylti1p3
from tests.bench.figures import Row, Section, at_least, at_most, percentile
from tests.bench.ground import Ground, open_ground
from tests.bench.launching import AT_ONCE, all_of
from tests.bench.machine import OTHER_CORES, pinned
from tests.bench.sizes import Sizes
from tests.chaos.wanted import Plan, Student
from tool.model.work import Launch

SLOW_KEY_SECONDS = 0.05
# The peer's memory forgets nothing while CPU is measured; in the burst it keeps what it keeps unless told.
ROOMY = ("--cache-entries", "1000000")
EXAMPLE, README = "example", "README"
HOW = """\
CPU time of the server process for login and launch, {at_once} students at a time, all of whom came before; the
tool on one core, platform and load on another. *Example* is the application that PyLTI1p3's documentation
points to (a page that tries cookies first, so three requests; the launch printed and shown), *README* only what
its text shows (two requests, as Passback); both served by waitress, as Passback is. The peer keeps a launch in
memory, Passback on the disk. With the key set at 50 ms the peer fetches it at each launch; one launch at a time
is what a synchronous worker does, and both ways are told. In the burst {burst} new students log in, {at_once}
at a time, and then all of them launch; the peer's memory then keeps what it keeps unless told, 500 entries."""


@dataclass(frozen=True, slots=True)
class Round:
    right: int
    cpu_seconds: float
    """For one launch."""
    seconds: float
    """For one launch."""


def measure(contestant: Contestant, students: list[Student], at_once: int) -> Round:
    cpu_before, began_at = contestant.process.cpu_seconds(), perf_counter()
    with pinned(OTHER_CORES):
        landed = all_of(contestant.visitors.launch, students, at_once=at_once)
    seconds, cpu = perf_counter() - began_at, contestant.process.cpu_seconds() - cpu_before
    return Round(sum(one.is_right for one in landed), cpu / len(students), seconds / len(students))


def run(sizes: Sizes, kinds: list[str]) -> Section:
    section = Section("Launches", HOW.format(at_once=AT_ONCE, burst=sizes.burst))
    plan = Plan(seed=1, students=sizes.launches + sizes.burst, hands=sizes.burst)
    with ExitStack() as stack:
        grounds = [stack.enter_context(open_ground(kind, plan)) for kind in kinds]
        for ground in grounds:
            ground.publish_keys(0)
        _cpu(section, sizes, grounds)
        for ground in grounds:
            _slow_keys(section, sizes, ground)
        for ground in grounds:
            _burst(section, ground, is_with_peer=ground is grounds[-1])
    return section


def _cpu(section: Section, sizes: Sizes, grounds: list[Ground]) -> None:
    with ExitStack() as stack:
        ours = [stack.enter_context(passback(one, one.kind)) for one in grounds]
        example = stack.enter_context(pylti1p3(grounds[0], EXAMPLE, "--like-example", *ROOMY))
        readme = stack.enter_context(pylti1p3(grounds[0], README, *ROOMY))
        own_server = stack.enter_context(pylti1p3(grounds[0], "own server", "--like-example", "--own-server", *ROOMY))
        everyone = grounds[0].plan.fed
        costs: dict[str, list[float]] = {}
        for number in range(sizes.rounds + 1):
            for one in (*ours, example, readme, own_server):
                found = measure(one, everyone, AT_ONCE)
                assert found.right == len(everyone), (one.name, found.right)
                if number:  # the first round warms up
                    costs.setdefault(one.name, []).append(found.cpu_seconds)
        medians = {name: median(values) for name, values in costs.items()}
        for one in ours:
            for peer, goal in ((example, 2.0), (readme, None), (own_server, None)):
                ratio = medians[peer.name] / medians[one.name]
                section.add(
                    Row(
                        f"launches per CPU-second, {one.name}; peer: {TITLES[peer.name]}",
                        f"{1 / medians[one.name]:.0f} ({1000 * medians[one.name]:.2f} ms)",
                        f"{1 / medians[peer.name]:.0f} ({1000 * medians[peer.name]:.2f} ms)",
                        f"{ratio:.1f} ×",
                        *(at_least(ratio, goal) if goal else ()),
                    )
                )
            memory = one.process.resident_mb()
            section.add(
                Row(f"memory of the web process, {one.name}", f"{memory:.0f} MB", "", "", *at_most(memory, 130, " MB"))
            )
        section.add(Row("memory of the peer's web process", "", f"{readme.process.resident_mb():.0f} MB"))


TITLES = {EXAMPLE: "example", README: "README", "own server": "example on Flask's own server, as it says"}


def _slow_keys(section: Section, sizes: Sizes, ground: Ground) -> None:
    ground.publish_keys(SLOW_KEY_SECONDS)
    some = ground.plan.fed[: sizes.slow_key_launches]
    with passback(ground) as ours, pylti1p3(ground, README, *ROOMY) as peer:
        seconds: dict[tuple[str, int], list[float]] = {}
        for number in range(sizes.rounds + 1):
            for at_once in (1, AT_ONCE):
                # Ours is so much faster that it gets more to do, or its time would be all noise.
                for one, students in ((ours, ground.plan.fed), (peer, some)):
                    found = measure(one, students, at_once)
                    assert found.right == len(students), (one.name, found.right)
                    if number:
                        seconds.setdefault((one.name, at_once), []).append(found.seconds)
        for mine_at_once, theirs_at_once, goal in ((AT_ONCE, 1, 20.0), (1, 1, None), (AT_ONCE, AT_ONCE, None)):
            mine, theirs = median(seconds[ours.name, mine_at_once]), median(seconds[peer.name, theirs_at_once])
            section.add(
                Row(
                    f"key set at 50 ms: launches per second, {ground.kind}",
                    f"{1 / mine:.0f} ({mine_at_once} at a time)",
                    f"{1 / theirs:.0f} ({theirs_at_once} at a time)",
                    f"{theirs / mine:.1f} ×",
                    *(at_least(theirs / mine, goal) if goal else ()),
                )
            )
    ground.publish_keys(0)


def _burst(section: Section, ground: Ground, *, is_with_peer: bool) -> None:
    everyone = ground.plan.by_hand
    with ExitStack() as stack:
        ours = stack.enter_context(passback(ground))
        before = _arrived(ground)
        mine = _land_all(ours, everyone)
        right = _arrived(ground) - before
        assert right <= sum(one.is_right for one in mine)
        theirs: list[Any] = []
        if is_with_peer:
            theirs = _land_all(stack.enter_context(pylti1p3(ground, README)), everyone)
    waits = [one.seconds for one in mine]
    section.add(
        Row(
            f"{len(everyone)} launches in a burst, {ground.kind}: how many right",
            str(right),
            str(sum(one.is_right for one in theirs)) if theirs else "",
            "",
            f"{len(everyone)}",
            right == len(everyone),
        )
    )
    p95 = percentile(waits, 0.95)
    section.add(
        Row(
            f"… seconds of a launch in it, p50 and p95, {ground.kind}",
            f"{percentile(waits, 0.5):.3f} and {p95:.3f}",
            f"{percentile([one.seconds for one in theirs], 0.95):.3f} (p95)" if theirs else "",
            "",
            *at_most(p95, 0.5, " s"),
        )
    )


def _land_all(contestant: Contestant, students: list[Student]) -> list[Any]:
    with pinned(OTHER_CORES):
        begun = all_of(contestant.visitors.begin, students, at_once=AT_ONCE)
        return all_of(contestant.visitors.land, begun, at_once=AT_ONCE)


def _arrived(ground: Ground) -> int:
    """How many people have a launch written down."""
    with ground.database.reading() as connection:
        return int(connection.execute(select(func.count(Launch.member_id.distinct()))).scalar_one())
