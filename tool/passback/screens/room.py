"""What the pages of this room share: their blueprint, who acts, and the students with their verdicts."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Connection

from tool.access import Visitor
from tool.errors import BadInput, NotThere
from tool.language import gettext
from tool.passback.acts import Actor
from tool.passback.students import Link, Student, read_link, read_students
from tool.passback.verdict import Verdict, judge

blueprint = Blueprint("passback", __name__)


@dataclass(frozen=True, slots=True)
class Class:
    """A placement with its students, judged."""

    link: Link
    students: list[Student]
    verdicts: list[Verdict]

    def verdict_of(self, member_id: int) -> Verdict:
        """One student's; a member of another course is simply not there."""
        for verdict in self.verdicts:
            if verdict.member_id == member_id:
                return verdict
        raise NotThere(gettext("This student is not on the list."), gettext("Reload the page."))

    def pairs(self, member_ids: set[int]) -> list[tuple[Student, Verdict]]:
        both = zip(self.students, self.verdicts, strict=True)
        return [(student, verdict) for student, verdict in both if student.member_id in member_ids]


def read_class(connection: Connection, visitor: Visitor) -> Class:
    link = read_link(connection, placement_of(visitor))
    students = read_students(connection, link)
    return Class(link, students, [judge(link, student) for student in students])


def placement_of(visitor: Visitor) -> int:
    """The placement of the page; a launch of the course itself has none."""
    if visitor.placement_id is None or visitor.assignment_id is None:
        raise BadInput(gettext("This link has no assignment yet."), gettext("Choose one first."))
    return visitor.placement_id


def actor_of(visitor: Visitor) -> Actor:
    return Actor(visitor.member_id, placement_of(visitor), visitor.platform_id)


def grades_url(visitor: Visitor, **query: Any) -> str:
    return url_for("passback.grades", launch_id=visitor.launch_id, **query)
