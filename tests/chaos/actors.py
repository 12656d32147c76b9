"""The tool's own processes, started as an operator starts them; and the one who kills them."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.world import World

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 15
LOOKS_EVERY_SECONDS = 0.02


class Actor:
    """One process: a `passback worker` or `passback serve`, or one of the rig's own. Its output goes to a file."""

    def __init__(
        self,
        world: World,
        name: str,
        command: Sequence[str],
        *,
        ready: str = "",
    ) -> None:
        self.name = name
        self._command = [sys.executable, "-m", *command]
        self._ready = ready
        self._log = world.folder / f"{name}.log"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PASSBACK_")}
        told = {"PASSBACK_CONFIG": str(world.config), "PYTHONUNBUFFERED": "1"}
        self.environment = {**kept, **told}
        """Of its next life."""
        self._process: subprocess.Popen[bytes] | None = None
        self._log_begins = 0

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._log_begins = log.tell()
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def wait_until_ready(self) -> float:
        """Seconds until it says so."""
        began_at = time.monotonic()
        while not re.search(self._ready, self.news()):
            assert not self.has_ended(), f"{self.name} ended: {self.news()[-2000:]}"
            assert time.monotonic() - began_at < READY_WITHIN_SECONDS, f"{self.name} is not ready"
            time.sleep(LOOKS_EVERY_SECONDS)
        return time.monotonic() - began_at

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """SIGKILL: no last words."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(STOPS_WITHIN_SECONDS)

    def wait(self, seconds: float) -> int:
        """The exit status of a process that ends by itself."""
        assert self._process is not None
        return self._process.wait(seconds)

    def news(self) -> str:
        """What it has said since it was last started."""
        with self._log.open("rb") as log:
            log.seek(self._log_begins)
            return log.read().decode("utf-8", "replace")

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)


def serve(world: World, *options: str) -> Actor:
    return Actor(world, "serve", ["tool", "serve", "--port", str(world.tool_port), *options], ready="Passback on ")


def worker(world: World, number: int = 1) -> Actor:
    return Actor(world, f"worker-{number}", ["tool", "worker"], ready="Passback sends")


def cast(world: World, database: str, workers: int) -> list[Actor]:
    """Who plays: with SQLite one process that serves and sends, with PostgreSQL the pages and so many workers."""
    if database == "sqlite":
        return [serve(world)]
    return [serve(world, "--no-sender"), *(worker(world, number + 1) for number in range(workers))]


@contextmanager
def on_stage(actors: Sequence[Actor]) -> Iterator[None]:
    """All of them ready; at the end of the block none is left, paused ones included."""
    try:
        for actor in actors:
            actor.start()
        for actor in actors:
            actor.wait_until_ready()
        yield
    finally:
        for actor in actors:
            actor.kill()


class Killer(threading.Thread):
    """Kills a random one of them, again and again: so many seconds after the one killed before is ready again. Ends by
    itself after `for_seconds`, else when it is told to."""

    def __init__(self, actors: Sequence[Actor], seed: int, every_seconds: float, for_seconds: float) -> None:
        super().__init__(name="killer")
        self._ends_at = time.monotonic() + for_seconds
        self._actors = actors
        self._random = random.Random(seed)
        self._every_seconds = every_seconds
        self._stopping = threading.Event()
        self.kills: list[tuple[float, str]] = []
        """When, and whom."""
        self.seconds_to_ready: list[float] = []
        self.trouble: str | None = None
        """Why it gave up: somebody did not come back."""

    def run(self) -> None:
        try:
            while not self._stopping.wait(self._every_seconds) and time.monotonic() < self._ends_at:
                victim = self._random.choice(self._actors)
                victim.kill()
                self.kills.append((time.time(), victim.name))
                victim.start()
                self.seconds_to_ready.append(victim.wait_until_ready())
        except AssertionError as error:
            self.trouble = str(error)

    def stop(self) -> None:
        """Nobody is killed any more, and who was is back."""
        self._stopping.set()
        if self.is_alive():
            self.join()
