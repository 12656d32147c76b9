"""Writing how a try ended: the Attempt always, the row only where the lease still held."""

from typing import Any

import structlog
from sqlalchemy import BindParameter, bindparam, case, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import InstrumentedAttribute

from tool.clock import now
from tool.db import Database
from tool.failpoints import reach
from tool.model.passbacks import Attempt, Passback
from tool.passback.ledger.entries import Settlement
from tool.passback.readback import ask_for_readback

log = structlog.get_logger("sender")


def settle_all(database: Database, settlements: list[Settlement]) -> None:
    """`settle`; one that cannot be written holds up no other: its lease runs out, and after a few rounds a person is
    told."""
    try:
        settle(database, settlements)
    except StatementError as error:
        if not _is_about_values(error):
            raise
        for one in settlements:
            _settle_alone(database, one)


def _settle_alone(database: Database, settlement: Settlement) -> None:
    try:
        settle(database, [settlement])
    except StatementError as error:
        if not _is_about_values(error):
            raise
        log.error("sender.not_settled", passback_id=settlement.claimed.id, error=type(error.orig).__name__)


def _is_about_values(error: StatementError) -> bool:
    """Whether the values cannot be written, now or later; anything else is the database's own trouble, and passes."""
    return isinstance(error, DataError | IntegrityError) or not isinstance(error, DBAPIError)


def settle(database: Database, settlements: list[Settlement]) -> None:
    """Write many tries at once: the Attempt always, the row only where the lease still held."""
    with database.writing() as connection:
        ids = [one.claimed.id for one in settlements]
        holders = {
            row.id: row.lease_holder
            for row in connection.execute(
                select(Passback.id, Passback.lease_holder)
                .where(Passback.id.in_(ids))
                .order_by(Passback.id)
                .with_for_update()
            )
        }
        held = [one for one in settlements if holders.get(one.claimed.id) == one.claimed.holder]
        # Of a student who was deleted meanwhile nothing is written down.
        known = [one for one in settlements if one.claimed.id in holders]
        attempts = [_attempt(one, was_fenced=one not in held) for one in known if one.is_tried]
        delivered = [_delivered(one) for one in held if one.is_delivered]
        failed = [_failed(one) for one in held if one.is_tried and not one.is_delivered]
        postponed = [_postponed(one) for one in held if not one.is_tried]
        for statement, values in (
            (insert(Attempt), attempts),
            (DELIVERED, delivered),
            (FAILED, failed),
            (POSTPONED, postponed),
            (UNLEASED, [{"b_id": one.claimed.id} for one in held]),
        ):
            if values:
                connection.execute(statement, values)
            reach("settle.attempts")
        # Accepted is not shown: what was delivered is read back soon, once for each placement.
        arrived = [one.claimed for one in held if one.is_delivered]
        ask_for_readback(
            connection,
            {one.placement_id for one in arrived},
            now(),
            awaited={one.placement_id for one in arrived if one.trigger == "manual"},
        )
        reach("settle.rows")
    reach("settle.committed")


def _told(name: str, column: InstrumentedAttribute[Any]) -> BindParameter[Any]:
    """A value that comes with each row. Typed by its column: inside a CASE nothing else would say what None is, and
    PostgreSQL takes it for text."""
    return bindparam(name, type_=column.type)


# Nobody wished anew while the score was on its way.
_IS_NEWEST = Passback.version == bindparam("b_version")
_AT_ONCE = _told("b_finished_at", Passback.next_try_at)
_MINE = Passback.id == bindparam("b_id")
# A person may have closed the wish while the score was on its way: what did not arrive then stays closed.
_IS_OPEN = Passback.state == "due"

UNLEASED = update(Passback).where(_MINE).values(lease_until=None, lease_holder=None, begun=0)
DELIVERED = (
    update(Passback)
    .where(_MINE)
    .values(
        confirmed_version=bindparam("b_version"),
        confirmed_score=_told("b_score", Passback.confirmed_score),
        confirmed_maximum=_told("b_maximum", Passback.confirmed_maximum),
        confirmed_at=_told("b_finished_at", Passback.confirmed_at),
        confirmed_line_item_url=_told("b_line_item_url", Passback.confirmed_line_item_url),
        sent_assignment_id=_told("b_assignment_id", Passback.sent_assignment_id),
        state=case((_IS_NEWEST, "delivered"), else_="due"),
        next_try_at=case((_IS_NEWEST, None), else_=_AT_ONCE),
        tries=0,
        first_failed_at=None,
        failure=None,
        needs_person=False,
    )
)
FAILED = (
    update(Passback)
    .where(_MINE, _IS_OPEN)
    .values(
        state=case((_IS_NEWEST, _told("b_state", Passback.state)), else_="due"),
        reason=case(
            (_IS_NEWEST & _told("b_is_held", Passback.needs_person), _told("b_failure", Passback.reason)),
            else_=Passback.reason,
        ),
        next_try_at=case((_IS_NEWEST, _told("b_next_try_at", Passback.next_try_at)), else_=_AT_ONCE),
        tries=case((_IS_NEWEST, _told("b_tries", Passback.tries)), else_=0),
        first_failed_at=case((_IS_NEWEST, _told("b_first_failed_at", Passback.first_failed_at)), else_=None),
        failure=case((_IS_NEWEST, _told("b_failure", Passback.failure)), else_=None),
        needs_person=case((_IS_NEWEST, _told("b_needs_person", Passback.needs_person)), else_=False),
    )
)
# Nothing was sent: what is known of the row's failures stays as it is.
POSTPONED = (
    update(Passback)
    .where(_MINE, _IS_OPEN)
    .values(next_try_at=case((_IS_NEWEST, _told("b_next_try_at", Passback.next_try_at)), else_=_AT_ONCE))
)


def _delivered(one: Settlement) -> dict[str, object]:
    return {
        "b_id": one.claimed.id,
        "b_version": one.claimed.version,
        "b_score": one.claimed.score,
        "b_maximum": one.claimed.maximum,
        "b_finished_at": one.finished_at,
        "b_line_item_url": one.line_item_url,
        "b_assignment_id": one.claimed.assignment_id,
    }


def _failed(one: Settlement) -> dict[str, object]:
    before = one.claimed
    is_failure = one.state_after == "due"
    return {
        "b_id": before.id,
        "b_version": before.version,
        "b_state": one.state_after,
        "b_is_held": one.state_after == "held",
        "b_next_try_at": one.next_try_at,
        "b_finished_at": one.finished_at,
        "b_tries": before.tries + is_failure,
        "b_first_failed_at": (before.first_failed_at or one.started_at) if is_failure else before.first_failed_at,
        "b_failure": one.reason,
        "b_needs_person": one.needs_person,
    }


def _postponed(one: Settlement) -> dict[str, object]:
    return {
        "b_id": one.claimed.id,
        "b_version": one.claimed.version,
        "b_next_try_at": one.next_try_at,
        "b_finished_at": one.finished_at,
    }


def _attempt(one: Settlement, *, was_fenced: bool) -> dict[str, object]:
    before = one.claimed
    return {
        "passback_id": before.id,
        "version": before.version,
        "trigger": before.trigger,
        "score": before.score,
        "maximum": before.maximum,
        "timestamp": before.timestamp,
        "line_item_url": one.line_item_url,
        "run_id": before.run_id,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
        "outcome": one.outcome,
        "reason": one.reason,
        "status": one.status,
        "answer": one.answer,
        "was_fenced": was_fenced,
    }
