"""Ada's course with Ben and Cleo, Dan's beside it, and Aspire as the school's records."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.cast import ADA, BEN, CLEO, DAN, Someone
from tests.rows import arrive, make_assignment, make_platform
from tests.sis.school import connect_school
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.people import Member, Person
from tool.model.sis_syncs import SisAct
from tool.model.work import Assignment, Placement
from tool.registration.platforms import KnownPlatform
from tool.sis.linking.acting import Actor
from tool.sis.linking.sections import Place, link_class
from tool.sis.plain import SchoolClass

MATH = SchoolClass("class-2201", "Math 9 · Period 3", "school-12", ("term-1",), term_title="Fall")
ALGEBRA = SchoolClass("class-2202", "Algebra · Period 4", "school-12", ("term-1",), term_title="Fall")


@dataclass
class Course:
    """What the stories of a set-up begin with; nothing is linked."""

    database: Database
    platform: KnownPlatform
    ada: Arrival
    ben: Arrival
    cleo: Arrival
    connection_id: int

    def arrives(self, someone: Someone, **claims: Any) -> Arrival:
        return arrive(self.database, self.platform, someone, **claims)

    @property
    def place(self) -> Place:
        return Place(self.ada.course_id, self.connection_id, self.ada.member_id)

    def link(self, school_class: SchoolClass = MATH, *, lms_syncs: bool = False) -> int:
        return link_class(self.database, self.place, school_class, teacher_id="TCH-010", lms_syncs=lms_syncs)

    def actor(self, section_id: int) -> Actor:
        return Actor(self.ada.member_id, section_id)

    def rows(self, table: Any, *conditions: Any) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions)))

    def change(self, table: Any, *conditions: Any, **values: Any) -> None:
        with self.database.writing() as connection:
            connection.execute(update(table).where(*conditions).values(**values))

    def name(self, place: Arrival, **values: Any) -> None:
        """What the LMS tells of a person from now on."""
        person = select(Member.person_id).where(Member.id == place.member_id).scalar_subquery()
        self.change(Person, Person.id == person, **values)

    def put_into(self, place: Arrival, category: str | None) -> None:
        """The assignment somebody arrived at is of this category."""
        placed = select(Placement.assignment_id).where(Placement.id == place.placement_id).scalar_subquery()
        self.change(Assignment, Assignment.id == placed, category=category)

    def acts(self, section_id: int) -> list[tuple[str, dict[str, Any]]]:
        """What was decided, all of it by Ada."""
        acts = self.rows(SisAct, SisAct.section_id == section_id)
        assert {act.acted_by for act in acts} <= {self.ada.member_id}
        return [(act.kind, act.detail) for act in sorted(acts, key=lambda act: act.id)]


@pytest.fixture
def course(database: Database) -> Course:
    make_assignment(database)
    platform = make_platform(database)
    ben = arrive(database, platform, BEN, email="ben@school.example", lis={"person_sourcedid": "SIS-00100"})
    cleo = arrive(database, platform, CLEO, email="cleo@school.example")
    ada = arrive(database, platform, ADA, email="ADA@school.example")
    arrive(database, platform, DAN, email="dan@school.example", resource_link={"id": "link-9"})
    return Course(database, platform, ada, ben, cleo, connect_school(database, ada))
