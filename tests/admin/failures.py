"""Deliveries that really fail: an LMS beside, in a bad mood, and the tool's own parts against it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from tests.cast import FRACTIONS, Someone
from tests.lms_beside import CourseBeside
from tests.rows import wish_for
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.demo_lms.moods import Mood
from tool.model.passbacks import Passback
from tool.passback.delivery import deliver
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle


def send_due(course: CourseBeside) -> list[str]:
    """Everything that is due is tried once; how it ended."""
    claimed = claim(course.database, course.known.id, holder="sender", limit=100)
    settlements = [deliver(one, database=course.database, connect=course.connect) for one in claimed]
    settle(course.database, settlements)
    return [one.outcome for one in settlements]


def fail(course: CourseBeside, people: Sequence[Someone], mood: str, link: str = FRACTIONS) -> list[Arrival]:
    """These people's scores are sent while the LMS is in that mood, which then ends."""
    places = [course.opens(one, link) for one in people]
    for place in places:
        wish_for(course.database, course.known, place, 8)
    course.lms.lms.moods.change(Mood(mood))  # type: ignore[arg-type]
    assert "delivered" not in send_due(course)
    course.lms.lms.moods.change(Mood())
    return places


def in_gradebook(course: CourseBeside, someone: Someone, link: str = FRACTIONS) -> Decimal | None:
    """What the LMS's gradebook holds for someone, of twenty points."""
    column = course.lms.column(someone.course, link)
    in_course = course.lms.lms.world.course(someone.course)
    assert column is not None
    assert in_course is not None
    cell = in_course.cells.get((column.number, someone.subject))
    return cell.score if cell else None


def count_due(database: Database, *conditions: Any) -> int:
    """How many scores are due and so."""
    with database.reading() as connection:
        due = select(func.count()).select_from(Passback).where(Passback.state == "due", *conditions)
        return connection.execute(due).scalar_one()
