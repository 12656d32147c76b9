"""The day of a course: what went, and what needs a person. A page for whoever looks, a mail only when somebody must.

The only writer of DigestMail.
"""

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, and_, func, or_, select

from tool.clock import now
from tool.db import Database, upsert
from tool.mail import MailServer, is_address, send_mail
from tool.model.digests import DigestMail
from tool.model.passbacks import Attempt, Passback
from tool.model.people import Course, Member, Person
from tool.model.platforms import Platform
from tool.model.work import Placement
from tool.passback.glance import Glance, read_glances
from tool.passback.letter import write_letter
from tool.spoken import words_for

log = structlog.get_logger("digest")

DAY = timedelta(days=1)
# A mail may have been overlooked; every night would be a nuisance. Counted from one night to another.
REMINDED_AFTER = timedelta(days=6, hours=12)
TRIED_AGAIN_AFTER = timedelta(hours=1)
REFUSED_FOR_GOOD = 500

Trouble = tuple[int, int, str]
"""(placement, member, status)."""


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
        return tuple(one for one in self.glances if one.troubles)

    @property
    def troubles(self) -> frozenset[Trouble]:
        return frozenset((one.link.placement_id, *trouble) for one in self.glances for trouble in one.troubles)


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody to write to, and what was written last."""

    member_id: int
    address: str
    locale: str | None
    told: frozenset[Trouble]
    mailed_at: datetime | None


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


def courses_to_look_at(connection: Connection, since: datetime) -> list[int]:
    """Courses of which the night asks for a digest, in order: those with scores of late that may need a person.

    A failure is marked in the ledger; a grade changed in the LMS is not, it shows when the errand compares.
    """
    is_recent = or_(Passback.wished_at > since, Passback.confirmed_at > since)
    is_held = and_(Passback.state == "held", Passback.reason == "changed_in_lms")
    may_need = or_(Passback.needs_person, Passback.confirmed_at.is_not(None), is_held)
    return list(
        connection.execute(
            select(Placement.course_id)
            .join(Passback, Passback.placement_id == Placement.id)
            .join(Platform, Platform.id == Passback.platform_id)
            .join(Course, Course.id == Placement.course_id)
            .where(Platform.is_active, Course.ended_at.is_(None), is_recent, may_need)
            .distinct()
            .order_by(Placement.course_id)
        ).scalars()
    )


def mail_digest(database: Database, server: MailServer | None, course_id: int) -> datetime | None:
    """The errand "digest": write to the course's teachers what needs them, unless it was written before. No names of
    students go out by mail. Returns when to try again, if the mail server could not be reached."""
    if server is None:
        return None
    with database.reading() as connection:
        digest = read_digest(connection, course_id)
        teachers = _teachers(connection, course_id)
    is_unreachable = False
    for teacher in teachers:
        mailed_at = teacher.mailed_at
        if is_news(digest.troubles, teacher.told, mailed_at, now()):
            subject, text = write_digest(digest, teacher.locale)
            try:
                send_mail(server, teacher.address, subject, text, words_for(teacher.locale).language)
            except OSError as error:  # every error of smtplib is one
                log.warning("digest.not_mailed", course_id=course_id, error=type(error).__name__)
                is_unreachable |= _may_pass(error)
                continue
            mailed_at = now()
        if mailed_at is not None:
            _write_down(database, teacher.member_id, digest.troubles, mailed_at)
    return now() + TRIED_AGAIN_AFTER if is_unreachable else None


def is_news(troubles: frozenset[Trouble], told: frozenset[Trouble], mailed_at: datetime | None, at: datetime) -> bool:
    """Whether a teacher is written to: something is new, or all of it has waited for a week since the last mail."""
    is_overdue = mailed_at is not None and at - mailed_at > REMINDED_AFTER
    return bool(troubles - told) or (bool(troubles) and is_overdue)


def write_digest(digest: Digest, locale: str | None = None) -> tuple[str, str]:
    """Subject and text, in the language that the teacher's latest launch told."""
    return write_letter(words_for(locale), digest.course_title, digest.troubled)


def _may_pass(error: OSError) -> bool:
    """Nobody answered, or asked for patience. A refused address or password is no better in an hour."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < REFUSED_FOR_GOOD
    return not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPNotSupportedError)


def _teachers(connection: Connection, course_id: int) -> list[Teacher]:
    rows = connection.execute(
        select(Member.id, Person.email, Person.locale, DigestMail.troubles, DigestMail.mailed_at)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(DigestMail, DigestMail.member_id == Member.id)
        .where(Member.course_id == course_id, Member.is_teacher, Member.left_at.is_(None), Person.email.is_not(None))
        .order_by(Member.id)
    ).all()
    return [
        Teacher(row.id, row.email, row.locale, frozenset(map(tuple, row.troubles or ())), row.mailed_at)
        for row in rows
        if is_address(row.email)
    ]


def _write_down(database: Database, member_id: int, troubles: frozenset[Trouble], mailed_at: datetime) -> None:
    """What this teacher knows of from now on; what has ended is forgotten, and is news when it comes back."""
    values: dict[str, Any] = {"troubles": sorted(troubles), "mailed_at": mailed_at}
    with database.writing() as connection:
        connection.execute(
            upsert(connection, DigestMail)
            .values(member_id=member_id, **values)
            .on_conflict_do_update(index_elements=["member_id"], set_=values)
        )
