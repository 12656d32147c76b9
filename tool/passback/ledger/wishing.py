"""Writing a wish: what should stand in the LMS."""

from sqlalchemy import Connection, and_, case, update

from tool.clock import now
from tool.db import upsert
from tool.model.passbacks import Passback
from tool.passback.ledger.entries import Wish


def wish(connection: Connection, wanted: Wish) -> None:
    """Write what was earned, and raise the wanted version when it is to be sent; in the caller's transaction."""
    at = now()
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
            version=0,
            confirmed_version=0,
            hand_in_version=0,
            tries=0,
            needs_person=False,
        )
        .on_conflict_do_update(index_elements=list(key), set_=told)
    )
    mine = and_(Passback.placement_id == wanted.placement_id, Passback.member_id == wanted.member_id)
    if not wanted.is_send:
        # What was wished before still goes: whether the LMS was slow must not decide what it holds in the end.
        connection.execute(update(Passback).where(mine, Passback.version == 0).values(state=state))
        return
    is_same_hand_in = Passback.submitted_at.is_not_distinct_from(wanted.submitted_at)
    connection.execute(
        update(Passback)
        .where(mine)
        .values(
            state="due",
            score=wanted.earned,
            maximum=wanted.earned_maximum,
            version=Passback.version + 1,
            hand_in_version=case((is_same_hand_in, Passback.hand_in_version), else_=Passback.version + 1),
            submitted_at=wanted.submitted_at,
            trigger=wanted.trigger,
            wished_at=at,
            timestamp=None,
            next_try_at=at,
            tries=0,
            first_failed_at=None,
            failure=None,
            needs_person=False,
        )
    )
