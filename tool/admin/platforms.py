"""What the operator's pages say about platforms: the list, one platform with its deployments, and who could share."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, case, func, select

from tool.model.people import Course
from tool.model.platforms import Customer, Deployment, Platform
from tool.registration.deployments import has_people

Word = Literal["off", "pending", "file", "active"]
DeploymentWord = Literal["held", "active", "off"]


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """One line of the list; `deployments`: how many are active, `held`: how many wait."""

    id: int
    name: str
    issuer: str
    client_id: str
    family: str
    word: Word
    deployments: int
    held: int


@dataclass(frozen=True, slots=True)
class DeploymentLine:
    deployment_id: str
    word: DeploymentWord
    since: datetime
    customer_id: int | None
    courses: int
    may_join: bool
    """Whether it may share the people of another one: not active, or nobody came in from it yet."""


@dataclass(frozen=True, slots=True)
class Sharer:
    """A customer that a deployment may join, with the deployments it has."""

    id: int
    deployment_ids: tuple[str, ...]
    courses: int


def read_lines(connection: Connection) -> list[PlatformLine]:
    """Every platform: those that wait for the operator first, then by name."""
    active = func.coalesce(func.sum(case((Deployment.is_active, 1), else_=0)), 0)
    rows = connection.execute(
        select(
            Platform.id,
            Platform.name,
            Platform.issuer,
            Platform.client_id,
            Platform.family,
            Platform.source,
            Platform.is_active,
            Platform.approved_at,
            active.label("deployments"),
            func.count(Deployment.held_at).label("held"),
        )
        .outerjoin(Deployment, and_(Deployment.platform_id == Platform.id, Deployment.removed_at.is_(None)))
        .where(Platform.removed_at.is_(None))
        .group_by(Platform.id)
        .order_by(Platform.name, Platform.id)
    )
    lines = [
        PlatformLine(
            id=row.id,
            name=row.name,
            issuer=row.issuer,
            client_id=row.client_id,
            family=row.family,
            word=word_of(row),
            deployments=row.deployments,
            held=row.held,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.word != "pending" and not line.held)


def word_of(row: Any) -> Word:
    """How a platform stands; `row` has `is_active`, `approved_at` and `source`."""
    if not row.is_active:
        return "off"
    if row.approved_at is None:
        return "pending"
    return "file" if row.source == "file" else "active"


def read_deployments(connection: Connection, platform_id: int) -> list[DeploymentLine]:
    """Those that wait first."""
    courses = _count_courses(connection, platform_id)
    shown = (Deployment.platform_id == platform_id, Deployment.removed_at.is_(None))
    rows = connection.execute(select(Deployment).where(*shown).order_by(Deployment.id))
    lines = [
        DeploymentLine(
            deployment_id=row.deployment_id,
            word="active" if row.is_active else "held" if row.held_at else "off",
            since=row.held_at or row.created_at,
            customer_id=row.customer_id,
            courses=courses.get(row.customer_id, 0),
            may_join=not row.is_active or not has_people(connection, row.customer_id),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.word != "held")


def read_sharers(connection: Connection, platform_id: int) -> list[Sharer]:
    """The customers of a platform that have courses: with the others there is nothing to share."""
    courses = _count_courses(connection, platform_id)
    names: defaultdict[int, list[str]] = defaultdict(list)
    rows = connection.execute(
        select(Customer.id, Deployment.deployment_id)
        .join(Deployment, and_(Deployment.customer_id == Customer.id, Deployment.removed_at.is_(None)))
        .where(Customer.platform_id == platform_id)
        .order_by(Deployment.id)
    )
    for customer_id, deployment_id in rows:
        names[customer_id].append(deployment_id)
    return [Sharer(one, tuple(names[one]), count) for one, count in sorted(courses.items())]


def _count_courses(connection: Connection, platform_id: int) -> dict[int, int]:
    """Customer → how many courses it has; customers without any are not in it."""
    rows = connection.execute(
        select(Customer.id, func.count())
        .join(Course, Course.customer_id == Customer.id)
        .where(Customer.platform_id == platform_id)
        .group_by(Customer.id)
    )
    return {row[0]: row[1] for row in rows}
