"""Removing a platform or a deployment, and what becomes of the scores that wait for it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from tool.db import Database
from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.work import Placement
from tool.passback.ledger.wishing import close_wishes
from tool.registration import removing

# No database takes any number of ids in one statement.
ROWS_AT_ONCE = 500
REASON = "platform_off"


def count_waiting(connection: Connection, platform_id: int) -> int:
    """How many scores of a platform wait to be sent."""
    return _count(connection, Passback.platform_id == platform_id)


def count_closing(connection: Connection, platform_id: int, deployment_id: str) -> int:
    """How many scores would be closed with this deployment."""
    customers = removing.find_customers_of(connection, platform_id, deployment_id)
    return _count(connection, _of_customers(platform_id, customers))


def remove_platform(database: Database, platform_id: int) -> int:
    """Returns how many waiting scores were closed: none of them is sent. BadInput as `registration.removing` has it."""
    with database.writing() as connection:
        removing.remove_platform(connection, platform_id)
        return close_waiting(connection, Passback.platform_id == platform_id)


def remove_deployment(database: Database, platform_id: int, deployment_id: str) -> int:
    """The same for one deployment; scores of people whom another deployment shares go on."""
    with database.writing() as connection:
        customers = removing.remove_deployment(connection, platform_id, deployment_id)
        return close_waiting(connection, _of_customers(platform_id, customers))


def _of_customers(platform_id: int, customers: Sequence[int]) -> ColumnElement[bool]:
    placements = (
        select(Placement.id).join(Course, Course.id == Placement.course_id).where(Course.customer_id.in_(customers))
    )
    # The platform leads through the index to the few rows that are due.
    return (Passback.platform_id == platform_id) & Passback.placement_id.in_(placements)


def _count(connection: Connection, mine: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(Passback.state == "due", mine)).scalar_one()


def close_waiting(connection: Connection, mine: ColumnElement[bool], reason: str = REASON) -> int:
    """None of these scores is sent; `reason` is a code of `passback.words`. Returns how many waited."""
    closed, last_id = 0, 0
    while True:
        some = select(Passback.id).where(Passback.state == "due", mine, Passback.id > last_id)
        ids = list(connection.execute(some.order_by(Passback.id).limit(ROWS_AT_ONCE)).scalars())
        if not ids:
            return closed
        close_wishes(connection, ids, reason=reason)
        closed, last_id = closed + len(ids), ids[-1]
