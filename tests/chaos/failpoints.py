"""The process dies at a named place, again and again, while students hand in: what they were told is saved is not lost.

`python -m tests.chaos.failpoints --students 1000 --every 50` takes every place in turn, with so many hand-ins each and
a death at about every fiftieth time the place is reached; columns, tokens and errands come so seldom that it dies there
sooner. Students who see an error page come again.
"""

import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.chaos.actors import Actor, on_stage, serve
from tests.chaos.options import read_options
from tests.chaos.oracle import Verdict
from tests.chaos.report import describe_machine, print_table, print_violations
from tests.chaos.run import LOOKS_EVERY_SECONDS, Scene, end_on_signals, set_scene, stop_politely
from tests.chaos.wanted import Plan
from tests.chaos.world import World
from tool.failpoints import PLACES

# Nobody sends by hand here; a journey dies there.
BY_A_TEACHER = frozenset({"run.wished"})
# Reached so seldom that the process would outlive the hand-ins: once for each class, with each new token, and when a
# class is read back.
DIES_EVERY = {"column.made": 1, "column.stored": 1, "token.received": 3, "errand.done": 8}
HAND_INS = tuple(place for place in PLACES if place not in BY_A_TEACHER)


@dataclass(frozen=True, slots=True)
class Deaths:
    seed: int = 1
    place: str = "all"
    students: int = 1000
    every: int = 50
    """Dies about every so many times the place is reached."""
    class_size: int = 100
    token_seconds: float = 2.0
    """Short, so that tokens are asked for again and again."""
    limit_seconds: float = 600.0


@dataclass(slots=True)
class Ending:
    verdict: Verdict
    deaths: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    is_finished: bool = True
    unwilling: list[str] = field(default_factory=list)

    def violations(self) -> dict[str, list[str]]:
        found = self.verdict.violations()
        alive = [place for place, deaths in self.deaths.items() if not deaths]
        if alive:
            found["never_died_there"] = alive
        if not self.is_finished:
            found["not_finished"] = ["scores still wait"]
        if self.unwilling:
            found["trouble"] = self.unwilling
        return found


def die_at(place: str, deaths: Deaths) -> Ending:
    """All hand in while the process dies at one place, again and again."""
    with _scene(deaths, deaths.students) as scene:
        return _play(scene, deaths, [place], again=True)


def die_everywhere_once(deaths: Deaths) -> Ending:
    """One class hands in while the process dies at one place after the other: the short form."""
    with _scene(deaths, deaths.students) as scene:
        places = sorted(HAND_INS, key=lambda place: (not place.startswith("column"), HAND_INS.index(place)))
        return _play(scene, deaths, places, again=False)


def _scene(deaths: Deaths, students: int) -> AbstractContextManager[Scene]:
    return set_scene(Plan(deaths.seed, students, 1, 1, deaths.class_size, hands=students), "sqlite")


def _play(scene: Scene, deaths: Deaths, places: list[str], *, again: bool) -> Ending:
    ending = Ending(Verdict(), dict.fromkeys(places, 0))
    scene.platforms.change(true_seconds=deaths.token_seconds, stated_seconds=max(1, int(deaths.token_seconds)))
    began_at = time.monotonic()
    ends_at = began_at + deaths.limit_seconds
    hands, waiting = scene.hands(), list(places)
    with on_stage([hands]):
        while waiting and not _is_over(scene, hands) and time.monotonic() < ends_at:
            place = waiting[0]
            every = min(deaths.every, DIES_EVERY.get(place, deaths.every))
            if not _live_until(scene, hands, f"{place}:{every}", ends_at):
                break
            ending.deaths[place] += 1
            waiting = waiting if again else waiting[1:]
        ending.is_finished, ending.unwilling = _live_on(scene, hands, ends_at)
    ending.seconds = time.monotonic() - began_at
    ending.verdict = scene.judge()
    return ending


def _armed(world: World, fuse: str) -> Actor:
    actor = serve(world)
    actor.environment |= {"PASSBACK_FAIL_AT": fuse} if fuse else {}
    return actor


def _live_until(scene: Scene, hands: Actor, fuse: str, ends_at: float) -> bool:
    """Whether the process died at the place; it is ended when there is nothing left to do."""
    actor = _armed(scene.world, fuse)
    actor.start()
    try:
        while time.monotonic() < ends_at:
            if actor.has_ended():
                return True
            if _is_over(scene, hands):
                return False
            time.sleep(LOOKS_EVERY_SECONDS)
        return False
    finally:
        actor.kill()


def _live_on(scene: Scene, hands: Actor, ends_at: float) -> tuple[bool, list[str]]:
    """Unharmed to the end: whether all came to rest, and who did not stop when told."""
    actor = _armed(scene.world, "")
    with on_stage([actor]):
        while not _is_over(scene, hands) and time.monotonic() < ends_at:
            time.sleep(LOOKS_EVERY_SECONDS)
        return _is_over(scene, hands), stop_politely([actor])


def _is_over(scene: Scene, hands: Actor) -> bool:
    return hands.has_ended() and scene.reader.count_waiting() == 0


def tell(name: str, deaths: Deaths, ending: Ending) -> bool:
    verdict, violations = ending.verdict, ending.violations()
    print_table(
        f"Deaths at {name}: {deaths.students} hand-ins by HTTP, SQLite",
        {
            "deaths": sum(ending.deaths.values()),
            "lost": len(verdict.lost),
            "stale or wrong": len(verdict.stale) + len(verdict.wrong),
            "duplicate columns": len(verdict.duplicate_columns),
            "taken in, not in the tool's tables": len(verdict.missing_rows),
            "said delivered, is not": len(verdict.false_delivered),
            "final scores": verdict.finals,
            "requests for a final score": f"{verdict.requests_per_final:.2f}",
            "seconds": f"{ending.seconds:.1f}",
            "machine": describe_machine(),
        },
    )
    print_violations(violations)
    return not violations


def main() -> int:
    chosen = read_options(Deaths(), "failpoints", __doc__, sys.argv[1:], place=("all", *HAND_INS))
    places = HAND_INS if chosen.place == "all" else (chosen.place,)
    outcomes = [tell(place, chosen, die_at(place, chosen)) for place in places]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    end_on_signals()
    sys.exit(main())
