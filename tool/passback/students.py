"""Every learner of a placement with all that is known of the score, in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, case, cast, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from tool.clock import now
from tool.course.whose_column import ELSEWHERE
from tool.model.delivering import Lane
from tool.model.passbacks import Passback, Reading, Run, RunItem
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer, Platform
from tool.model.work import Assignment, Grade, Opening, Placement, Submission
from tool.passback.ledger.turning import OF_ONE_ASSIGNMENT, state_at_rest
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
    rows = connection.execute(_query(link)).all()
    students = [Student(row.member_id, row.name or "", row, row.id in preparing) for row in rows]
    return sorted(students, key=lambda student: (student.name.casefold(), student.member_id))


def name_of(person: type[Person]) -> ColumnElement[str | None]:
    """A person's whole name, else what the LMS told of it."""
    known = (person.given_name + " " + person.family_name, person.given_name, person.family_name)
    return func.coalesce(func.nullif(person.name, ""), *known)


# Who set the override.
_Overrider, _OverridersPerson = aliased(Member), aliased(Person)

_COLUMNS = (
    Member.id.label("member_id"),
    Member.left_at,
    Member.is_gradable,
    Person.subject,
    Person.sourced_id,
    name_of(Person).label("name"),
    name_of(_OverridersPerson).label("override_by_name"),
    Opening.id.label("opening_id"),
    Opening.line_item_url.label("own_line_item_url"),
    Submission.submitted_at.label("handed_in_at"),
    Reading.score.label("reading_score"),
    Reading.maximum.label("reading_maximum"),
    Reading.read_at,
    Run.kind.label("run_kind"),
    *[
        column
        for column in Passback.__table__.c
        if column.name not in ("placement_id", "member_id", "state", *OF_ONE_ASSIGNMENT)
    ],
)


def _said_of(assignment_id: str) -> list[ColumnElement[Any]]:
    """What a row says of the tool's side. It may still be of the assignment that the link had before: then nothing, and
    nothing goes."""
    columns = [Passback.__table__.c[name] for name in OF_ONE_ASSIGNMENT]
    is_of_another = Passback.assignment_id != assignment_id
    rests = and_(is_of_another, Passback.state == "due")
    return [
        case((rests, state_at_rest()), else_=Passback.state).label("state"),
        *(case((is_of_another, None), else_=column).label(column.name) for column in columns),
    ]


def _query(link: Link) -> Select[*tuple[Any, ...]]:
    # An attempt that is only begun says nothing; of those handed in, the one that counts, else the newest.
    chosen = func.min if link.counting_attempt == "first" else func.max
    counting = (
        select(Submission.member_id, chosen(Submission.attempt_number).label("attempt_number"))
        .where(Submission.placement_id == link.placement_id, Submission.assignment_id == link.assignment_id)
        .where(Submission.submitted_at.is_not(None))
        .group_by(Submission.member_id)
        .subquery()
    )
    is_counting = and_(
        Submission.placement_id == link.placement_id,
        Submission.assignment_id == link.assignment_id,
        Submission.member_id == counting.c.member_id,
        Submission.attempt_number == counting.c.attempt_number,
    )
    has_something = or_(Opening.id.is_not(None), Passback.id.is_not(None))
    is_here = and_(Member.left_at.is_(None), Member.on_roster_at.is_not(None))
    return (
        select(*_COLUMNS, *_said_of(link.assignment_id), _waits_for_teacher(link).label("needs_grading"))
        .select_from(Member)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(Opening, and_(Opening.placement_id == link.placement_id, Opening.member_id == Member.id))
        .outerjoin(Passback, and_(Passback.placement_id == link.placement_id, Passback.member_id == Member.id))
        .outerjoin(Run, Run.id == Passback.run_id)
        .outerjoin(_Overrider, _Overrider.id == Passback.override_by)
        .outerjoin(_OverridersPerson, _OverridersPerson.id == _Overrider.person_id)
        .outerjoin(Reading, and_(Reading.placement_id == link.placement_id, Reading.member_id == Member.id))
        .outerjoin(counting, counting.c.member_id == Member.id)
        .outerjoin(Submission, is_counting)
        .where(Member.course_id == link.course_id, Member.is_gradable, or_(has_something, is_here))
    )


def _waits_for_teacher(link: Link) -> ColumnElement[bool]:
    """Whether a question that has a say in the number waits: with *best* and *average*, one of any attempt."""
    one = aliased(Submission)
    has_a_say = one.attempt_number == Submission.attempt_number
    return exists().where(
        Grade.submission_id == one.id,
        one.placement_id == link.placement_id,
        one.assignment_id == link.assignment_id,
        one.member_id == Member.id,
        one.submitted_at.is_not(None),
        true() if link.counting_attempt in ("best", "average") else has_a_say,
        cast(Grade.needs_grading, Text) != "[]",
    )
