"""A process of a bench: started on its cores, ready when it says so, gone at the end of its block."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machine import TOOL_CORES, cpu_seconds, pinned, resident_mb

ROOT = Path(__file__).resolve().parents[2]
# Passback in an environment of its own, as a school has it; with nothing said, in that of the tests.
PRODUCT_PYTHON = os.environ.get("PASSBACK_PRODUCT_PYTHON", sys.executable)
READY_WITHIN_SECONDS = 60
LOOKS_EVERY_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    log: Path

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def resident_mb(self) -> float:
        return resident_mb(self.pid)


@contextmanager
def running(
    folder: Path,
    *command: str,
    ready: str,
    cores: tuple[int, ...] = TOOL_CORES,
    environment: Mapping[str, str] | None = None,
    python: str = sys.executable,
) -> Iterator[Process]:
    """`python -m command`, once it has written `ready`; its output goes to a file in the folder."""
    log = folder / f"{command[0]}-{time.monotonic_ns()}.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PASSBACK_")}
    told = {**kept, "PYTHONUNBUFFERED": "1", **(environment or {})}
    with log.open("wb") as output, pinned(cores):
        process = subprocess.Popen(
            [python, "-m", *command], cwd=ROOT, env=told, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        gives_up_at = time.monotonic() + READY_WITHIN_SECONDS
        while ready not in log.read_text("utf-8", "replace"):
            assert process.poll() is None, f"{command} ended: {log.read_text()[-2000:]}"
            assert time.monotonic() < gives_up_at, f"{command} is not ready: {log.read_text()[-2000:]}"
            time.sleep(LOOKS_EVERY_SECONDS)
        yield Process(process.pid, log)
    finally:
        process.kill()
        process.wait()
