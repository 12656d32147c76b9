"""Who is where: persons of a customer, courses, and the persons in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class Person(Base):
    """Somebody a platform sent us. `subject` means something only within its customer (Moodle's are tiny numbers)."""

    __tablename__ = "persons"
    # The number of somebody who was deleted is never another's: SQLite would give the newest one out again.
    __table_args__ = (UniqueConstraint("customer_id", "subject"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    subject: Mapped[str] = mapped_column(String(255))
    name: Mapped[str | None] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    family_name: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    sourced_id: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str | None] = mapped_column(String(35))
    """The language of the latest launch that named one: mail is written in it."""
    created_at: Mapped[datetime]


class Course(Base):
    """An LTI context of a customer."""

    __tablename__ = "courses"
    __table_args__ = (UniqueConstraint("customer_id", "context_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    context_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str | None] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(Text)
    memberships_url: Mapped[str | None] = mapped_column(Text)
    line_items_url: Mapped[str | None] = mapped_column(Text)
    earlier_contexts: Mapped[str | None] = mapped_column(Text)
    """Ids of the courses this one was copied from, newest first, separated by commas, as the LMS tells them."""
    scopes: Mapped[str | None] = mapped_column(Text)
    """AGS scopes of the course's latest launch that named any, separated by blanks."""
    roster_read_at: Mapped[datetime | None]
    """When the LMS's roster was last read whole."""
    roster_failure: Mapped[str | None] = mapped_column(String(40))
    """Reason code of the last reading, when it failed."""
    section_sourced_id: Mapped[str | None] = mapped_column(Text)
    """The school records' id of the section, as the LMS told a teacher last (`lis.course_section_sourcedid`)."""
    ended_at: Mapped[datetime | None]
    """An operator ended it: nobody comes in, and nothing goes out any more."""
    created_at: Mapped[datetime]


class Member(Base):
    """A person in a course, with the standing of the latest launch."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("course_id", "person_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    roles: Mapped[str] = mapped_column(Text)
    is_teacher: Mapped[bool]
    is_gradable: Mapped[bool]
    """A learner whose scores may go to the LMS: no teacher, mentor or test student."""
    on_roster_at: Mapped[datetime | None]
    """The last reading of the roster that had this person."""
    left_at: Mapped[datetime | None]
    """First missing from a whole roster, or inactive in it; kept and marked, and no longer graded."""
    created_at: Mapped[datetime]
