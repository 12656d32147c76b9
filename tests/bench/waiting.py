"""Part: memory of a worker with a hundred thousand scores waiting, all of them due."""

import time
from typing import Any

from sqlalchemy import ColumnElement, Insert, Select, String, cast, column, func, insert, literal, select
from sqlalchemy.orm import DeclarativeBase, aliased

from tests.bench.contest import worker
from tests.bench.figures import Row, Section, at_most
from tests.bench.ground import Ground, open_ground
from tests.bench.process import Process
from tests.bench.sizes import Sizes
from tests.chaos.wanted import Plan
from tool.model.passbacks import Passback
from tool.model.people import Course, Member, Person
from tool.model.work import Opening, Placement

Rows = Select[*tuple[Any, ...]]

COPIED = "waiting-"
CLASS_SIZE = 100
MORE_MB = 20
PLATFORM_SECONDS = 0.1
HOW = """\
A `passback worker` sends to a platform that answers in 100 ms: its memory {seconds:g} seconds after it began
with a few scores waiting, and with {waiting:,} that are all due."""


def run(sizes: Sizes, kinds: list[str]) -> Section:
    section = Section("Many scores waiting", HOW.format(seconds=sizes.waiting_seconds, waiting=sizes.waiting))
    for kind in kinds:
        with open_ground(kind, Plan(seed=1, students=20)) as ground:
            ground.platforms.change(latency_seconds=PLATFORM_SECONDS)
            ground.wish_for_all(1)
            with worker(ground) as process:
                few = _remember_most(process, sizes.waiting_seconds)
            fill(ground, sizes.waiting)
            waiting = ground.reader.count_waiting()
            assert waiting >= sizes.waiting
            with worker(ground) as process:
                many = _remember_most(process, sizes.waiting_seconds)
            assert ground.reader.count_waiting() < waiting, "nothing of it was sent"
        section.add(
            Row(
                f"{sizes.waiting:,} waiting, {ground.kind}",
                f"{many - few:+.0f} MB ({few:.0f} → {many:.0f} MB)",
                "",
                "",
                *at_most(many - few, MORE_MB, " MB"),
            )
        )
    return section


def fill(ground: Ground, count: int) -> None:
    """So many more students in classes of a hundred, a score of each due now: the rows that launches and hand-ins
    leave, copied from those of a student who is there."""
    classes = max(1, count // CLASS_SIZE)
    copied_person, copied_course = Person.subject.startswith(COPIED), Course.context_id.startswith(COPIED)
    # One row for each new member: who, and in which of the classes.
    joined: Rows = select(Person.id.label("person_id"), Course.id.label("course_id")).join(
        Course, Course.id % classes == Person.id % classes
    )
    members: Rows = select(Member.id.label("member_id"), Placement.id.label("placement_id")).join(
        Placement, Placement.course_id == Member.course_id
    )
    with ground.database.writing() as connection:
        for copied in (
            _copy(Person, _numbers(count), subject=COPIED + _NUMBER),
            _copy(Course, _numbers(classes), context_id=COPIED + _NUMBER),
            _copy(Placement, select(Course.id.label("course_id")).where(copied_course), "course_id"),
            _copy(Member, joined.where(copied_person, copied_course), "person_id", "course_id"),
            _copy(Opening, _of_copies(members), "member_id", "placement_id"),
            _copy(Passback, _of_copies(members), "member_id", "placement_id"),
        ):
            connection.execute(copied)
    ground.wish_again_for_all(2)


_NUMBER: ColumnElement[str] = cast(column("number"), String)


def _numbers(count: int) -> Rows:
    first = select(literal(1).label("number")).cte(f"numbers_{count}", recursive=True)
    numbers = first.union_all(select(first.c.number + 1).where(first.c.number < count))
    return select(numbers.c.number)


def _of_copies(members: Rows) -> Rows:
    return members.join(Course, Course.id == Member.course_id).where(Course.context_id.startswith(COPIED))


def _copy(model: type[DeclarativeBase], each: Rows, *names: str, **values: ColumnElement[str]) -> Insert:
    """One more row of the table for each row of `each`: as its oldest one, but for the columns that are named."""
    rows, oldest = each.subquery("each"), aliased(model)
    new: dict[str, Any] = {name: rows.c[name] for name in names} | values
    columns = [one.name for one in model.__table__.columns if one.name != "id"]
    first = select(func.min(model.__table__.c.id)).scalar_subquery()
    wanted = select(*(new.get(name, getattr(oldest, name)) for name in columns)).select_from(rows)
    return insert(model).from_select(columns, wanted.join(oldest, literal(value=True)).where(oldest.id == first))  # type: ignore[attr-defined]


def _remember_most(process: Process, seconds: float) -> float:
    """The most it had in use in this time."""
    most, ends_at = 0.0, time.monotonic() + seconds
    while time.monotonic() < ends_at:
        most = max(most, process.resident_mb())
        time.sleep(0.25)
    return most
