"""Writing how a try ended: the Attempt always, the row only where the lease still held."""

from sqlalchemy import bindparam, case, func, insert, select, update

from tool.db import Database
from tool.model.passbacks import Attempt, Passback
from tool.passback.ledger.entries import Settlement


def settle(database: Database, settlements: list[Settlement]) -> None:
    """Write many tries at once: the Attempt always, the row only where the lease still held."""
    with database.writing() as connection:
        ids = [one.claimed.id for one in settlements]
        holders = {
            row.id: row.lease_holder
            for row in connection.execute(
                select(Passback.id, Passback.lease_holder).where(Passback.id.in_(ids)).with_for_update()
            )
        }
        held = [one for one in settlements if holders.get(one.claimed.id) == one.claimed.holder]
        attempts = [_attempt(one, was_fenced=one not in held) for one in settlements if one.is_tried]
        delivered = [_delivered(one) for one in held if one.is_delivered]
        failed = [_failed(one) for one in held if not one.is_delivered]
        for statement, values in ((insert(Attempt), attempts), (DELIVERED, delivered), (FAILED, failed)):
            if values:
                connection.execute(statement, values)


# Nobody wished anew while the score was on its way.
_IS_NEWEST = Passback.version == bindparam("b_version")
_NO_LEASE: dict[str, None] = {"lease_until": None, "lease_holder": None}

DELIVERED = (
    update(Passback)
    .where(Passback.id == bindparam("b_id"))
    .values(
        **_NO_LEASE,
        confirmed_version=bindparam("b_version"),
        confirmed_score=bindparam("b_score"),
        confirmed_maximum=bindparam("b_maximum"),
        confirmed_at=bindparam("b_finished_at"),
        confirmed_line_item_url=bindparam("b_line_item_url"),
        state=case((_IS_NEWEST, "delivered"), else_="due"),
        next_try_at=case((_IS_NEWEST, None), else_=bindparam("b_finished_at")),
        tries=0,
        first_failed_at=None,
        failure=None,
        needs_person=False,
    )
)
FAILED = (
    update(Passback)
    .where(Passback.id == bindparam("b_id"))
    .values(
        **_NO_LEASE,
        state=case((_IS_NEWEST, bindparam("b_state")), else_="due"),
        reason=func.coalesce(bindparam("b_held_because"), Passback.reason),
        next_try_at=case((_IS_NEWEST, bindparam("b_next_try_at")), else_=bindparam("b_finished_at")),
        tries=case((_IS_NEWEST, bindparam("b_tries")), else_=0),
        first_failed_at=case((_IS_NEWEST, bindparam("b_first_failed_at")), else_=None),
        failure=case((_IS_NEWEST, bindparam("b_failure")), else_=None),
        needs_person=case((_IS_NEWEST, bindparam("b_needs_person")), else_=False),
    )
)


def _delivered(one: Settlement) -> dict[str, object]:
    return {
        "b_id": one.claimed.id,
        "b_version": one.claimed.version,
        "b_score": one.claimed.score,
        "b_maximum": one.claimed.maximum,
        "b_finished_at": one.finished_at,
        "b_line_item_url": one.line_item_url,
    }


def _failed(one: Settlement) -> dict[str, object]:
    before = one.claimed
    is_failure = one.is_tried and one.state_after == "due"
    return {
        "b_id": before.id,
        "b_version": before.version,
        "b_state": one.state_after,
        "b_held_because": one.reason if one.state_after == "held" else None,
        "b_next_try_at": one.next_try_at,
        "b_finished_at": one.finished_at,
        "b_tries": before.tries + is_failure,
        "b_first_failed_at": (before.first_failed_at or one.started_at) if is_failure else before.first_failed_at,
        "b_failure": one.reason,
        "b_needs_person": one.needs_person,
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
