"""Writing a wish: what should stand in the LMS."""

from sqlalchemy import ColumnElement, Connection, and_, case, select, update

from tool.clock import now
from tool.db import upsert
from tool.model.passbacks import Passback
from tool.model.work import Placement
from tool.passback.ledger.entries import Chosen, Wish


def wish(connection: Connection, wanted: Wish) -> None:
    """Write what was earned, and raise the wanted version when it is to be sent; in the caller's transaction."""
    key = {"placement_id": wanted.placement_id, "member_id": wanted.member_id}
    told: dict[str, object] = {
        "platform_id": wanted.platform_id,
        "earned": wanted.earned,
        "earned_maximum": wanted.earned_maximum,
        "cause": wanted.cause,
        "reason": wanted.reason,
        "detail": list(wanted.detail),
    }
    state = "skipped" if wanted.is_skip else "held"
    connection.execute(
        upsert(connection, Passback)
        .values(
            **key,
            **told,
            state=state,
            **_UNWISHED,
        )
        .on_conflict_do_update(index_elements=list(key), set_=told)
    )
    mine = and_(Passback.placement_id == wanted.placement_id, Passback.member_id == wanted.member_id)
    if not wanted.is_send:
        # What was wished before still goes: whether the LMS was slow must not decide what it holds in the end.
        connection.execute(update(Passback).where(mine, Passback.version == 0).values(state=state))
        return
    chosen = Chosen(wanted.earned, wanted.earned_maximum, wanted.submitted_at, wanted.trigger)
    connection.execute(update(Passback).where(mine).values(**_raised(chosen)))


def hold_rows(connection: Connection, assignment_id: str) -> None:
    """Before many rows are changed in one transaction: take them in the order in which the sender takes them, so that
    the two never wait for each other in a circle."""
    rows = select(Passback.id).join(Placement, Placement.id == Passback.placement_id)
    wanted = rows.where(Placement.assignment_id == assignment_id).order_by(Passback.id)
    connection.execute(wanted.with_for_update(of=Passback)).all()


def wish_chosen(connection: Connection, passback_id: int, chosen: Chosen) -> int:
    """Raise the wanted version of a row to a number that a person chose; returns the version."""
    raised = update(Passback).where(Passback.id == passback_id).values(**_raised(chosen)).returning(Passback.version)
    return int(connection.execute(raised).scalar_one())


def ensure_row(connection: Connection, placement_id: int, member_id: int, platform_id: int) -> int:
    """The row of a student who has earned nothing yet (zeros for missing work, an override before the hand-in)."""
    key = {"placement_id": placement_id, "member_id": member_id}
    connection.execute(
        upsert(connection, Passback)
        .values(**key, platform_id=platform_id, state="held", **_UNWISHED)
        .on_conflict_do_nothing()
    )
    found = select(Passback.id).where(Passback.placement_id == placement_id, Passback.member_id == member_id)
    return int(connection.execute(found).scalar_one())


def close_wishes(connection: Connection, passback_ids: list[int]) -> None:
    """Nothing more goes for these rows: what was wished and not confirmed is given up, as a person decided."""
    connection.execute(
        update(Passback)
        .where(Passback.id.in_(passback_ids), Passback.state == "due")
        .values(state=_state_at_rest(), **_AT_REST)
    )


def try_again(connection: Connection, passback_ids: list[int]) -> None:
    """A person mended what was wrong: failing rows are tried now, as if for the first time."""
    connection.execute(
        update(Passback)
        .where(Passback.id.in_(passback_ids), Passback.state == "due")
        .values(**_AT_REST | {"next_try_at": now()})
    )


def _state_at_rest() -> ColumnElement[str]:
    return case((Passback.confirmed_version > 0, "delivered"), else_="held")


_AT_REST: dict[str, object] = {
    "next_try_at": None,
    "tries": 0,
    "first_failed_at": None,
    "failure": None,
    "needs_person": False,
}
_UNWISHED = {"version": 0, "confirmed_version": 0, "hand_in_version": 0, "tries": 0, "needs_person": False}


def _raised(chosen: Chosen) -> dict[str, object]:
    at = now()
    is_same_hand_in = Passback.submitted_at.is_not_distinct_from(chosen.submitted_at)
    return {
        "state": "due",
        "score": chosen.score,
        "maximum": chosen.maximum,
        "clears": chosen.score is None,
        "version": Passback.version + 1,
        "hand_in_version": case((is_same_hand_in, Passback.hand_in_version), else_=Passback.version + 1),
        "submitted_at": chosen.submitted_at,
        "trigger": chosen.trigger,
        "run_id": chosen.run_id,
        "wished_at": at,
        "timestamp": None,
        "next_try_at": at,
        "tries": 0,
        "first_failed_at": None,
        "failure": None,
        "needs_person": False,
        "kept_score": None,
        "error_seen_at": None,
    }
