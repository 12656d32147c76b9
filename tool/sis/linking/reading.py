"""What the SIS has of a linked class, read whole and written down whole, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tool.clock import now
from tool.db import Database
from tool.model.sis import SisCategory, SisPeriod, SisSection, SisStudent
from tool.sis.linking.matches import rematch
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import Category, Enrolled, Period, SchoolClass, SisError


@dataclass(frozen=True, slots=True)
class Found:
    """Everything of a class. Without a class it is no longer there, and what was known of it stays as it was."""

    school_class: SchoolClass | None
    periods: Sequence[Period] = ()
    categories: Sequence[Category] = ()
    students: Sequence[Enrolled] = ()


def refresh(database: Database, client: OneRoster, section_id: int) -> None:
    """Read class, periods, categories and students, and match the learners anew. Raises SisError, which is noted on the
    section; what was read before then stays."""
    with database.reading() as connection:
        class_id = connection.execute(select(SisSection.class_id).where(SisSection.id == section_id)).scalar_one()
    try:
        found = _read(client, class_id)
    except SisError as error:
        note_failure(database, section_id, error.code)
        raise
    with database.writing() as connection:
        _write_section(connection, section_id, found.school_class)
        if found.school_class is not None:
            _write_periods(connection, section_id, found.periods)
            _write_categories(connection, section_id, found.categories)
            _write_students(connection, section_id, found.students)
            rematch(connection, section_id)


def note_failure(database: Database, section_id: int, code: str) -> None:
    """Why the last reading failed; `code` is one of the remedies'."""
    with database.writing() as connection:
        connection.execute(update(SisSection).where(SisSection.id == section_id).values(read_failure=code))


def _read(client: OneRoster, class_id: str) -> Found:
    school_class = client.find_class(class_id)
    if school_class is None:
        return Found(None)
    return Found(
        school_class,
        client.read_periods(school_class),
        client.read_categories(class_id),
        client.read_students(class_id),
    )


def _write_section(connection: Connection, section_id: int, found: SchoolClass | None) -> None:
    told: dict[str, Any] = {"is_class_active": found is not None and found.is_active}
    if found is not None:
        told |= {
            "class_title": found.title,
            "school_id": found.school_id,
            "term_ids": list(found.term_ids),
            "term_title": found.term_title,
        }
    values = told | {"read_at": now(), "read_failure": None}
    connection.execute(update(SisSection).where(SisSection.id == section_id).values(**values))


def _write_periods(connection: Connection, section_id: int, found: Sequence[Period]) -> None:
    """What was learned of a period stays, as long as its days are the same: the office may have opened it by moving
    them."""
    mine = SisPeriod.section_id == section_id
    known = {row.sourced_id: row for row in connection.execute(select(SisPeriod).where(mine))}
    connection.execute(delete(SisPeriod).where(mine))
    rows = []
    for period in found:
        before = known.get(period.sourced_id)
        is_same = before is not None and (before.starts_on, before.ends_on) == (period.starts_on, period.ends_on)
        learned = {name: getattr(before, name) if is_same else None for name in _LEARNED}
        told = {"title": period.title, "starts_on": period.starts_on, "ends_on": period.ends_on}
        rows.append({"section_id": section_id, "sourced_id": period.sourced_id} | told | learned)
    if rows:
        connection.execute(insert(SisPeriod), rows)


_LEARNED = ("closed_at", "reminded_at", "disabled_at")


def _write_categories(connection: Connection, section_id: int, found: Sequence[Category]) -> None:
    connection.execute(delete(SisCategory).where(SisCategory.section_id == section_id))
    titles = {one.sourced_id: one.title for one in found}
    rows = [{"section_id": section_id, "sourced_id": key, "title": title} for key, title in titles.items()]
    if rows:
        connection.execute(insert(SisCategory), rows)


def _write_students(connection: Connection, section_id: int, found: Sequence[Enrolled]) -> None:
    connection.execute(delete(SisStudent).where(SisStudent.section_id == section_id))
    rows = {
        one.sourced_id: {
            "section_id": section_id,
            "sourced_id": one.sourced_id,
            "name": one.name,
            "email": one.email,
            "identifiers": list(one.identifiers),
            "begins_on": one.begins_on,
            "ends_on": one.ends_on,
            "is_active": one.is_active,
        }
        for one in found
    }
    if rows:
        connection.execute(insert(SisStudent), list(rows.values()))
