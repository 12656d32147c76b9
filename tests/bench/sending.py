"""Part: sending. A thousand scores wished for at one moment, until the last one stands in the gradebook."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from tests.bench.contest import Contestant, pylti1p3, worker, write_peer_config
from tests.bench.figures import Row, Section, at_least, at_most
from tests.bench.ground import Ground, open_ground
from tests.bench.machine import TOOL_CORES, pinned
from tests.bench.process import ROOT, Process
from tests.bench.sizes import Sizes
from tests.chaos.gradebook import Entry
from tests.chaos.wanted import Plan

DOCUMENTED, BEST = "as documented", "best loop"
REQUESTS_FOR_A_SCORE = 1.01
SECONDS_AT_50_MS = 6.0
CPU_MS = 1.2
WITHIN_SECONDS = 300.0
HOW = """\
Passback: one `passback worker`, from the moment at which all wishes are committed to the last score in the
gradebook; CPU and memory are the worker's, with the claiming and settling of every score in its database. *As
documented*: for each submission the peer's web process restores the launch, gets a token, finds the column by
its tag and sends the score inside the student's request ({peer_scores} scores, one after the other, scaled to
{scores}). *Best loop*: one PyLTI1p3 service object for all scores, its column known ({loop_scores} scores,
scaled). The requests are those of a first round, in which the column is made; the rounds that are timed follow."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How a number of scores went out; `cpu_seconds` for each of them."""

    seconds: float
    cpu_seconds: float
    most_times: int
    """How often the score sent most often was sent."""


def send_all(ground: Ground, workers: Iterable[Process], score: int, *, is_first: bool) -> Sent:
    """Wish for everybody, and wait until all of it is delivered and written down."""
    senders = list(workers)
    known = len(ground.platforms.journal())
    cpu_before = sum(one.cpu_seconds() for one in senders)
    if is_first:
        ground.wish_for_all(score)
    else:
        ground.wish_again_for_all(score)
    committed_at = time.time()
    while ground.reader.count_waiting():
        assert time.time() - committed_at < WITHIN_SECONDS, "not all of it was sent"
        time.sleep(0.05)
    cpu = sum(one.cpu_seconds() for one in senders) - cpu_before
    entries = ground.platforms.journal()[known:]
    return _sum_up(entries, committed_at, cpu, len(ground.plan.everyone))


def _sum_up(entries: list[Entry], committed_at: float, cpu_seconds: float, wanted: int) -> Sent:
    stored = [one for one in entries if one.kind == "score" and one.stored]
    sent = Counter((one.platform, one.column, one.user, one.timestamp) for one in entries if one.kind == "score")
    assert len({(one.platform, one.user) for one in stored}) == wanted, "somebody's score is missing"
    last_at = max(one.ended_at for one in stored)
    return Sent(last_at - committed_at, cpu_seconds / wanted, max(sent.values()))


def run(sizes: Sizes, kinds: list[str]) -> Section:
    section = Section(
        f"Sending {sizes.scores} scores",
        HOW.format(peer_scores=sizes.peer_scores, scores=sizes.scores, loop_scores=sizes.peer_loop_scores),
    )
    plan = Plan(seed=1, students=sizes.scores, class_size=sizes.scores)
    with ExitStack() as stack:
        grounds = [stack.enter_context(open_ground(kind, plan)) for kind in kinds]
        workers = [stack.enter_context(worker(ground)) for ground in grounds]
        senders = list(zip(grounds, workers, strict=True))
        peer_ground = stack.enter_context(open_ground("sqlite", Plan(seed=1, students=sizes.peer_scores)))
        peer = stack.enter_context(pylti1p3(peer_ground, DOCUMENTED))
        launch_ids = _launch(peer, peer_ground, sizes.peer_scores)
        for ground, process in senders:
            ground.platforms.change(latency_seconds=sizes.latencies[0] / 1000)
            send_all(ground, [process], 1, is_first=True)
            _requests(section, ground, sizes.read_back_seconds)
        found: dict[tuple[str, int], list[Sent]] = {}
        for number in range(sizes.rounds):
            for latency in sizes.latencies:
                for ground, process in senders:
                    ground.platforms.change(latency_seconds=latency / 1000)
                    sent = send_all(ground, [process], 2 + number, is_first=False)
                    found.setdefault((ground.kind, latency), []).append(sent)
                peer_ground.platforms.change(latency_seconds=latency / 1000)
                found.setdefault((DOCUMENTED, latency), []).append(_send_as_documented(peer, launch_ids))
                found.setdefault((BEST, latency), []).append(_send_in_a_loop(peer_ground, sizes.peer_loop_scores))
        for ground, process in senders:
            for latency in sizes.latencies:
                _compare(section, found, ground.kind, latency, sizes.scores)
            memory = process.resident_mb()
            section.add(
                Row(f"memory of the worker, {ground.kind}", f"{memory:.0f} MB", "", "", *at_most(memory, 95, " MB"))
            )
    return section


def _requests(section: Section, ground: Ground, seconds: float) -> None:
    """Of everything so far, and of the reading back that follows by itself within so many seconds."""
    time.sleep(seconds)
    kinds = Counter(one.kind for one in ground.platforms.journal())
    read_back = {kind: kinds.pop(kind, 0) for kind in ("results", "column_read")}
    for what, counted, goal in (("to send a score", kinds, REQUESTS_FOR_A_SCORE), ("to read it back", read_back, None)):
        share = sum(counted.values()) / len(ground.plan.everyone)
        parts = ", ".join(f"{count} {kind}" for kind, count in sorted(counted.items()))
        section.add(
            Row(
                f"requests {what}, {ground.kind}",
                f"{share:.3f} ({parts})",
                f"3 {DOCUMENTED}, 1 in the {BEST}" if goal else "never read back",
                "",
                *(at_most(share, goal, "") if goal else ()),
            )
        )


def _compare(section: Section, found: dict[tuple[str, int], list[Sent]], kind: str, latency: int, scores: int) -> None:
    ours = found[kind, latency]
    seconds, cpu = median(one.seconds for one in ours), 1000 * median(one.cpu_seconds for one in ours)
    assert max(one.most_times for one in ours) == 1, "a score was sent twice"
    is_the_goal = latency == 50
    for way, goal in ((DOCUMENTED, 30.0), (BEST, 9.0)):
        theirs = median(one.seconds for one in found[way, latency]) * scores
        section.add(
            Row(
                f"seconds for {scores} scores at {latency} ms, {kind}; peer {way}",
                f"{seconds:.1f}",
                f"{theirs:.0f}",
                f"{theirs / seconds:.0f} ×",
                *(at_least(theirs / seconds, goal) if is_the_goal else ()),
            )
        )
    if is_the_goal:
        section.add(Row("… of them", f"{seconds:.2f} s", "", "", *at_most(seconds, SECONDS_AT_50_MS, " s")))
    for way in (DOCUMENTED, BEST):
        theirs = 1000 * median(one.cpu_seconds for one in found[way, latency])
        section.add(
            Row(
                f"CPU for a score at {latency} ms, {kind}; peer {way}",
                f"{cpu:.2f} ms",
                f"{theirs:.1f} ms",
                f"{theirs / cpu:.0f} ×" if theirs > cpu else f"{theirs / cpu:.1f} ×",
                *(at_most(cpu, CPU_MS, " ms") if is_the_goal and way == DOCUMENTED else ()),
            )
        )


def _launch(peer: Contestant, ground: Ground, count: int) -> list[str]:
    """Students come to the peer; the ids of their launches."""
    landed = [peer.visitors.launch(student) for student in ground.plan.everyone[:count]]
    assert all(one.is_right for one in landed)
    return [one.location.rpartition("/")[2] for one in landed]


def _send_as_documented(peer: Contestant, launch_ids: list[str]) -> Sent:
    cpu_before, began_at = peer.process.cpu_seconds(), time.perf_counter()
    for number, launch_id in enumerate(launch_ids):
        status = peer.visitors.post(f"/score/{launch_id}", urlencode({"score": number % 100}))
        assert status == 200, status
    count = len(launch_ids)
    cpu = peer.process.cpu_seconds() - cpu_before
    return Sent((time.perf_counter() - began_at) / count, cpu / count, 1)


def _send_in_a_loop(ground: Ground, count: int) -> Sent:
    issuer = ground.world.platform_urls[0]
    command = [sys.executable, "-m", "tests.bench.peer_loop", str(write_peer_config(ground)), issuer]
    column = f"{issuer}/line_items/1"
    with pinned(TOOL_CORES):
        done = subprocess.run([*command, column, str(count)], cwd=ROOT, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return Sent(told["seconds"] / count, told["cpu_seconds"] / count, 1)
