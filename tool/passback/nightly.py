"""The night: every grade that was ever confirmed is looked at again, spread over the hours in which nobody works."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import or_, select

from tool import errands
from tool.clock import now
from tool.db import Database
from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.platforms import Customer, Platform
from tool.model.work import Placement
from tool.passback.digest import courses_to_look_at

NIGHT_BEGINS_AT_HOUR = 1  # UTC: after the evening's homework in Europe, before the morning's first lesson
NIGHT = timedelta(hours=4)
# Digests come after the readings, so that what somebody changed in the LMS is in them.
MORNING = timedelta(hours=1)
# From the last reading of one night to the next night are 20 hours, less what the last reading was late.
FRESH = timedelta(hours=18)
# A course that ended is not read for ever.
LOOKED_AT_FOR = timedelta(days=180)
ASKED_AT_ONCE = 200

T = TypeVar("T")


def next_night(at: datetime) -> datetime:
    """When the next night begins, after `at`."""
    tonight = at.replace(hour=NIGHT_BEGINS_AT_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > at else tonight + timedelta(days=1)


def ask_for_readings(database: Database) -> datetime:
    """Ask that grades and rosters be read in the coming hours, and for digests afterwards; returns when the next
    night begins.

    A placement has its own moment of every night, so that an LMS is never asked for everything at once.
    """
    at = now()
    for some in _cut(_find_stale(database, at)):
        with database.writing() as connection:
            for placement_id, _ in some:
                errands.ask(connection, "results", placement_id, due_at=at + _moment("results", placement_id, NIGHT))
            for course_id in sorted({course_id for _, course_id in some}):
                errands.ask(connection, "roster", course_id, due_at=at + _moment("roster", course_id, NIGHT))
    with database.reading() as connection:
        course_ids = courses_to_look_at(connection, at - LOOKED_AT_FOR)
    for several in _cut(course_ids):
        with database.writing() as connection:
            for course_id in several:
                due_at = at + NIGHT + _moment("digest", course_id, MORNING)
                errands.ask(connection, "digest", course_id, due_at=due_at)
    return next_night(at)


def _find_stale(database: Database, at: datetime) -> list[tuple[int, int]]:
    """(placement, course) of every reading that is due tonight, in order."""
    has_confirmed = (
        select(Passback.id)
        .where(Passback.placement_id == Placement.id, Passback.confirmed_at > at - LOOKED_AT_FOR)
        .exists()
    )
    is_stale = or_(Placement.results_read_at.is_(None), Placement.results_read_at < at - FRESH)
    with database.reading() as connection:
        rows = connection.execute(
            select(Placement.id, Placement.course_id)
            .join(Course, Course.id == Placement.course_id)
            .join(Customer, Customer.id == Course.customer_id)
            .join(Platform, Platform.id == Customer.platform_id)
            .where(Platform.is_active, Course.ended_at.is_(None), has_confirmed, is_stale)
            .order_by(Placement.id)
        )
        return [(row.id, row.course_id) for row in rows]


def _moment(kind: str, subject_id: int, within: timedelta) -> timedelta:
    drawn = int.from_bytes(sha256(f"{kind}:{subject_id}".encode()).digest()[:4])
    return timedelta(seconds=drawn % int(within.total_seconds()))


def _cut(found: list[T]) -> list[list[T]]:
    return [found[start : start + ASKED_AT_ONCE] for start in range(0, len(found), ASKED_AT_ONCE)]
