"""Remove a platform or a deployment: switched off for good and shown nowhere, while every row of it is kept.

Whoever names it again in so many words (`platform add`, config.json, *Add a deployment id*) has it back, with its
people and courses. What waits to be sent is closed by the caller, in the same transaction.
"""

from sqlalchemy import Connection, select, update

from tool.clock import now
from tool.db import one_at_a_time
from tool.errors import BadInput
from tool.errors import marked as _
from tool.model.platforms import Customer, Deployment, Platform
from tool.registration.deployments import require_own


def remove_platform(connection: Connection, platform_id: int) -> list[int]:
    """Returns the customers that are closed with it. BadInput when there is no such platform, or config.json has it."""
    one_at_a_time(connection, Platform)
    require_own(connection, platform_id)
    at, of_platform = now(), Deployment.platform_id == platform_id
    connection.execute(update(Platform).where(Platform.id == platform_id).values(is_active=False, removed_at=at))
    # None of them waits for an operator any more.
    connection.execute(update(Deployment).where(of_platform).values(held_at=None))
    closed = update(Customer).where(Customer.platform_id == platform_id).values(closed_at=at).returning(Customer.id)
    return list(connection.execute(closed).scalars())


def remove_deployment(connection: Connection, platform_id: int, deployment_id: str) -> list[int]:
    """Returns the customer that is closed with it; none when another deployment shares its people, or nobody ever came
    in. BadInput when there is no such deployment, or config.json has its platform."""
    one_at_a_time(connection, Deployment)
    require_own(connection, platform_id)
    at = now()
    this = (Deployment.platform_id == platform_id, Deployment.deployment_id == deployment_id)
    gone = {"is_active": False, "held_at": None, "removed_at": at}
    removed = connection.execute(
        update(Deployment)
        .where(*this, Deployment.removed_at.is_(None))
        .values(**gone)
        .returning(Deployment.customer_id)
    ).first()
    if removed is None:
        raise BadInput(_("There is no such deployment."))
    closing = find_customers_of(connection, platform_id, deployment_id)
    connection.execute(update(Customer).where(Customer.id.in_(closing)).values(closed_at=at))
    return closing


def find_customers_of(connection: Connection, platform_id: int, deployment_id: str) -> list[int]:
    """Whose people and courses no other deployment that is left leads to: none or one."""
    this = (Deployment.platform_id == platform_id, Deployment.deployment_id == deployment_id)
    customer_id = connection.execute(select(Deployment.customer_id).where(*this)).scalar()
    others = (Deployment.customer_id == customer_id, Deployment.deployment_id != deployment_id)
    shares = connection.execute(select(Deployment.id).where(*others, Deployment.removed_at.is_(None)).limit(1)).first()
    return [] if customer_id is None or shares is not None else [customer_id]
