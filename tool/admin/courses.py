"""Ending a course, and taking away everything that is kept of it (docs/privacy.md)."""

import structlog
from sqlalchemy import Connection, select

from tool.admin.erasing import erase_when_quiet, list_named
from tool.admin.removing import close_waiting
from tool.assessment import one_person as work
from tool.course import ending
from tool.course import one_person as people
from tool.db import Database
from tool.launch import one_person as launches
from tool.model.passbacks import Passback
from tool.model.work import Placement
from tool.passback import one_person as scores
from tool.sis import one_course as records
from tool.sis.one_person import is_being_sent

log = structlog.get_logger("admin")

REASON = "course_ended"


def end(database: Database, course_id: int) -> int:
    """Nobody comes in any more. Returns how many waiting scores were closed: none of them is sent. BadInput as
    `course.ending` has it."""
    with database.writing() as connection:
        ending.end_course(connection, course_id)
        placements = select(Placement.id).where(Placement.course_id == course_id)
        closed = close_waiting(connection, Passback.placement_id.in_(placements), REASON)
    log.info("course.ended", course_id=course_id, closed=closed)
    return closed


def reopen(database: Database, course_id: int) -> None:
    """Its people come in again; what was closed goes when a teacher sends it. BadInput as `course.ending` has it."""
    with database.writing() as connection:
        ending.reopen_course(connection, course_id)
    log.info("course.reopened", course_id=course_id)


def count_people(database: Database, course_id: int) -> int:
    """How many people are known in it. BadInput when there is no such course."""
    with database.reading() as connection:
        return ending.count_members(connection, course_id)


def delete(database: Database, course_id: int) -> None:
    """All of it but the LMS's ids, in one transaction; it has ended then. BadInput, and nothing is changed, while a
    score of it is on the wire for too long."""
    erase_when_quiet(database, lambda connection: _erase(connection, course_id), whose="course")
    log.info("course.deleted", course_id=course_id)


def _erase(connection: Connection, course_id: int) -> bool:
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
    owners = list_named(connection, "persons.id", strangers)
    for person_id in strangers:
        people.erase_name(connection, person_id, is_still_named=person_id in owners)
    ending.forget_course(connection, course_id)
    return True
