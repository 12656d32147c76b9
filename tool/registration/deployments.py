"""Deployments of the platforms, and the customers behind them: with `removing` the only writer of both.

A deployment that is approved gets a customer of its own, so that nobody ever meets the people of somebody else; only an
operator, in so many words, lets it join a customer that is there already (a tool that was reinstalled).
"""

from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.orm import Session

from tool.clock import now
from tool.db import Database, one_at_a_time
from tool.errors import BadInput
from tool.errors import marked as _
from tool.model.people import Course, Person
from tool.model.platforms import Customer, Deployment, Platform

Rule = Literal["refuse", "hold", "accept"]
RULES: tuple[Rule, ...] = ("hold", "accept", "refuse")
Met = Literal["known", "held", "off", "unknown"]
# Whoever installs the tool in every course of a university must not fill the operator's page.
MOST_HELD = 50


def meet_deployment(database: Database, platform_id: int, deployment_id: str) -> Met:
    """A launch, verified in everything else, came from a deployment that was not known a moment ago; the platform's
    rule decides. What is held writes one row, however often it comes."""
    with database.reading() as connection:
        met = _look(connection, platform_id, deployment_id) or _may_be_new(connection, platform_id)
    if met is not None:
        return met
    with database.writing() as connection:
        one_at_a_time(connection, Deployment)
        # Of ten launches that come at once, the first has written it.
        met = _look(connection, platform_id, deployment_id) or _may_be_new(connection, platform_id)
        if met is not None:
            return met
        is_held = _rule(connection, platform_id) == "hold"
        make_deployment(connection, platform_id, deployment_id, is_held=is_held)
    return "held" if is_held else "known"


def make_deployment(connection: Connection, platform_id: int, deployment_id: str, *, is_held: bool = False) -> None:
    """A new row; with a customer of its own unless it is held."""
    at = now()
    connection.execute(
        insert(Deployment).values(
            platform_id=platform_id,
            deployment_id=deployment_id,
            customer_id=None if is_held else _make_customer(connection, platform_id),
            is_active=not is_held,
            held_at=at if is_held else None,
            created_at=at,
        )
    )


def add_deployment(database: Database, platform_id: int, deployment_id: str, *, is_held: bool = False) -> None:
    """An operator, or whoever registered the platform, names a deployment; one that waited is approved by it, and one
    that was removed comes back, with its people and courses.

    `is_held`: whoever names it may not approve it; it waits like one that a launch came from.
    """
    with database.writing() as connection:
        one_at_a_time(connection, Deployment)
        require_own(connection, platform_id)
        row = connection.execute(
            select(Deployment.id, Deployment.is_active).where(*_is(platform_id, deployment_id))
        ).first()
        if row is None:
            make_deployment(connection, platform_id, deployment_id, is_held=is_held)
        elif row.is_active or is_held:
            raise BadInput(_("This deployment is known already."))
        else:
            _admit(connection, row.id, platform_id)


def approve_deployment(database: Database, platform_id: int, deployment_id: str, *, joins: int | None = None) -> None:
    """Let launches of a held or switched-off deployment in; `joins` is a customer of the same platform whose people
    and courses it shares from now on. One that is active already may join as long as nobody came in from it. BadInput
    when there is no such deployment or customer."""
    with database.writing() as connection:
        one_at_a_time(connection, Deployment)
        require_own(connection, platform_id)
        is_shown = (*_is(platform_id, deployment_id), Deployment.removed_at.is_(None))
        row = connection.execute(
            select(Deployment.id, Deployment.is_active, Deployment.customer_id).where(*is_shown)
        ).first()
        if row is None:
            raise BadInput(_("There is no such deployment."))
        if joins is not None:
            if row.is_active and has_people(connection, row.customer_id):
                raise BadInput(_("People came in from this deployment already: it keeps them."))
            is_theirs = (Customer.id == joins, Customer.platform_id == platform_id)
            if connection.execute(select(Customer.id).where(*is_theirs)).first() is None:
                raise BadInput(_("There is no such customer of this platform."))
            connection.execute(update(Deployment).where(Deployment.id == row.id).values(customer_id=joins))
        _admit(connection, row.id, platform_id)


def has_people(connection: Connection, customer_id: int | None) -> bool:
    """Whether anybody ever came in from a customer's LMS, or a course was seen there."""
    if customer_id is None:
        return False
    seen = (
        select(Person.id).where(Person.customer_id == customer_id).limit(1),
        select(Course.id).where(Course.customer_id == customer_id).limit(1),
    )
    return any(connection.execute(one).first() is not None for one in seen)


def switch_off_deployment(database: Database, platform_id: int, deployment_id: str) -> None:
    """Launches of it are refused from now on; people, courses and waiting scores stay. One that is held stays off."""
    with database.writing() as connection:
        require_own(connection, platform_id)
        connection.execute(
            update(Deployment).where(*_is(platform_id, deployment_id)).values(is_active=False, held_at=None)
        )


def write_deployments(session: Session, platform_id: int, deployment_ids: tuple[str, ...]) -> None:
    """Make a platform's deployments exactly these; what is no longer named is switched off, never deleted."""
    connection = session.connection()
    of_platform = select(Deployment.id, Deployment.deployment_id).where(Deployment.platform_id == platform_id)
    known = {row.deployment_id: row.id for row in connection.execute(of_platform)}
    for deployment_id in deployment_ids:
        if deployment_id in known:
            _admit(connection, known[deployment_id], platform_id)
        else:
            make_deployment(connection, platform_id, deployment_id)
    # One that waits to be named goes on waiting.
    gone = [row_id for deployment_id, row_id in known.items() if deployment_id not in deployment_ids]
    connection.execute(update(Deployment).where(Deployment.id.in_(gone)).values(is_active=False))


def _look(connection: Connection, platform_id: int, deployment_id: str) -> Met | None:
    row = connection.execute(
        select(Deployment.is_active, Deployment.held_at).where(*_is(platform_id, deployment_id))
    ).first()
    if row is None:
        return None
    if row.is_active:
        return "known"
    return "held" if row.held_at is not None else "off"


def _may_be_new(connection: Connection, platform_id: int) -> Met | None:
    """None: a row may be made for it."""
    rule = _rule(connection, platform_id)
    if rule == "hold":
        waiting = select(func.count()).where(Deployment.platform_id == platform_id, Deployment.held_at.is_not(None))
        return "unknown" if connection.execute(waiting).scalar_one() >= MOST_HELD else None
    return None if rule == "accept" else "unknown"


def _rule(connection: Connection, platform_id: int) -> str:
    return connection.execute(select(Platform.new_deployments).where(Platform.id == platform_id)).scalar_one()


def _admit(connection: Connection, row_id: int, platform_id: int) -> None:
    customer_id = connection.execute(select(Deployment.customer_id).where(Deployment.id == row_id)).scalar_one()
    connection.execute(update(Customer).where(Customer.id == customer_id).values(closed_at=None))
    connection.execute(
        update(Deployment)
        .where(Deployment.id == row_id)
        .values(
            customer_id=customer_id or _make_customer(connection, platform_id),
            is_active=True,
            held_at=None,
            removed_at=None,
        )
    )


def _make_customer(connection: Connection, platform_id: int) -> int:
    made = insert(Customer).values(platform_id=platform_id, created_at=now()).returning(Customer.id)
    return connection.execute(made).scalar_one()


def require_own(connection: Connection, platform_id: int) -> None:
    """What stands in config.json is changed there: its next start would undo it here."""
    source = connection.execute(select(Platform.source).where(Platform.id == platform_id)).scalar()
    if source is None:
        raise BadInput(_("There is no such platform."))
    if source == "file":
        raise BadInput(_("This platform stands in config.json; change it there."))


def _is(platform_id: int, deployment_id: str) -> tuple[ColumnElement[bool], ...]:
    return Deployment.platform_id == platform_id, Deployment.deployment_id == deployment_id
