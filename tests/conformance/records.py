"""A course whose grades go on to the school's records, as rows: for stories in which every route is visited."""

from typing import Any

from sqlalchemy import insert, select

from tests.sis.school import HOST
from tool.clock import now
from tool.db import Database
from tool.model.people import Course, Member
from tool.model.sis import SisCategory, SisConnection, SisMatch, SisPeriod, SisSection, SisStudent
from tool.model.sis_syncs import SisItem, SisRun


def link_records(database: Database, placement_id: int, member_id: int, name: str) -> dict[str, int]:
    """A connection of the course's customer, a linked class with the student in it, an item and a run: their ids."""
    with database.writing() as connection:

        def put(table: Any, **values: Any) -> int:
            return int(connection.execute(insert(table).values(**values).returning(table.id)).scalar_one())

        course = connection.execute(select(Course).join(Member).where(Member.id == member_id)).one()
        teacher_id = connection.execute(
            select(Member.id).where(Member.course_id == course.id, Member.is_teacher)
        ).scalars()
        connection_id = put(
            SisConnection,
            customer_id=course.customer_id,
            name=name,
            vendor="generic",
            version="1.2",
            auth="oauth2",
            rostering_url=f"{HOST}/rostering/v1p2",
            gradebook_url=f"{HOST}/gradebook/v1p2",
            sealed_secret="sealed",
            time_zone="America/Denver",
            profile={},
            teacher_emails=[],
            is_enabled=True,
            created_at=now(),
        )
        section_id = put(
            SisSection,
            course_id=course.id,
            connection_id=connection_id,
            class_id="class-1",
            class_title="Math",
            school_id="school-1",
            term_ids=["term-1"],
            linked_by=next(iter(teacher_id), member_id),
            linked_at=now(),
            read_at=now(),
        )
        day = now().date()
        period = {"sourced_id": "gp-1", "title": "Quarter 1", "starts_on": day, "ends_on": day.replace(year=2099)}
        connection.execute(insert(SisPeriod).values(section_id=section_id, **period))
        connection.execute(insert(SisCategory).values(section_id=section_id, sourced_id="cat-1", title="Homework"))
        student = {"sourced_id": "stu-1", "name": "Somebody", "identifiers": [], "is_active": True}
        connection.execute(insert(SisStudent).values(section_id=section_id, **student))
        matched = {"member_id": member_id, "student_id": "stu-1", "rule": "email", "matched_at": now()}
        put(SisMatch, section_id=section_id, **matched)
        put(SisItem, section_id=section_id, placement_id=placement_id, state="failed", code="rate")
        ran = {"kind": "changes", "status": "completed", "asked_at": now(), "updated_at": now()}
        return {
            "connection_id": connection_id,
            "section_id": section_id,
            "sis_run_id": put(SisRun, section_id=section_id, **ran),
        }
