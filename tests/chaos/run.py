"""What every run has: platforms, a database, a world, processes; and how it comes to rest and is judged."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from tests.chaos.actors import Actor, on_stage
from tests.chaos.feeder import Share
from tests.chaos.gradebook import Manner
from tests.chaos.hands import HANDED
from tests.chaos.lms import Platforms
from tests.chaos.oracle import Verdict, judge
from tests.chaos.tables import Reader
from tests.chaos.taken import Taken, Wanted, read_taken, read_wanted, waits
from tests.chaos.wanted import Key, Plan
from tests.chaos.world import World, made_database, make_world

LOOKS_EVERY_SECONDS = 0.1
FEEDERS = 2
APPLIED_WITHIN_SECONDS = 0.5
"""What a stopped process had sent is stored or lost by then, beside the platform's own latency."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A world with its platforms, before anybody plays in it."""

    world: World
    platforms: Platforms
    reader: Reader
    database: str
    """`sqlite` or `postgres`."""

    @property
    def plan(self) -> Plan:
        return self.world.plan

    def feeders(self, count: int = 1, *, seconds: float = 0.0, first: int = 1, last: int | None = None) -> list[Actor]:
        """Feed the versions from `first` to `last` (all that there are), side by side."""
        shares = [Share(seconds, first, last or self.plan.versions, part, count) for part in range(count)]
        return [
            Actor(
                self.world,
                f"feeder-{share.part}",
                ["tests.chaos.feeder", str(self.world.folder), json.dumps(asdict(share))],
            )
            for share in shares
        ]

    def hands(self) -> Actor:
        return Actor(self.world, "hands", ["tests.chaos.hands", str(self.world.folder)])

    def feed(self, limit_seconds: float, *, first: int = 1, last: int | None = None) -> None:
        """All of it put in before anything else happens."""
        feeders = self.feeders(FEEDERS, first=first, last=last)
        with on_stage(feeders):
            wait_for_all(feeders, limit_seconds)

    def waits(self, since: float = 0.0) -> dict[int, list[float]]:
        """Platform → seconds from the taking in of each score that was stored to its first storing. `since`: those that
        were taken in from then on, in seconds of the epoch."""
        taken = [one for one in self._taken() if one.at >= since]
        return waits(taken, self.platforms.gradebook(), self.platforms.journal())

    def wanted(self) -> dict[Key, Wanted]:
        """What shall stand in the end, by what was taken in so far."""
        return read_wanted(self._taken())

    def judge(self) -> Verdict:
        """After all processes of the tool have ended."""
        time.sleep(APPLIED_WITHIN_SECONDS)
        return judge(self.wanted(), self.platforms.gradebook(), self.platforms.journal(), self.reader.read())

    def _taken(self) -> list[Taken]:
        folder = self.world.folder
        logs = [*sorted(folder.glob("fed-*.jsonl")), folder / HANDED]
        return [one for log in logs for one in read_taken(self.plan, log)]


@contextmanager
def set_scene(plan: Plan, database: str, manner: Manner = "accepting") -> Iterator[Scene]:
    """Opens everything, and leaves nothing behind."""
    with (
        TemporaryDirectory(prefix="passback-chaos-") as name,
        made_database(database, Path(name)) as database_url,
        Platforms(plan.platforms) as platforms,
    ):
        platforms.change(seed=plan.seed, manner=manner)
        world = make_world(Path(name), plan, database_url, platforms.urls, manner)
        reader = Reader(world.settings.database_url, platforms.urls)
        try:
            yield Scene(world, platforms, reader, database)
        finally:
            reader.close()


def wait_for(look: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time."""
    ends_at = time.monotonic() + seconds
    while not look():
        if time.monotonic() > ends_at:
            return False
        time.sleep(LOOKS_EVERY_SECONDS)
    return True


def wait_for_all(givers: Sequence[Actor], seconds: float) -> None:
    """They end by themselves, in time and with status 0."""
    ends_at = time.monotonic() + seconds
    for giver in givers:
        status = giver.wait(max(0.0, ends_at - time.monotonic()))
        assert status == 0, f"{giver.name}: {giver.news()[-2000:]}"


def end_on_signals() -> None:
    """A run that is told to end still ends its processes: SIGTERM becomes an exception like any other."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def stop_politely(actors: list[Actor]) -> list[str]:
    """SIGTERM for all; who did not end with status 0 in time."""
    unwilling = []
    for actor in actors:
        try:
            status = actor.stop()
        except subprocess.TimeoutExpired:
            status = None
        if status != 0:
            unwilling.append(f"{actor.name}: exit status {status}")
    return unwilling
