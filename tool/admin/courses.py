"""Ending a course, and taking away everything that is kept of it (docs/privacy.md)."""

import time

from sqlalchemy import func, select

from tool.admin.one_person import LOOK_SECONDS, WAIT_SECONDS, naming
from tool.admin.removing import close_waiting
from tool.assessment import one_person as work
from tool.course import ending
from tool.course import one_person as people
from tool.db import Database
from tool.errors import BadInput
from tool.launch import one_person as launches
from tool.model.passbacks import Passback
from tool.model.work import Placement
from tool.passback import one_person as scores
from tool.sis import one_course as records
from tool.sis.one_person import is_being_sent


def end(database: Database, course_id: int) -> int:
    """Nobody comes in any more. Returns how many waiting scores were closed: none of them is sent. BadInput as
    `course.ending` has it."""
    with database.writing() as connection:
        ending.end_course(connection, course_id)
        platforms = (
            select(Passback.platform_id)
            .join(Placement, Placement.id == Passback.placement_id)
            .where(Placement.course_id == course_id)
        )
        placements = select(Placement.id).where(Placement.course_id == course_id)
        # The platform leads through the index to the few rows that are due.
        mine = Passback.platform_id.in_(platforms.distinct()) & Passback.placement_id.in_(placements)
        return close_waiting(connection, mine)


def reopen(database: Database, course_id: int) -> None:
    """Its people come in again; what was closed goes when a teacher sends it. BadInput as `course.ending` has it."""
    with database.writing() as connection:
        ending.reopen_course(connection, course_id)


def count_people(database: Database, course_id: int) -> int:
    """How many people are known in it. BadInput when there is no such course."""
    with database.writing() as connection:
        return len(ending.take_members_of(connection, course_id))


def delete(database: Database, course_id: int) -> None:
    """All of it but the LMS's ids, in one transaction; it has ended then. BadInput, and nothing is changed, while a
    score of it is on the wire for too long."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while not _delete(database, course_id):
        if time.monotonic() > give_up_at:
            raise BadInput("a score of this course is on its way; nothing was deleted.", "Try again soon.")
        time.sleep(LOOK_SECONDS)


def _delete(database: Database, course_id: int) -> bool:
    with database.writing() as connection:
        if database.is_sqlite:
            # What is deleted is overwritten in the file, too.
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        member_ids = ending.take_members_of(connection, course_id)
        if not scores.take_rows(connection, member_ids) or is_being_sent(connection, member_ids):
            return False
        strangers = ending.persons_of_nothing_else(connection, course_id)
        launches.erase(connection, member_ids)
        records.erase(connection, course_id)
        scores.erase(connection, member_ids)
        scores.erase_course(connection, course_id)
        work.erase(connection, member_ids)
        people.erase(connection, member_ids, still_named=[])
        for person_id in strangers:
            owns = any(
                connection.execute(select(func.count()).select_from(column.table).where(column == person_id)).scalar()
                for column in naming("persons.id")
            )
            people.erase_name(connection, person_id, is_still_named=owns)
        ending.forget_course(connection, course_id)
    return True
