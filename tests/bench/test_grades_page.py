"""The Grade Passback screen of a big class: fast, and as many queries as for a small one."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.cast import ADA
from tests.rows import arrive, hand_in, make_assignment, make_class, make_platform
from tests.web import Desk
from tool.db import Database

BIG, SMALL = 300, 5
RENDERED_WITHIN_SECONDS = 0.150


def open_screen(database: Database, folder: Path, size: int) -> Desk:
    platform = make_platform(database)
    make_assignment(database)
    for place in make_class(database, platform, size):
        hand_in(database, place)
    return Desk(database, folder, arrive(database, platform, ADA))


def count_queries(database: Database, desk: Desk) -> int:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    desk.get("grades")
    event.remove(database.engine, "before_cursor_execute", note)
    return sum(not one.startswith("BEGIN") for one in asked)


def test_three_hundred_learners_render_quickly(database: Database, tmp_path: Path) -> None:
    desk = open_screen(database, tmp_path, BIG)
    text = desk.get("grades")
    assert text.count('id="student-') == BIG

    times = []
    for _ in range(7):
        begun = time.process_time()
        desk.get("grades")
        times.append(time.process_time() - begun)

    print(f"{database.engine.dialect.name}: {BIG} learners in {sorted(times)[3] * 1000:.0f} ms of CPU (median of 7)")
    assert sorted(times)[3] <= RENDERED_WITHIN_SECONDS


def test_the_number_of_queries_does_not_grow_with_the_class(database: Database, tmp_path: Path) -> None:
    small = open_screen(database, tmp_path, SMALL)
    few = count_queries(database, small)
    platform = make_platform(database)
    for place in make_class(database, platform, BIG)[SMALL:]:
        hand_in(database, place)

    assert count_queries(database, small) == few
