"""A verified launch becomes rows: person, course, member, placement, opening.

Core upserts, prepared once: this is the busiest road of the tool, and the ORM would cost more than a launch may.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from tool.lti.claims import LaunchClaims
from tool.lti.roles import Standing, standing
from tool.model.people import Course, Member, Person
from tool.model.work import Assignment, Opening, Placement

LTI_ASSIGNMENT_PARAMETER = "assignment"


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


def record_arrival(
    connection: Connection, *, customer_id: int, family: str, claims: LaunchClaims, at: datetime
) -> Arrival:
    """Write what the launch tells, in the caller's transaction."""
    who = standing(claims.roles)
    person_id = _person(connection, customer_id, claims, at)
    course_id = _course(connection, customer_id, claims, at)
    member_id = _write(
        connection,
        Member,
        course_id=course_id,
        person_id=person_id,
        roles=" ".join(claims.roles),
        is_teacher=who.is_teacher,
        is_gradable=who.is_gradable,
        left_at=None,
        created_at=at,
    ).id
    if is_course_itself(family, claims):
        return Arrival(course_id, member_id, who, None, None)
    placement = _placement(connection, customer_id, course_id, claims, at)
    _write(
        connection,
        Opening,
        placement_id=placement.id,
        member_id=member_id,
        line_item_url=claims.ags.lineitem if claims.ags else None,
        first_opened_at=at,
        last_opened_at=at,
    )
    return Arrival(course_id, member_id, who, placement.id, _opened(claims, placement.assignment_id))


def is_course_itself(family: str, claims: LaunchClaims) -> bool:
    """Canvas's course navigation sends the context's id as the resource link's. Moodle's ids are small numbers that
    may be equal by chance, so only Canvas is read this way."""
    link, context = claims.resource_link, claims.context
    return family == "canvas" and link is not None and context is not None and link.id == context.id


def _person(connection: Connection, customer_id: int, claims: LaunchClaims, at: datetime) -> int:
    person = claims.person
    row = _write(
        connection,
        Person,
        customer_id=customer_id,
        subject=claims.subject,
        name=person.name,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        sourced_id=person.sourced_id,
        created_at=at,
    )
    return int(row.id)


def _course(connection: Connection, customer_id: int, claims: LaunchClaims, at: datetime) -> int:
    context, ags, nrps = claims.context, claims.ags, claims.nrps
    link_id = claims.resource_link.id if claims.resource_link else ""
    row = _write(
        connection,
        Course,
        customer_id=customer_id,
        # A launch without a context (Schoology's app placements) still has people: its link stands for the course.
        context_id=context.id if context else f"link:{link_id}"[:255],
        title=context.title if context else None,
        label=context.label if context else None,
        memberships_url=nrps.memberships_url if nrps else None,
        line_items_url=ags.lineitems if ags else None,
        scopes=" ".join(sorted(ags.scopes)) if ags and ags.scopes else None,
        created_at=at,
    )
    return int(row.id)


def _placement(connection: Connection, customer_id: int, course_id: int, claims: LaunchClaims, at: datetime) -> Any:
    link = claims.resource_link
    if link is None:
        raise LookupError("a verified resource link launch has a resource link")
    line_item_url = claims.ags.lineitem if claims.ags else None
    return _write(
        connection,
        Placement,
        course_id=course_id,
        resource_link_id=link.id,
        title=link.title,
        assignment_id=_assignment_named(connection, customer_id, claims),
        line_item_url=line_item_url,
        line_item_source="launch" if line_item_url else None,
        created_at=at,
    )


def _assignment_named(connection: Connection, customer_id: int, claims: LaunchClaims) -> str | None:
    named = claims.custom_value(LTI_ASSIGNMENT_PARAMETER)
    if not named:
        return None
    is_theirs = (Assignment.customer_id == customer_id) | Assignment.customer_id.is_(None)
    return connection.execute(select(Assignment.id).where(Assignment.id == named, is_theirs)).scalar()


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


def _write(connection: Connection, table: type[DeclarativeBase], **values: object) -> Any:
    statement = _upsert(connection.dialect.name, table, tuple(values))
    return connection.execute(statement, values).one()


@cache
def _upsert(dialect: str, table: type[DeclarativeBase], columns: tuple[str, ...]) -> Insert:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    own = table.__table__.c
    statement = insert(table)
    kept = {
        name: None if name in EMPTIED else func.coalesce(statement.excluded[name], own[name])
        for name in columns
        if name not in FIRST_ONLY and name not in KEYS[table]
    }
    returned = [own.id, own.assignment_id] if table is Placement else [own.id]
    result: Insert = statement.on_conflict_do_update(index_elements=list(KEYS[table]), set_=kept).returning(*returned)
    return result
