"""What a teacher's pages say of the second destination, the school's records (SIS): where there is one, what it is
called, and what waits for a person there. Only read here: the room `sis` writes it.
"""

from dataclasses import dataclass

from sqlalchemy import Boolean, ColumnElement, Connection, Select, exists, func, or_, select

from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisItem
from tool.model.work import Assignment, Placement

NEEDING = ("failed", "blocked")
"""States of an item that a person has to look at."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A connection to the school's records that is switched on."""

    name: str
    syncs_by_default: bool
    """Whether assignments go there while no teacher said anything."""
    lms_syncs: bool
    """The LMS sends grades there itself, so Passback does not."""
    is_linked: bool
    """To the course in question."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the school's records of a course."""

    is_there: bool
    """The school has a connection that is switched on, or a class is linked to the course."""
    needing: int
    """Assignments that could not be synced, each once for each class."""
    has_unseen: bool
    """Nobody has looked at one of them yet."""


def find_destinations(connection: Connection, customer_id: int, course_id: int) -> list[Destination]:
    """By name."""
    is_linked = exists().where(SisSection.connection_id == SisConnection.id, *_linked_to(course_id))
    columns = (SisConnection.name, SisConnection.sync_by_default, SisConnection.lms_syncs, is_linked.label("is_linked"))
    rows = connection.execute(select(*columns).where(*_usable(customer_id)).order_by(SisConnection.name))
    return [Destination(row.name, row.sync_by_default, row.lms_syncs, row.is_linked) for row in rows]


def names_of_linked(connection: Connection, course_id: int) -> list[str]:
    """What the school's records are called that a class of the course is linked in."""
    linked = exists().where(SisSection.connection_id == SisConnection.id, *_linked_to(course_id))
    names = select(SisConnection.name).where(linked, SisConnection.removed_at.is_(None)).order_by(SisConnection.name)
    return list(connection.execute(names).scalars())


def read_standing(connection: Connection, customer_id: int, course_id: int) -> Standing:
    """In one question: every page of a teacher asks."""
    is_there = or_(exists().where(*_usable(customer_id)), exists().where(*_linked_to(course_id)))
    needing = _needing(course_id)
    row = connection.execute(
        select(
            is_there.label("is_there"),
            needing.scalar_subquery().label("needing"),
            needing.where(SisItem.error_seen_at.is_(None)).scalar_subquery().label("unseen"),
        )
    ).one()
    return Standing(row.is_there, row.needing, row.unseen > 0)


def _usable(customer_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        SisConnection.customer_id == customer_id,
        SisConnection.is_enabled.is_(True),
        SisConnection.removed_at.is_(None),
    )


def _linked_to(course_id: int) -> tuple[ColumnElement[bool], ...]:
    return (SisSection.course_id == course_id, SisSection.unlinked_at.is_(None))


def _needing(course_id: int) -> Select[int]:
    """What was switched off needs nobody."""
    is_wanted = func.coalesce(
        SisItem.syncs, Assignment.sync_to_sis, SisConnection.sync_by_default, type_=Boolean()
    ).is_(True)
    return (
        select(func.count())
        .select_from(SisItem)
        .join(SisSection, SisSection.id == SisItem.section_id)
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .join(Placement, Placement.id == SisItem.placement_id)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .where(*_linked_to(course_id), SisConnection.removed_at.is_(None))
        .where(SisItem.state.in_(NEEDING), SisItem.disabled_for.is_(None), is_wanted)
    )
