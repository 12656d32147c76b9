"""Every learner of a placement with all that is known of the score, in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from tool.clock import now
from tool.course.whose_column import ELSEWHERE
from tool.model.delivering import Lane
from tool.model.passbacks import Run, RunItem
from tool.model.people import Course
from tool.model.platforms import Customer, Platform
from tool.model.work import Assignment, Placement
from tool.passback.learners import learners_of
from tool.passback.retry import PATIENCE, SIGN_IN_PATIENCE
from tool.registration.watching import HOPELESS


@dataclass(frozen=True, slots=True)
class Link:
    """The placement the students are of, with what its column and its LMS allow."""

    placement_id: int
    assignment_id: str
    course_id: int
    platform_id: int
    platform_name: str
    family: str
    title: str
    points: Decimal
    mode: str
    opted_out_at: datetime | None
    closed_at: datetime | None
    """When the LMS, or the deployment that led here, was removed."""
    due_at: datetime | None
    lms_due_at: datetime | None
    """The LMS's own due date, where it tells one."""
    counting_attempt: str
    automatic_passback: bool
    person_needed_because: tuple[tuple[int, str], ...]
    line_item_url: str | None
    is_column_elsewhere: bool
    """The only column that the LMS named is another course's: nothing is sent there."""
    line_item_maximum: Decimal | None
    line_items_url: str | None
    scopes: frozenset[str]
    results_read_at: datetime | None
    results_failure: str | None
    roster_read_at: datetime | None
    roster_failure: str | None
    has_roster: bool
    stopped_by: str | None
    """Why nothing at all goes to this LMS at the moment: it does not answer, or refuses us. A reason code."""
    stopped_at: datetime | None
    is_stopped_for_long: bool
    """Longer than such trouble mends itself: somebody has to look."""


@dataclass(frozen=True, slots=True)
class Student:
    """One learner. `row` holds the columns of the query by name: the ledger's, the grade's and the reading's."""

    member_id: int
    name: str
    row: Any
    is_being_prepared: bool
    """A run has chosen this student and is reading the LMS's grades before it sends."""


_LINKS = (
    select(
        Placement,
        Assignment.title.label("assignment_title"),
        Assignment.points,
        Assignment.due_at,
        Assignment.counting_attempt,
        Assignment.automatic_passback,
        Assignment.person_needed_because,
        Course.line_items_url,
        Course.scopes,
        Course.roster_read_at,
        Course.roster_failure,
        Course.memberships_url,
        func.coalesce(Customer.closed_at, Course.ended_at).label("closed_at"),
        Platform.id.label("platform_id"),
        Platform.name.label("platform_name"),
        Platform.family,
        Lane.broken_at,
        Lane.last_failure,
    )
    .join(Assignment, Assignment.id == Placement.assignment_id)
    .join(Course, Course.id == Placement.course_id)
    .join(Customer, Customer.id == Course.customer_id)
    .join(Platform, Platform.id == Customer.platform_id)
    .outerjoin(Lane, Lane.platform_id == Platform.id)
)


def read_link(connection: Connection, placement_id: int) -> Link:
    row = connection.execute(_LINKS.where(Placement.id == placement_id)).one()
    return Link(
        placement_id=row.id,
        assignment_id=row.assignment_id,
        course_id=row.course_id,
        platform_id=row.platform_id,
        platform_name=row.platform_name,
        family=row.family,
        title=row.assignment_title,
        points=row.points,
        mode=row.mode,
        opted_out_at=row.opted_out_at,
        closed_at=row.closed_at,
        due_at=row.due_at,
        # The column's is that of the activity; what a launch tells may be the latest of some extensions (Canvas).
        lms_due_at=row.line_item_due_at or row.lms_due_at,
        counting_attempt=row.counting_attempt,
        automatic_passback=row.automatic_passback,
        person_needed_because=tuple((number, kind) for number, kind in row.person_needed_because),
        line_item_url=row.line_item_url,
        is_column_elsewhere=row.line_item_source == ELSEWHERE,
        line_item_maximum=row.line_item_maximum,
        line_items_url=row.line_items_url,
        scopes=frozenset((row.scopes or "").split()),
        results_read_at=row.results_read_at,
        results_failure=row.results_failure,
        roster_read_at=row.roster_read_at,
        roster_failure=row.roster_failure,
        has_roster=row.memberships_url is not None,
        stopped_by=(row.last_failure or "server_error") if row.broken_at else None,
        stopped_at=row.broken_at,
        is_stopped_for_long=row.broken_at is not None
        and now() - row.broken_at > (SIGN_IN_PATIENCE if row.last_failure in HOPELESS else PATIENCE),
    )


def read_students(connection: Connection, link: Link) -> list[Student]:
    """Launched or on the roster, by name; who left stays as long as there is something to show."""
    preparing = set(
        connection.execute(
            select(RunItem.passback_id)
            .join(Run, Run.id == RunItem.run_id)
            .where(Run.placement_id == link.placement_id, Run.read_at.is_(None))
        ).scalars()
    )
    named = {"placement_id": link.placement_id, "assignment_id": link.assignment_id, "course_id": link.course_id}
    rows = connection.execute(learners_of(link.counting_attempt), named).all()
    students = [Student(row.member_id, row.name or "", row, row.id in preparing) for row in rows]
    return sorted(students, key=lambda student: (student.name.casefold(), student.member_id))
