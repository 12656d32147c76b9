"""What the tool took in: the logs of feeder and hands, which write a line for each score that was committed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.gradebook import Column, Entry
from tests.chaos.wanted import Key, Plan


@dataclass(frozen=True, slots=True)
class Taken:
    """A score that the tool took in at a time (in seconds since 1970)."""

    at: float
    key: Key
    score: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The scores of one cell in the order in which the tool took them in; the last one shall stand."""

    scores: tuple[int, ...]

    @property
    def final(self) -> int:
        return self.scores[-1]


def read_taken(plan: Plan, log: Path) -> Iterator[Taken]:
    by_key = {student.key: student for student in plan.everyone}
    for line in log.read_text().splitlines() if log.exists() else ():
        at, platform, link, user, version = json.loads(line)
        key = Key(platform, link, user)
        yield Taken(at, key, plan.score(by_key[key], version))


def read_wanted(taken: Iterable[Taken]) -> dict[Key, Wanted]:
    """What shall stand in each cell."""
    scores: defaultdict[Key, list[int]] = defaultdict(list)
    for one in taken:
        scores[one.key].append(one.score)
    return {key: Wanted(tuple(found)) for key, found in scores.items()}


def waits(
    taken: Iterable[Taken], columns: Sequence[tuple[int, Column]], journal: Iterable[Entry]
) -> dict[int, list[float]]:
    """Platform → seconds from the taking in of each score to its first storing; what was folded away does not count."""
    links = {(platform, column.number): column.link or "" for platform, column in columns}
    stored: dict[tuple[Key, int], float] = {}
    for entry in journal:
        if entry.kind == "score" and entry.stored and entry.user is not None and entry.score is not None:
            key = Key(entry.platform, links[entry.platform, entry.column or 0], entry.user)
            stored.setdefault((key, int(float(entry.score))), entry.ended_at)
    found: defaultdict[int, list[float]] = defaultdict(list)
    for one in taken:
        if (one.key, one.score) in stored:
            found[one.key.platform].append(stored[one.key, one.score] - one.at)
    return dict(found)
