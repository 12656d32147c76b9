"""What is still missing until scores of a platform arrive, read from what there is."""

from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.platforms import Customer, Deployment, Platform


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a registration is; `held`: deployments that wait for an operator."""

    is_active: bool
    is_approved: bool
    deployments: int
    held: int
    has_launch: bool
    has_score: bool

    @property
    def is_done(self) -> bool:
        return self.is_active and self.is_approved and self.deployments > 0 and self.has_launch and self.has_score


def read_progress(connection: Connection, platform_id: int) -> Progress | None:
    """None: there is no such platform."""
    of_platform = Deployment.platform_id == platform_id
    arrived = exists().where(Course.customer_id == Customer.id, Customer.platform_id == platform_id)
    row = connection.execute(
        select(
            Platform.is_active,
            Platform.approved_at,
            select(func.count()).where(of_platform, Deployment.is_active).scalar_subquery().label("deployments"),
            select(func.count()).where(of_platform, Deployment.held_at.is_not(None)).scalar_subquery().label("held"),
            arrived.label("has_launch"),
            exists().where(Passback.platform_id == platform_id, Passback.confirmed_version > 0).label("has_score"),
        ).where(Platform.id == platform_id)
    ).first()
    if row is None:
        return None
    return Progress(
        is_active=row.is_active,
        is_approved=row.approved_at is not None,
        deployments=row.deployments,
        held=row.held,
        has_launch=bool(row.has_launch),
        has_score=bool(row.has_score),
    )
