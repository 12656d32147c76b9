"""A course at a glance: one line for each placement, what needs the teacher first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from tool.model.passbacks import Attempt, Passback
from tool.model.people import Course, Person
from tool.model.people import Member as Learner
from tool.model.work import Assignment, Placement
from tool.passback.choosing import is_chosen_by_default
from tool.passback.students import Link, Student, read_link, read_students
from tool.passback.verdict import Status, Verdict, judge

LOG_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Glance:
    """One placement of a course, counted."""

    link: Link
    learners: int
    handed_in: int
    to_grade: int
    to_send: int
    waiting: int
    errors: int
    changed_in_lms: int
    last_sent_at: datetime | None
    troubles: tuple[tuple[int, Status], ...]
    """(member, status) of each score that needs a person: an error, or a grade changed in the LMS."""
    changes: tuple[Verdict, ...]
    """What *Send all changes* would take."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One attempt anywhere in the course."""

    at: datetime
    title: str
    name: str | None
    outcome: str
    reason: str | None


def read_glances(connection: Connection, course_id: int) -> list[Glance]:
    """Every placement of the course that has an assignment, by title."""
    ids = connection.execute(
        select(Placement.id)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .where(Placement.course_id == course_id)
        .order_by(Assignment.title, Placement.id)
    ).scalars()
    return [_glance(connection, placement_id) for placement_id in list(ids)]


def read_log(connection: Connection, course_id: int) -> list[LogLine]:
    """The newest attempts of the course, whoever or whatever made them."""
    rows = connection.execute(
        select(Attempt.finished_at, Attempt.outcome, Attempt.reason, Assignment.title, Person.name)
        .join(Passback, Passback.id == Attempt.passback_id)
        .join(Placement, Placement.id == Passback.placement_id)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .join(Learner, Learner.id == Passback.member_id)
        .join(Person, Person.id == Learner.person_id)
        .where(Placement.course_id == course_id)
        .order_by(Attempt.id.desc())
        .limit(LOG_LENGTH)
    ).all()
    return [LogLine(row.finished_at, row.title, row.name, row.outcome, row.reason) for row in rows]


def is_whole_roster_known(connection: Connection, course_id: int) -> bool:
    """Whether the number of learners is the class, or only those who came."""
    found = connection.execute(
        select(func.count()).select_from(Course).where(Course.id == course_id, Course.roster_read_at.is_not(None))
    )
    return bool(found.scalar_one())


def _glance(connection: Connection, placement_id: int) -> Glance:
    link = read_link(connection, placement_id)
    students = read_students(connection, link)
    verdicts = [judge(link, student) for student in students]
    changes = tuple(one for one in verdicts if is_chosen_by_default(one))
    return Glance(
        link=link,
        learners=sum(one.status != "left" for one in verdicts),
        handed_in=_count_handed_in(students),
        to_grade=sum(one.status == "needs_grading" for one in verdicts),
        to_send=len(changes),
        waiting=sum(one.status == "queued" for one in verdicts),
        errors=sum(one.status == "error" for one in verdicts),
        changed_in_lms=sum(one.status == "changed_in_lms" for one in verdicts),
        last_sent_at=max((one.sent_at for one in verdicts if one.sent_at), default=None),
        troubles=tuple((one.member_id, one.status) for one in verdicts if one.status in ("error", "changed_in_lms")),
        changes=changes,
    )


def _count_handed_in(students: list[Student]) -> int:
    return sum(student.row.handed_in_at is not None and student.row.left_at is None for student in students)
