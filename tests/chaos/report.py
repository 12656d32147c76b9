"""The result table of a run, and the machine it ran on."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

EXAMPLES = 5


def describe_machine() -> str:
    """Cores, memory, how busy it is, and what runs on it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores, load, python = os.cpu_count(), os.getloadavg()[0], platform.python_version()
    return f"{cores} cores ({_processor()}), {memory:.0f} GiB, load {load:.1f}, Python {python}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def print_table(title: str, facts: Mapping[str, object]) -> None:
    width = max(len(name) for name in facts)
    print(f"\n{title}")
    for name, value in facts.items():
        print(f"  {name:<{width}}  {value}")
    sys.stdout.flush()


def print_violations(violations: Mapping[str, Sequence[str]]) -> None:
    """A few findings of each kind, and how many there are."""
    for kind, found in violations.items():
        print(f"\n  VIOLATION {kind}: {len(found)}")
        for finding in found[:EXAMPLES]:
            print(f"    {finding}")
    sys.stdout.flush()


def middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))] if values else 0.0
