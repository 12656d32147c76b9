"""From the student whom an LMS names in its gradebook to that student's work here."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, and_, select

from tool.assessment.submitting import find_work
from tool.model.people import Course, Member, Person
from tool.model.work import Opening
from tool.passback.learners import name_of

State = Literal["unknown", "not_graded", "left", "not_opened", "nothing", "work"]
"""`unknown`: nobody of this course; `not_graded`: a teacher, or the LMS's test student; `nothing`: opened, and no work
begun."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What there is to be shown of a student."""

    state: State
    name: str | None = None
    submission_id: int | None = None


def find_reviewed_work(
    connection: Connection, *, course_id: int, placement_id: int, assignment_id: str, subject: str
) -> Reviewed:
    """The newest attempt at the link's assignment of the member whom this course's LMS calls `subject`."""
    has_opened = and_(Opening.placement_id == placement_id, Opening.member_id == Member.id)
    member = connection.execute(
        select(
            Member.id, Member.is_gradable, Member.left_at, name_of(Person).label("name"), Opening.id.label("opening")
        )
        .join(Course, Course.id == Member.course_id)
        .join(Person, and_(Person.id == Member.person_id, Person.customer_id == Course.customer_id))
        .outerjoin(Opening, has_opened)
        .where(Member.course_id == course_id, Person.subject == subject)
    ).first()
    if member is None:
        return Reviewed("unknown")
    work = find_work(connection, placement_id, member.id, assignment_id)
    if not member.is_gradable:
        return Reviewed("not_graded", member.name)
    if member.left_at is not None:
        return Reviewed("left", member.name)
    if work is None:
        return Reviewed("nothing" if member.opening else "not_opened", member.name)
    return Reviewed("work", member.name, work.submission_id)
