"""Writing a wish: what should stand in the LMS."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, case, select, update

from tool.clock import now
from tool.db import SCORE, Database, tell, upsert
from tool.model.passbacks import Passback
from tool.model.work import Placement
from tool.passback.ledger.entries import Chosen, Wish
from tool.passback.ledger.turning import AT_REST, bound_to, state_at_rest, turn_rows
from tool.registration.watching import HOPELESS, SILENT

# Failures of the platform as a whole: they end for all scores at once.
PLATFORM_TROUBLE = SILENT | HOPELESS | {"rate_limited"}


def wish(connection: Connection, wanted: Wish) -> None:
    """Write what was earned, and raise the wanted version when it is to be sent; in the caller's transaction."""
    key = {"placement_id": wanted.placement_id, "member_id": wanted.member_id}
    told: dict[str, object] = {
        "assignment_id": wanted.assignment_id,
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
    tell(connection, SCORE)


def hold_rows(connection: Connection, assignment_id: str) -> None:
    """Before many rows are changed in one transaction: take them in the order in which the sender takes them, so that
    the two never wait for each other in a circle."""
    rows = select(Passback.id).join(Placement, Placement.id == Passback.placement_id)
    wanted = rows.where(Placement.assignment_id == assignment_id).order_by(Passback.id)
    connection.execute(wanted.with_for_update(of=Passback)).all()


def take_rows(connection: Connection, passback_ids: Collection[int]) -> None:
    """The same for rows that are known by their ids."""
    rows = select(Passback.id).where(Passback.id.in_(passback_ids)).order_by(Passback.id)
    connection.execute(rows.with_for_update()).all()


def wish_chosen(connection: Connection, passback_id: int, chosen: Chosen) -> int:
    """Raise the wanted version of a row to a number that a person chose; returns the version."""
    raised = update(Passback).where(Passback.id == passback_id).values(**_raised(chosen)).returning(Passback.version)
    version = int(connection.execute(raised).scalar_one())
    tell(connection, SCORE)
    return version


def ensure_row(connection: Connection, placement_id: int, member_id: int, platform_id: int) -> int:
    """The row of a student who has earned nothing yet (zeros for missing work, an override before the hand-in)."""
    key = {"placement_id": placement_id, "member_id": member_id}
    turn_rows(connection, placement_id, bound_to(placement_id), [member_id])
    connection.execute(
        upsert(connection, Passback)
        .values(**key, assignment_id=bound_to(placement_id), platform_id=platform_id, state="held", **_UNWISHED)
        .on_conflict_do_nothing()
    )
    found = select(Passback.id).where(Passback.placement_id == placement_id, Passback.member_id == member_id)
    return int(connection.execute(found).scalar_one())


def close_wishes(connection: Connection, passback_ids: list[int], *, reason: str | None = None) -> None:
    """Nothing more goes for these rows: what was wished and not confirmed is given up, as a person decided; `reason`,
    a code of `words`, says why where the row itself does not."""
    take_rows(connection, passback_ids)
    told = {} if reason is None else {"reason": reason, "detail": []}
    connection.execute(
        update(Passback)
        .where(Passback.id.in_(passback_ids), Passback.state == "due")
        .values(state=state_at_rest(), **AT_REST, **told)
    )


def try_again(connection: Connection, passback_ids: list[int]) -> None:
    """A person mended what was wrong: failing rows are tried now, as if for the first time."""
    take_rows(connection, passback_ids)
    connection.execute(
        update(Passback)
        .where(Passback.id.in_(passback_ids), Passback.state == "due")
        .values(**AT_REST | {"next_try_at": now()})
    )
    tell(connection, SCORE)


def try_failed_again(database: Database, platform_id: int) -> None:
    """The platform answers again: what failed while it did not is tried now, whatever wait it had come to."""
    with database.writing() as connection:
        mine = (Passback.platform_id == platform_id, Passback.state == "due", Passback.failure.in_(PLATFORM_TROUBLE))
        ids = select(Passback.id).where(*mine).order_by(Passback.id).with_for_update(skip_locked=True)
        at_once = {"next_try_at": now(), "tries": 1, "needs_person": False}
        connection.execute(update(Passback).where(Passback.id.in_(ids)).values(**at_once))


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
