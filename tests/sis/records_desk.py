"""Ada's pages about the school's records: Aspire on paper, her class linked, Ben and Cleo matched."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from tests.cast import ADA, BEN, CLEO
from tests.rows import arrive, hand_in, make_assignment, make_platform
from tests.web import Desk
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.people import Course
from tool.model.sis import (
    SisCategory,
    SisCategoryLink,
    SisConnection,
    SisMatch,
    SisPeriod,
    SisSection,
    SisStudent,
)
from tool.model.sis_syncs import SisItem, SisRun, SisRunLine, SisScore
from tool.model.work import Assignment
from tool.registration.platforms import KnownPlatform
from tool.sis.linking.terms import present_for

MORNING = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)
"""9 o'clock in Denver, in the second quarter."""
Q1 = ("gp-q1", "Quarter 1", date(2026, 8, 17), date(2026, 10, 24))
Q2 = ("gp-q2", "Quarter 2", date(2026, 10, 26), date(2027, 1, 16))


class RecordsDesk:
    """Everything is set up and nothing was synced yet; what a story changes, it writes itself."""

    def __init__(self, database: Database, folder: Path, *, is_linked: bool = True, **changes: Any) -> None:
        self.database = database
        self.platform: KnownPlatform = make_platform(database)
        make_assignment(database)
        self.ben: Arrival = arrive(database, self.platform, BEN, email="ben@school.example")
        self.cleo: Arrival = arrive(database, self.platform, CLEO, email="cleo@school.example")
        self.ada: Arrival = arrive(database, self.platform, ADA)
        with database.writing() as connection:
            mine = Course.id == self.ada.course_id
            self.customer_id: int = connection.execute(select(Course.customer_id).where(mine)).scalar_one()
            connection.execute(update(Assignment).values(category="Homework", assigned_at=MORNING.replace(day=2)))
        self.connection_id = self.insert(SisConnection, **(self._agreement() | changes))
        self.section_id = self.link() if is_linked else 0
        self._folder = folder
        self.launch_again()

    def launch_again(self) -> None:
        """A launch is good for an hour."""
        self.desk = Desk(self.database, self._folder, self.ada)

    @property
    def placement_id(self) -> int:
        assert self.ada.placement_id is not None
        return self.ada.placement_id

    def link(self, class_id: str = "class-2201", class_title: str = "Math 9 · Period 3", **changes: Any) -> int:
        """A class of Aspire, linked by Ada and read whole; its students are Ben and Cleo."""
        plain: dict[str, Any] = {
            "course_id": self.ada.course_id,
            "connection_id": self.connection_id,
            "class_id": class_id,
            "class_title": class_title,
            "school_id": "school-12",
            "term_ids": ["term-1"],
            "term_title": "Fall 2026",
            "teacher_id": "teacher-7",
            "linked_by": self.ada.member_id,
            "linked_at": MORNING,
            "read_at": MORNING,
        }
        section_id = self.insert(SisSection, **(plain | changes))
        for sourced_id, title, starts_on, ends_on in (Q1, Q2):
            dates = {"starts_on": starts_on, "ends_on": ends_on}
            self.insert(SisPeriod, section_id=section_id, sourced_id=sourced_id, title=title, **dates)
        for sourced_id, title in (("cat-hw", "Hausaufgaben"), ("cat-test", "Tests")):
            self.insert(SisCategory, section_id=section_id, sourced_id=sourced_id, title=title)
        for place, sourced_id, name, email in (
            (self.ben, "stu-904", "Carter, Ben", "ben@school.example"),
            (self.cleo, "stu-905", "Brown, Cleo", "cleo@school.example"),
        ):
            known = {"name": name, "email": email, "identifiers": [], "is_active": True}
            self.insert(SisStudent, section_id=section_id, sourced_id=sourced_id, **known)
            how = {"rule": "email", "matched_at": MORNING}
            self.insert(SisMatch, section_id=section_id, member_id=place.member_id, student_id=sourced_id, **how)
        return section_id

    def associate(self, section_id: int, **changes: Any) -> None:
        """“Homework” is “Hausaufgaben” there, confirmed for the present term."""
        with self.database.writing() as connection:
            term = present_for(connection, section_id)
            mine = SisSection.id == section_id
            connection.execute(update(SisSection).where(mine).values(associated_for=term))
        plain = {"category": "Homework", "sis_category_id": "cat-hw", "sis_title": "Hausaufgaben", "term": term}
        by = {"confirmed_by": self.ada.member_id, "confirmed_at": MORNING}
        self.insert(SisCategoryLink, section_id=section_id, **(plain | by | changes))

    def hand_in(self) -> None:
        """Both hand in the right answers: ten points."""
        for place in (self.ben, self.cleo):
            hand_in(self.database, place)

    def item(self, **changes: Any) -> int:
        plain = {"section_id": self.section_id, "placement_id": self.placement_id}
        return self.insert(SisItem, **(plain | changes))

    def score(self, item_id: int, place: Arrival, **changes: Any) -> int:
        return self.insert(SisScore, item_id=item_id, member_id=place.member_id, **changes)

    def run(self, **changes: Any) -> int:
        plain = {"section_id": self.section_id, "kind": "changes", "started_by": self.ada.member_id}
        times = {"asked_at": MORNING, "started_at": MORNING, "updated_at": MORNING}
        ended = {"stage": "done", "status": "completed", "finished_at": MORNING}
        return self.insert(SisRun, **(plain | times | ended | changes))

    def line(self, run_id: int, **changes: Any) -> None:
        plain = {"run_id": run_id, "step": "score", "outcome": "sent", "at": MORNING}
        self.insert(SisRunLine, **(plain | changes))

    def insert(self, table: Any, **values: Any) -> int:
        with self.database.writing() as connection:
            made = connection.execute(insert(table).values(**values))
            key = made.inserted_primary_key
        return int(key[0]) if key is not None else 0

    def rows(self, table: Any) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(table)))

    def change(self, table: Any, **values: Any) -> None:
        with self.database.writing() as connection:
            connection.execute(update(table).values(**values))

    def get(self, path: str = "") -> str:
        """A page of the section, or of the room where the path begins with a slash."""
        return self.desk.get(f"sis{path}" if path[:1] in ("", "?", "/") else f"sis/{self.section_id}/{path}")

    def press(self, path: str, *fields: tuple[str, str], expects: int = 303) -> str:
        return self.desk.post(f"sis/{self.section_id}/{path}", *fields, expects=expects)

    def _agreement(self) -> dict[str, Any]:
        root = "https://aspire.example/ims/oneroster"
        return {
            "customer_id": self.customer_id,
            "name": "Aspire",
            "vendor": "aspire",
            "version": "1.2",
            "auth": "oauth2",
            "rostering_url": f"{root}/rostering/v1p2",
            "gradebook_url": f"{root}/gradebook/v1p2",
            "token_url": "https://aspire.example/token",
            "client_id": "passback",
            "sealed_secret": "sealed",
            "time_zone": "America/Denver",
            "nightly_hour": 2,
            "profile": {},
            "teacher_emails": [],
            "is_enabled": True,
            "created_at": MORNING,
        }


def words(text: str) -> str:
    """What a reader of the page gets to read, spaces folded."""
    bare = unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<(script|head).*?</\1>", " ", text, flags=re.S)))
    return re.sub(r" ([.,;:])", r"\1", " ".join(bare.split()))


def table_rows(text: str) -> list[list[str]]:
    """The body rows of every table of a page, cell by cell."""
    bodies = "".join(re.findall(r"<tbody.*?</tbody>", text, re.S))
    rows = re.findall(r"<tr.*?</tr>", bodies, re.S)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in rows]
