"""A verified launch becomes rows: person, course, member, placement, opening.

Core upserts, prepared once: this is the busiest road of the tool, and the ORM would cost more than a launch may. What
stands already as the launch tells it is not written again (`remembered`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Insert, func
from sqlalchemy.orm import DeclarativeBase

from tool import errands
from tool.course.copies import find_origin
from tool.course.remembered import Stored, remember, says_nothing_new
from tool.course.reviews import find_reviewed
from tool.course.seen_link import LTI_ASSIGNMENT_PARAMETER, SeenLink, list_earlier_contexts
from tool.course.whose_column import find_own_column
from tool.db import upserting
from tool.lti.claims import LaunchClaims
from tool.lti.errors import LaunchRefused
from tool.lti.roles import Standing, standing
from tool.lti.vocabulary import DEEP_LINKING_REQUEST
from tool.model.people import Course, Member, Person
from tool.model.work import Opening, Placement
from tool.spoken import short_locale


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a launch brought somebody."""

    course_id: int
    member_id: int
    standing: Standing
    placement_id: int | None
    """None when the link is the course itself."""
    assignment_id: str | None
    """What the placement is bound to; None when nobody has chosen yet or the one named is not theirs."""
    reviewed: str | None = None
    """The LMS's id of the student whose work is to be shown; None for every launch but a submission review."""


def record_arrival(
    connection: Connection, *, customer_id: int, family: str, claims: LaunchClaims, at: datetime
) -> Arrival:
    """Write what the launch tells, in the caller's transaction. LaunchRefused when an operator ended the course."""
    who = standing(claims.roles)
    known = remember(
        connection,
        customer_id=customer_id,
        subject=claims.subject,
        context_id=_context_id(claims),
        resource_link_id=claims.resource_link.id if claims.resource_link else None,
        assignment_id=claims.custom_value(LTI_ASSIGNMENT_PARAMETER),
    )
    if known.course and known.course["ended_at"]:
        raise LaunchRefused("course.ended")
    person_id = _person(connection, customer_id, claims, at, known.person)
    course_id = _course(connection, customer_id, claims, at, known.course, is_teacher=who.is_teacher)
    member_id: int = _write(
        connection,
        Member,
        known.member,
        course_id=course_id,
        person_id=person_id,
        roles=" ".join(claims.roles),
        is_teacher=who.is_teacher,
        is_gradable=who.is_gradable,
        left_at=None,
        created_at=at,
    )["id"]
    review = find_reviewed(connection, claims, course_id=course_id, member_id=member_id, is_teacher=who.is_teacher)
    if review is not None and review.placement_id is not None:
        return Arrival(course_id, member_id, who, review.placement_id, review.assignment_id, review.subject)
    # A request to choose belongs to a course: the links come of its answer.
    is_choosing = claims.message_type == DEEP_LINKING_REQUEST
    if claims.resource_link is None or is_choosing or is_course_itself(family, claims):
        return Arrival(course_id, member_id, who, None, None)
    link = SeenLink(customer_id, course_id, _context_id(claims), claims.resource_link.id, claims, known)
    placement = _open(connection, link, member_id, at, is_teacher=who.is_teacher)
    opened = _opened(claims, placement["assignment_id"])
    return Arrival(course_id, member_id, who, placement["id"], opened, review.subject if review else None)


def is_course_itself(family: str, claims: LaunchClaims) -> bool:
    """Canvas's course navigation sends the context's id as the resource link's. Moodle's ids are small numbers that
    may be equal by chance, so only Canvas is read this way."""
    link, context = claims.resource_link, claims.context
    return family == "canvas" and link is not None and context is not None and link.id == context.id


def _context_id(claims: LaunchClaims) -> str:
    """A launch without a context (Schoology's app placements) still has people: its link stands for the course."""
    if claims.context:
        return claims.context.id
    return f"link:{claims.resource_link.id if claims.resource_link else ''}"[:255]


def _person(connection: Connection, customer_id: int, claims: LaunchClaims, at: datetime, known: Stored | None) -> int:
    person = claims.person
    row = _write(
        connection,
        Person,
        known,
        customer_id=customer_id,
        subject=claims.subject,
        name=person.name,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        sourced_id=person.sourced_id,
        locale=short_locale(person.locale),
        created_at=at,
    )
    return int(row["id"])


def _course(
    connection: Connection,
    customer_id: int,
    claims: LaunchClaims,
    at: datetime,
    known: Stored | None,
    *,
    is_teacher: bool,
) -> int:
    context, ags, nrps = claims.context, claims.ags, claims.nrps
    row = _write(
        connection,
        Course,
        known,
        customer_id=customer_id,
        context_id=_context_id(claims),
        title=context.title if context else None,
        label=context.label if context else None,
        # A student of a cross-listed course is told the id of their own section.
        section_sourced_id=context.section_sourced_id if context and is_teacher else None,
        earlier_contexts=list_earlier_contexts(claims, _context_id(claims)),
        memberships_url=nrps.memberships_url if nrps else None,
        line_items_url=ags.lineitems if ags else None,
        scopes=" ".join(sorted(ags.scopes)) if ags and ags.scopes else None,
        created_at=at,
    )
    return int(row["id"])


def _open(connection: Connection, link: SeenLink, member_id: int, at: datetime, *, is_teacher: bool) -> Stored:
    """The placement as it stands afterwards, opened by this member."""
    column = find_own_column(connection, link)
    due = {"lms_due_at": link.claims.due.at} if link.claims.due else {}
    # Canvas tells everybody their own date, with their extension in it: a student's says nothing about the class, and
    # the next student's would write over it. To a teacher it tells the latest of all, elsewhere it is the link's.
    of_all, of_one = (due, {}) if is_teacher else ({}, due)
    placement = _placement(connection, link, at, {**column, **find_origin(connection, link), **of_all})
    _write(
        connection,
        Opening,
        link.known.opening,
        placement_id=placement["id"],
        member_id=member_id,
        line_item_url=column["line_item_url"],
        first_opened_at=at,
        **of_one,
    )
    return placement


def _placement(connection: Connection, link: SeenLink, at: datetime, told: Mapping[str, object]) -> Stored:
    known, title = link.known, link.claims.resource_link.title if link.claims.resource_link else None
    placement = _write(
        connection,
        Placement,
        known.placement,
        course_id=link.course_id,
        resource_link_id=link.resource_link_id,
        title=title,
        **{"assignment_id": known.assignment_id, **told},
        created_at=at,
    )
    before = known.placement["assignment_id"] if known.placement and known.assignment_id else None
    if before is not None and before != placement["assignment_id"]:
        # Asked for where the binding is written, so that no way of binding a link forgets what hangs on it.
        errands.ask(connection, "binding", placement["id"])
    return placement


def _opened(claims: LaunchClaims, bound_to: str | None) -> str | None:
    """What this launch opens. Who names an assignment that is not theirs does not get the one the link had before:
    nobody would notice the slip."""
    named = claims.custom_value(LTI_ASSIGNMENT_PARAMETER)
    return None if named and named != bound_to else bound_to


KEYS: dict[type[DeclarativeBase], tuple[str, ...]] = {
    Person: ("customer_id", "subject"),
    Course: ("customer_id", "context_id"),
    Member: ("course_id", "person_id"),
    Placement: ("course_id", "resource_link_id"),
    Opening: ("placement_id", "member_id"),
}
# Written when the row is made and never again.
FIRST_ONLY = {"created_at", "first_opened_at"}
# Emptied by a launch: who comes in from the LMS has not left the course.
EMPTIED = {"left_at"}
# Written as told, none included: a due date is also taken away.
AS_TOLD = {"lms_due_at"}


def _write(
    connection: Connection, table: type[DeclarativeBase], known: Stored | None = None, /, **values: object
) -> Stored:
    """The row as it stands afterwards: its id, and a placement's assignment."""
    if known is not None and says_nothing_new(known, values) and _is_as_told(known, values):
        return known
    statement = _upsert(connection.dialect.name, table, tuple(values))
    return dict(connection.execute(statement, values).one()._mapping)


def _is_as_told(known: Stored, values: Mapping[str, object]) -> bool:
    return all(known[name] == values[name] for name in (AS_TOLD | EMPTIED) & values.keys())


@cache
def _upsert(dialect: str, table: type[DeclarativeBase], columns: tuple[str, ...]) -> Insert:
    own = table.__table__.c
    statement = upserting(dialect, table)
    told = statement.excluded
    kept = {
        name: None if name in EMPTIED else told[name] if name in AS_TOLD else func.coalesce(told[name], own[name])
        for name in columns
        if name not in FIRST_ONLY and name not in KEYS[table]
    }
    returned = [own.id, own.assignment_id] if table is Placement else [own.id]
    return statement.on_conflict_do_update(index_elements=list(KEYS[table]), set_=kept).returning(*returned)
