"""The classes of the SIS that are linked to a course: linking, unlinking, and who may do so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from tool import errands
from tool.clock import now
from tool.db import Database, one_at_a_time
from tool.model.people import Course, Member, Person
from tool.model.sis import SisCategoryLink, SisConnection, SisSection
from tool.passback.learners import name_of
from tool.sis.linking.acting import Actor, write_act
from tool.sis.linking.candidates import Known
from tool.sis.linking.terms import present_for
from tool.sis.plain import SchoolClass

Refusal = Literal["gone", "off", "double_road", "no_email", "not_listed"]
"""Why somebody may not sync: the connection was removed · is switched off · the operator says that the LMS sends there
itself · only listed teachers may, and the LMS tells no address of this one · or the address is not on the list."""

READING = "sis_refresh"
"""The errand that reads class, periods, categories and students of a section (its subject)."""


@dataclass(frozen=True, slots=True)
class School:
    """A connection that a course may be linked through."""

    connection_id: int
    name: str
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A linked class as the set-up shows it."""

    id: int
    connection_id: int
    sis_name: str
    class_id: str
    class_title: str
    term_title: str | None
    is_class_active: bool
    lms_syncs: bool
    """The teacher's word; the operator's, for all classes, is in `is_road_of_all`."""
    is_road_of_all: bool
    teacher_id: str | None
    linked_at: datetime
    linked_by: str
    read_at: datetime | None
    read_failure: str | None
    is_being_read: bool
    first_sent_at: datetime | None

    @property
    def is_off(self) -> bool:
        """Linked, and nothing goes: the LMS sends there itself."""
        return self.lms_syncs or self.is_road_of_all


@dataclass(frozen=True, slots=True)
class Place:
    """Where a class is linked, and by whom."""

    course_id: int
    connection_id: int
    member_id: int


def may_sync(connection: Connection, connection_id: int, person_id: int) -> Refusal | None:
    """Why this person may not link a class of this SIS, nor sync; None: they may."""
    school = connection.execute(select(SisConnection).where(SisConnection.id == connection_id)).first()
    if school is None or school.removed_at is not None:
        return "gone"
    if not school.is_enabled:
        return "off"
    if school.lms_syncs:
        return "double_road"
    return None if school.teachers != "listed" else _find_on_list(connection, school.teacher_emails, person_id)


def email_of(connection: Connection, person_id: int) -> str | None:
    """As the LMS tells it; None where it tells none."""
    email = connection.execute(select(Person.email).where(Person.id == person_id)).scalar()
    return (email or "").strip() or None


def read_known(connection: Connection, course_id: int, person_id: int) -> Known:
    """By what the classes of this teacher in this course are found."""
    class_id = connection.execute(select(Course.section_sourced_id).where(Course.id == course_id)).scalar()
    return Known(email_of(connection, person_id), class_id)


def find_schools(connection: Connection, customer_id: int, person_id: int) -> list[School]:
    """The connections of a customer that an operator has not removed, by name."""
    rows = connection.execute(
        select(SisConnection.id, SisConnection.name)
        .where(SisConnection.customer_id == customer_id, SisConnection.removed_at.is_(None))
        .order_by(SisConnection.name)
    )
    return [School(row.id, row.name, may_sync(connection, row.id, person_id)) for row in rows.all()]


def find_sections(connection: Connection, course_id: int) -> list[Linked]:
    """The classes linked to a course, the oldest link first; those that were unlinked are not there."""
    rows = connection.execute(
        select(
            SisSection,
            SisConnection.name.label("sis_name"),
            SisConnection.lms_syncs.label("is_road_of_all"),
            name_of(Person).label("linked_by_name"),
        )
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .join(Member, Member.id == SisSection.linked_by)
        .join(Person, Person.id == Member.person_id)
        .where(SisSection.course_id == course_id, SisSection.unlinked_at.is_(None), SisConnection.removed_at.is_(None))
        .order_by(SisSection.id)
    )
    return [
        Linked(
            id=row.id,
            connection_id=row.connection_id,
            sis_name=row.sis_name,
            class_id=row.class_id,
            class_title=row.class_title,
            term_title=row.term_title,
            is_class_active=row.is_class_active,
            lms_syncs=row.lms_syncs,
            is_road_of_all=row.is_road_of_all,
            teacher_id=row.teacher_id,
            linked_at=row.linked_at,
            linked_by=row.linked_by_name or "",
            read_at=row.read_at,
            read_failure=row.read_failure,
            is_being_read=errands.state(connection, READING, row.id).is_waiting,
            first_sent_at=row.first_sent_at,
        )
        for row in rows.all()
    ]


def link_class(database: Database, place: Place, found: SchoolClass, *, teacher_id: str | None, lms_syncs: bool) -> int:
    """Link a class as the SIS tells it, and have it read soon; the section's id. One that was linked before is taken up
    again with all that was set up for it; one that is linked stays as it is.

    `teacher_id`: the SIS's id of the teacher; `lms_syncs`: the LMS already sends there, so nothing goes.
    """
    values: dict[str, object] = {
        "class_title": found.title,
        "school_id": found.school_id,
        "term_ids": list(found.term_ids),
        "term_title": found.term_title,
        "is_class_active": found.is_active,
        "teacher_id": teacher_id,
        "linked_by": place.member_id,
        "linked_at": now(),
        "unlinked_at": None,
        "lms_syncs": lms_syncs,
    }
    with database.writing() as connection:
        one_at_a_time(connection, SisSection)
        known = _find_known(connection, place, found.sourced_id)
        if known is not None and known.unlinked_at is None:
            return int(known.id)
        key = {"course_id": place.course_id, "connection_id": place.connection_id, "class_id": found.sourced_id}
        section_id = _write_section(connection, None if known is None else int(known.id), key | values)
        act = {"class_id": found.sourced_id, "class_title": found.title, "lms_syncs": lms_syncs}
        write_act(connection, Actor(place.member_id, section_id), "linked", **act)
        ask_for_reading(connection, section_id)
        return section_id


def unlink(connection: Connection, actor: Actor) -> None:
    """Nothing goes there any more. What stands in the SIS stays, and so does all that was set up, for another time."""
    section = connection.execute(select(SisSection).where(SisSection.id == actor.section_id)).one()
    if section.unlinked_at is not None:
        return
    fresh = _find_fresh(connection, section.course_id, section.connection_id)
    connection.execute(update(SisSection).where(SisSection.id == section.id).values(unlinked_at=now()))
    _stay_fresh(connection, fresh - {section.id})
    write_act(connection, actor, "unlinked", class_title=section.class_title)


def say_road(connection: Connection, actor: Actor, *, lms_syncs: bool) -> None:
    """Whether the LMS itself sends this class's grades to the SIS: then ours sends none."""
    mine = SisSection.id == actor.section_id
    if connection.execute(select(SisSection.lms_syncs).where(mine)).scalar_one() == lms_syncs:
        return
    connection.execute(update(SisSection).where(mine).values(lms_syncs=lms_syncs))
    write_act(connection, actor, "road", lms_syncs=lms_syncs)


def ask_for_reading(connection: Connection, section_id: int) -> None:
    """Have the class read soon, in the background; in the caller's transaction."""
    errands.ask(connection, READING, section_id)


def _find_on_list(connection: Connection, listed: Collection[object], person_id: int) -> Refusal | None:
    email = email_of(connection, person_id)
    if email is None:
        return "no_email"
    return None if email.casefold() in {str(one).strip().casefold() for one in listed} else "not_listed"


def _find_known(connection: Connection, place: Place, class_id: str) -> Any:
    mine = (SisSection.course_id == place.course_id, SisSection.connection_id == place.connection_id)
    found = select(SisSection.id, SisSection.unlinked_at).where(*mine, SisSection.class_id == class_id)
    return connection.execute(found).first()


def _write_section(connection: Connection, known_id: int | None, values: dict[str, object]) -> int:
    if known_id is None:
        return int(connection.execute(insert(SisSection).values(**values).returning(SisSection.id)).scalar_one())
    connection.execute(update(SisSection).where(SisSection.id == known_id).values(**values))
    return known_id


def _find_fresh(connection: Connection, course_id: int, connection_id: int) -> set[int]:
    """The linked classes whose categories are associated for what is linked now."""
    rows = connection.execute(
        select(SisSection.id, SisSection.associated_for).where(
            SisSection.course_id == course_id,
            SisSection.connection_id == connection_id,
            SisSection.unlinked_at.is_(None),
        )
    ).all()
    return {row.id for row in rows if row.associated_for == present_for(connection, row.id)}


def _stay_fresh(connection: Connection, section_ids: Collection[int]) -> None:
    """One class less changes nothing in the others: their categories need no second look."""
    for section_id in sorted(section_ids):
        present = present_for(connection, section_id)
        mine = SisSection.id == section_id
        before = connection.execute(select(SisSection.associated_for).where(mine)).scalar_one()
        links = update(SisCategoryLink).where(SisCategoryLink.section_id == section_id, SisCategoryLink.term == before)
        connection.execute(links.values(term=present))
        connection.execute(update(SisSection).where(mine).values(associated_for=present))
