"""The machine a figure was measured on, and what a process used of it: read from /proc."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
TOOL_CORES, OTHER_CORES = (0,), (1,)
"""What is measured runs on the first core; the stub platform and the load on the second, where there is one."""


@dataclass(frozen=True, slots=True)
class Machine:
    cores: int
    memory_gib: float
    processor: str
    python: str
    load: float
    """The load average of the last minute."""

    def __str__(self) -> str:
        return (
            f"{self.cores} cores ({self.processor}), {self.memory_gib:.0f} GiB, Python {self.python}, "
            f"load average {self.load:.1f}"
        )


def look_at_machine() -> Machine:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = names[0].partition(":")[2].strip() if names else platform.machine()
    return Machine(len(os.sched_getaffinity(0)), memory, processor, platform.python_version(), os.getloadavg()[0])


@contextmanager
def pinned(cores: tuple[int, ...]) -> Iterator[None]:
    """What this thread starts inside the block stays on these cores; on a machine without them it runs anywhere."""
    before = os.sched_getaffinity(0)
    if before.issuperset(cores):
        os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process with its children, the ended ones included, to a hundredth of a second."""
    # Behind the name in brackets, which may hold blanks: utime, stime, and both of the children that ended.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, fields)) / TICKS + sum(cpu_seconds(child) for child in _children(pid))


def resident_mb(pid: int) -> float:
    """Memory that a process with its children has in use now, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return own * 1024 / 1e6 + sum(resident_mb(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        # A thread may have ended since it was listed, and has no children then.
        with suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found
