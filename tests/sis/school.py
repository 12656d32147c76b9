"""A school whose grades go on to its records, as rows: a connection, a linked class, an item, a matched student."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select

from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.people import Course
from tool.model.sis import SisCategory, SisConnection, SisMatch, SisSection, SisStudent
from tool.model.sis_syncs import SisItem

HOST = "https://sis.example/ims/oneroster"


def connect_school(database: Database, place: Arrival, **changes: Any) -> int:
    """The connection of somebody's school; its id."""
    with database.writing() as connection:
        customer = select(Course.customer_id).where(Course.id == place.course_id)
        values: dict[str, Any] = {
            "customer_id": connection.execute(customer).scalar_one(),
            "name": "Aspire",
            "vendor": "generic",
            "version": "1.2",
            "auth": "oauth2",
            "rostering_url": f"{HOST}/rostering/v1p2",
            "gradebook_url": f"{HOST}/gradebook/v1p2",
            "sealed_secret": "sealed",
            "time_zone": "America/Denver",
            "profile": {},
            "teacher_emails": [],
            "is_enabled": True,
            "created_at": now(),
        }
        made = insert(SisConnection).values(**(values | changes)).returning(SisConnection.id)
        return int(connection.execute(made).scalar_one())


def link_class(database: Database, teacher: Arrival, connection_id: int, **changes: Any) -> int:
    """A class of the SIS, linked to the teacher's course, with one category; its section's id."""
    with database.writing() as connection:
        values: dict[str, Any] = {
            "course_id": teacher.course_id,
            "connection_id": connection_id,
            "class_id": "class-2201",
            "class_title": "Math 8 period 3",
            "school_id": "school-12",
            "term_ids": ["term-1"],
            "linked_by": teacher.member_id,
            "linked_at": now(),
        }
        made = insert(SisSection).values(**(values | changes)).returning(SisSection.id)
        section_id = int(connection.execute(made).scalar_one())
        category = {"section_id": section_id, "sourced_id": "cat-hw", "title": "Homework"}
        connection.execute(insert(SisCategory).values(**category))
        return section_id


def add_item(database: Database, section_id: int, place: Arrival, **changes: Any) -> int:
    """The link somebody arrived at, as an item of the section; its id."""
    with database.writing() as connection:
        values = {"section_id": section_id, "placement_id": place.placement_id} | changes
        return int(connection.execute(insert(SisItem).values(**values).returning(SisItem.id)).scalar_one())


def enrol(database: Database, section_id: int, sourced_id: str, **changes: Any) -> None:
    """A student as the SIS lists them."""
    with database.writing() as connection:
        values: dict[str, Any] = {
            "section_id": section_id,
            "sourced_id": sourced_id,
            "name": "Somebody Else",
            "identifiers": [],
            "begins_on": date(2026, 1, 12),
            "is_active": True,
        }
        connection.execute(insert(SisStudent).values(**(values | changes)))


def match(database: Database, section_id: int, place: Arrival, student_id: str | None, **changes: Any) -> None:
    with database.writing() as connection:
        values: dict[str, Any] = {"section_id": section_id, "member_id": place.member_id, "student_id": student_id}
        told = {"rule": "email", "matched_at": now()}
        connection.execute(insert(SisMatch).values(**(values | told | changes)))
