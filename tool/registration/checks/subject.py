"""What is known of a platform before anybody is asked: one short look at the database."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from tool.db import Database
from tool.errors import BadInput
from tool.lti.platform import PlatformFacts
from tool.model.delivering import Lane
from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.platforms import Customer, Deployment, KeptKeySet, Platform
from tool.model.work import Launch, Opening, Placement


@dataclass(frozen=True, slots=True)
class SeenCourse:
    """The course somebody came from last, with the addresses its launches told; `column_url` is of one of its links."""

    title: str | None
    line_items_url: str | None
    memberships_url: str | None
    column_url: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """A registration, trusted or not, and what has come of it so far."""

    name: str
    facts: PlatformFacts
    is_active: bool
    is_approved: bool
    new_deployments: str
    service_hosts: frozenset[str]
    deployments: int
    held_deployments: int
    kept_keys: Mapping[str, object] | None
    kept_keys_at: datetime | None
    course: SeenCourse | None
    last_score_at: datetime | None
    broken_at: datetime | None


def read_subject(database: Database, platform_id: int) -> Subject | None:
    """None when there is no such platform."""
    with database.reading() as connection:
        row = connection.execute(select(Platform).where(Platform.id == platform_id)).first()
        if row is None:
            return None
        kept = connection.execute(
            select(KeptKeySet.key_set, KeptKeySet.fetched_at).where(KeptKeySet.platform_id == platform_id)
        ).first()
        active, held = _count_deployments(connection, platform_id)
        return Subject(
            name=row.name,
            facts=PlatformFacts(**{one.name: getattr(row, one.name) for one in fields(PlatformFacts)}),
            is_active=row.is_active,
            is_approved=row.approved_at is not None,
            new_deployments=row.new_deployments,
            service_hosts=frozenset(str(host) for host in row.service_hosts or ()),
            deployments=active,
            held_deployments=held,
            kept_keys=kept.key_set if kept else None,
            kept_keys_at=kept.fetched_at if kept else None,
            course=_read_course(connection, platform_id),
            last_score_at=connection.execute(
                select(func.max(Passback.confirmed_at)).where(Passback.platform_id == platform_id)
            ).scalar(),
            broken_at=connection.execute(select(Lane.broken_at).where(Lane.platform_id == platform_id)).scalar(),
        )


def find_named(database: Database, name: str) -> int:
    """The id of the platform with this name, issuer or client id. Raises BadInput unless there is exactly one."""
    with database.reading() as connection:
        found = connection.execute(
            select(Platform.id, Platform.name, Platform.client_id)
            .where((Platform.name == name) | (Platform.issuer == name) | (Platform.client_id == name))
            .where(Platform.removed_at.is_(None))
            .order_by(Platform.id)
        ).all()
    if not found:
        raise BadInput("no platform has this name.", "See them all: passback platform list")
    if len(found) > 1:
        client_ids = ", ".join(one.client_id for one in found)
        raise BadInput("several platforms have this name.", f"Give one of their client ids: {client_ids}")
    return int(found[0].id)


def _count_deployments(connection: Connection, platform_id: int) -> tuple[int, int]:
    """Those whose launches are let in, and those that wait for an operator."""
    rows = connection.execute(
        select(Deployment.is_active, Deployment.held_at).where(Deployment.platform_id == platform_id)
    ).all()
    return sum(row.is_active for row in rows), sum(not row.is_active and row.held_at is not None for row in rows)


def _read_course(connection: Connection, platform_id: int) -> SeenCourse | None:
    """Launches are forgotten after a while, and the openings of links stay; a course's own page is never a link."""
    of_platform = (Customer.platform_id == platform_id, Course.customer_id == Customer.id)
    launched = connection.execute(
        select(Launch.course_id, Launch.created_at.label("at"))
        .where(*of_platform, Launch.course_id == Course.id)
        .order_by(Launch.created_at.desc())
        .limit(1)
    ).first()
    opened = connection.execute(
        select(Placement.course_id, Opening.first_opened_at.label("at"))
        .where(*of_platform, Placement.course_id == Course.id, Opening.placement_id == Placement.id)
        .order_by(Opening.first_opened_at.desc())
        .limit(1)
    ).first()
    seen: Any = max((one for one in (launched, opened) if one is not None), key=lambda one: one.at, default=None)
    if seen is None:
        return None
    course = connection.execute(select(Course).where(Course.id == seen.course_id)).one()
    column_url = connection.execute(
        select(Placement.line_item_url)
        .where(Placement.course_id == seen.course_id, Placement.line_item_url.is_not(None))
        .order_by(Placement.id.desc())
        .limit(1)
    ).scalar()
    return SeenCourse(course.title, course.line_items_url, course.memberships_url, column_url, seen.at)
