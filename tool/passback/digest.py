"""The day of a course: what went, and what needs a person. A page for whoever looks, a mail only when somebody must."""

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, func, select

from tool.clock import now
from tool.db import Database
from tool.mail import MailServer, send_mail
from tool.model.passbacks import Attempt, Passback
from tool.model.people import Course, Member, Person
from tool.model.work import Placement
from tool.passback.glance import Glance, read_glances

log = structlog.get_logger("digest")

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Digest:
    """One course, one day."""

    course_id: int
    course_title: str | None
    since: datetime
    delivered: int
    glances: tuple[Glance, ...]

    @property
    def troubled(self) -> tuple[Glance, ...]:
        """Assignments in which something needs a person: an error, or a grade changed in the LMS."""
        return tuple(one for one in self.glances if one.errors or one.changed_in_lms)


def read_digest(connection: Connection, course_id: int) -> Digest:
    since = now() - DAY
    delivered = connection.execute(
        select(func.count())
        .select_from(Attempt)
        .join(Passback, Passback.id == Attempt.passback_id)
        .join(Placement, Placement.id == Passback.placement_id)
        .where(Placement.course_id == course_id, Attempt.outcome == "delivered", Attempt.finished_at >= since)
    ).scalar_one()
    title = connection.execute(select(Course.title).where(Course.id == course_id)).scalar()
    return Digest(course_id, title, since, delivered, tuple(read_glances(connection, course_id)))


def courses_in_need(connection: Connection) -> list[int]:
    """Courses in which a score needs a person; the night asks for their digests."""
    return list(
        connection.execute(
            select(Placement.course_id)
            .join(Passback, Passback.placement_id == Placement.id)
            .where(Passback.needs_person | ((Passback.state == "held") & (Passback.reason == "changed_in_lms")))
            .distinct()
        ).scalars()
    )


def mail_digest(database: Database, server: MailServer | None, course_id: int) -> None:
    """The errand "digest": write to the course's teachers, and only if something needs a person. No names of
    students go out by mail."""
    if server is None:
        return
    with database.reading() as connection:
        digest = read_digest(connection, course_id)
        addresses = _teachers(connection, course_id)
    if not digest.troubled:
        return
    subject, text = write_digest(digest)
    for address in addresses:
        try:
            send_mail(server, address, subject, text)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("digest.not_mailed", course_id=course_id, error=type(error).__name__)


def write_digest(digest: Digest) -> tuple[str, str]:
    """Subject and text, in English: a mail has no launch that would tell the reader's language."""
    course = digest.course_title or "your course"
    lines = [f"Some grades of {course} need you:", ""]
    for one in digest.troubled:
        parts = []
        if one.errors:
            parts.append(f"{one.errors} could not be delivered")
        if one.changed_in_lms:
            parts.append(f"{one.changed_in_lms} changed in the gradebook")
        lines.append(f"- {one.link.title}: {', '.join(parts)}")
    lines += ["", "Open the assignment from your course and choose Grade Passback: each row says why, and what to do."]
    return f"Grades that need you: {course}", "\n".join(lines) + "\n"


def _teachers(connection: Connection, course_id: int) -> list[str]:
    found = connection.execute(
        select(Person.email)
        .join(Member, Member.person_id == Person.id)
        .where(Member.course_id == course_id, Member.is_teacher, Member.left_at.is_(None), Person.email.is_not(None))
        .order_by(Person.id)
    ).scalars()
    return [address for address in found if address]
