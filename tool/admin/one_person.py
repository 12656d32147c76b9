"""Everything that is kept of one student, told whole or taken away whole (docs/privacy.md).

Each room tells and erases what it alone writes; here it is put in order. A table that names people and that nobody
here knows fails a test.
"""

import sqlite3
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import Column, Connection, func, select

from tool.admin.erasing import erase_when_quiet, list_named, naming
from tool.assessment import one_person as work
from tool.clock import now
from tool.course import one_person as people
from tool.course.one_person import Found
from tool.db import Database
from tool.errors import BadInput
from tool.launch import one_person as launches
from tool.passback import one_person as scores
from tool.sis import one_person as records

log = structlog.get_logger("admin")


def find(database: Database, named: str, *, customer_id: int | None, is_number: bool) -> Found:
    """The one person who is meant. BadInput when there is none, or several: then it says which."""
    with database.reading() as connection:
        found = people.find_persons(connection, named, customer_id=customer_id, is_number=is_number)
    if not found:
        raise BadInput(f"no student {named[:255]!r} is known", "Give the LMS's own id of the student, or the number.")
    if len(found) > 1:
        listed = "; ".join(f"number {one.person_id} is {one.subject!r} of customer {one.customer_id}" for one in found)
        raise BadInput(f"{named[:255]!r} may be several people ({listed}).", "Add --customer N, or --number.")
    return found[0]


def export(database: Database, person: Found) -> dict[str, Any]:
    """Table by table, as it is stored; times in ISO 8601 UTC, points as text (they are exact)."""
    with database.reading() as connection:
        told: dict[str, Any] = people.tell(connection, person.person_id)
        member_ids = [one["id"] for one in told["memberships"]]
        told |= work.tell(connection, member_ids) | scores.tell(connection, member_ids)
        told |= records.tell(connection, member_ids) | launches.tell(connection, member_ids)
        named = {
            f"{column.table.name}.{column.name}": _count(connection, column, member_ids)
            for column in naming("members.id")
            if column.name != "member_id"
        }
    (one,) = told.pop("person")
    head = {"exported_at": now(), "platform": person.platform, "person": one}
    told["others_rows_that_name_this_person"] = {column: number for column, number in named.items() if number}
    return {name: _plain(value) for name, value in (head | told).items()}


def count_standing(database: Database, person: Found) -> int:
    """How many scores stand in the LMS, and will go on standing there."""
    with database.reading() as connection:
        return scores.count_standing(connection, people.take_members(connection, person.person_id))


def delete(database: Database, person: Found) -> None:
    """All of it, in one transaction. BadInput, and nothing is changed, while a score is on the wire for too long."""
    erase_when_quiet(database, lambda connection: _erase(connection, person.person_id), whose="student")
    log.info("student.deleted", person_id=person.person_id)


def _erase(connection: Connection, person_id: int) -> bool:
    member_ids = people.take_members(connection, person_id)
    if not scores.take_rows(connection, member_ids) or records.is_being_sent(connection, member_ids):
        return False
    launches.erase(connection, member_ids)
    records.erase(connection, member_ids)
    scores.erase(connection, member_ids)
    work.erase(connection, member_ids)
    # Their own openings go with them.
    stay = list_named(connection, "members.id", member_ids, but_in=("openings",))
    people.erase(connection, member_ids, still_named=stay)
    owns = bool(list_named(connection, "persons.id", [person_id]))
    people.erase_name(connection, person_id, is_still_named=owns)
    return True


def rewrite_file(database: Database) -> bool:
    """SQLite keeps what a row once said in the spare room of its file until the file is written anew. False when
    somebody else is in the middle of something; PostgreSQL clears up by itself."""
    if not database.is_sqlite:
        return True
    # Not through the engine, which would begin a transaction; a file is never written anew inside one.
    driver = database.engine.raw_connection()
    try:
        cursor = driver.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_pages), *_others = cursor.fetchall()
    except sqlite3.OperationalError:
        return False
    finally:
        driver.close()
    return not busy


def _count(connection: Connection, column: Column[Any], ids: Collection[int]) -> int:
    return connection.execute(select(func.count()).select_from(column.table).where(column.in_(ids))).scalar_one()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
