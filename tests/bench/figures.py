"""What was measured, as rows of tables: printed while it is measured, and written to a page at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.bench.machine import Machine

HEAD = ("", "Passback", "PyLTI1p3", "ratio", "goal")


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    goal: str = ""
    is_reached: bool | None = None
    """None where nothing is aimed at."""

    def cells(self) -> tuple[str, ...]:
        mark = {None: "", True: " ✓", False: " ✗"}[self.is_reached]
        return (self.what, self.ours, self.peer, self.ratio, self.goal + mark)


@dataclass(slots=True)
class Section:
    """One part of the bench: what was measured how, and what came out."""

    title: str
    how: str
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        what, ours, peer, ratio, goal = row.cells()
        print(f"  {what}: {ours}" + "".join(f" · {part}" for part in (peer, ratio, goal) if part), flush=True)


def at_most(value: float, goal: float, unit: str) -> tuple[str, bool]:
    """The last two of a row: what is aimed at, and whether it is reached."""
    return f"≤ {goal:g}{unit}", value <= goal


def at_least(value: float, goal: float, unit: str = "×") -> tuple[str, bool]:
    return f"≥ {goal:g} {unit}", value >= goal


def middle(values: Sequence[float]) -> float:
    return median(values)


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def write_page(path: Path, sections: Sequence[Section], machine: Machine, remarks: Sequence[str]) -> None:
    lines = [
        "# Figures",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {machine}.",
        "Passback and a PyLTI1p3 2.0.0 tool were measured in one run, in turn; a figure is the median of the rounds.",
        *remarks,
    ]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.how, "", _line(HEAD), _line(["---"] * len(HEAD))]
        lines += [_line(row.cells()) for row in section.rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
