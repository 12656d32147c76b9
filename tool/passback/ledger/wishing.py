"""Writing a wish: what should stand in the LMS."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, and_, bindparam, case, select, update

from tool.clock import now
from tool.db import SCORE, Database, tell, upsert, upserting
from tool.model.passbacks import Passback
from tool.model.work import Placement
from tool.passback.ledger.entries import Chosen, Wish
from tool.passback.ledger.turning import AT_REST, bound_to, state_at_rest, turn_rows
from tool.registration.watching import HOPELESS, SILENT

_KEY = ("placement_id", "member_id")
# Failures of the platform as a whole: they end for all scores at once.
PLATFORM_TROUBLE = SILENT | HOPELESS | {"rate_limited"}


def wish(connection: Connection, wanted: Wish) -> None:
    """Write what was earned, and raise the wanted version when it is to be sent; in the caller's transaction."""
    dialect = connection.dialect.name
    told = {
        "placement_id": wanted.placement_id,
        "member_id": wanted.member_id,
        "assignment_id": wanted.assignment_id,
        "platform_id": wanted.platform_id,
        "earned": wanted.earned,
        "earned_maximum": wanted.earned_maximum,
        "cause": wanted.cause,
        "reason": wanted.reason,
        "detail": list(wanted.detail),
    }
    if not wanted.is_send:
        connection.execute(_recording(dialect), {**_UNWISHED, **told, "state": "skipped" if wanted.is_skip else "held"})
        return
    chosen = Chosen(wanted.earned, wanted.earned_maximum, wanted.submitted_at, wanted.trigger)
    first = {**_UNWISHED, "state": "due", "version": 1, "hand_in_version": 0 if wanted.submitted_at is None else 1}
    connection.execute(_sending(dialect), {**first, **told, **_written(chosen)})
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
    values = {f"b_{name}": value for name, value in _written(chosen).items()}
    version = int(connection.execute(_RAISING, {"b_passback_id": passback_id, **values}).scalar_one())
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
_OF_THE_TOOL = ("assignment_id", "platform_id", "earned", "earned_maximum", "cause", "reason", "detail")
_OF_THE_WISH = ("score", "maximum", "clears", "submitted_at", "trigger", "run_id", "wished_at", "next_try_at")


def _written(chosen: Chosen) -> dict[str, object]:
    """What a wish writes: a value for each of `_OF_THE_WISH`."""
    at = now()
    return {
        "score": chosen.score,
        "maximum": chosen.maximum,
        "clears": chosen.score is None,
        "submitted_at": chosen.submitted_at,
        "trigger": chosen.trigger,
        "run_id": chosen.run_id,
        "wished_at": at,
        "next_try_at": at,
    }


def _raised(new: Mapping[str, Any]) -> dict[str, Any]:
    """How a row is raised, out of the new values of `_OF_THE_WISH`."""
    is_same_hand_in = Passback.submitted_at.is_not_distinct_from(new["submitted_at"])
    # Who improves a score while it waits for its first try does not go to the end of the queue for it. A row for which
    # nothing waits has no next try.
    is_in_line = and_(Passback.tries == 0, Passback.next_try_at <= new["next_try_at"])
    return {
        **{name: new[name] for name in _OF_THE_WISH},
        "state": "due",
        "version": Passback.version + 1,
        "hand_in_version": case((is_same_hand_in, Passback.hand_in_version), else_=Passback.version + 1),
        "timestamp": None,
        "next_try_at": case((is_in_line, Passback.next_try_at), else_=new["next_try_at"]),
        "tries": 0,
        "first_failed_at": None,
        "failure": None,
        "needs_person": False,
        "kept_score": None,
        "error_seen_at": None,
    }


# Statements are built once: building one would cost more than running it, and every hand-in runs one of them.
_RAISING = (
    update(Passback)
    .where(Passback.id == bindparam("b_passback_id"))
    .values(**_raised({name: bindparam(f"b_{name}", type_=Passback.__table__.c[name].type) for name in _OF_THE_WISH}))
    .returning(Passback.version)
)


@cache
def _recording(dialect: str) -> Insert:
    """Writes what was earned. What was wished before still goes: whether the LMS was slow must not decide what it
    holds in the end."""
    writing = upserting(dialect, Passback)
    told = writing.excluded
    earned = {name: told[name] for name in _OF_THE_TOOL}
    state = case((Passback.version == 0, told.state), else_=Passback.state)
    return writing.on_conflict_do_update(index_elements=_KEY, set_=earned | {"state": state})


@cache
def _sending(dialect: str) -> Insert:
    """Writes what was earned, and that it be sent."""
    writing = upserting(dialect, Passback)
    told = writing.excluded
    earned = {name: told[name] for name in _OF_THE_TOOL}
    raised = _raised({name: told[name] for name in _OF_THE_WISH})
    return writing.on_conflict_do_update(index_elements=_KEY, set_=earned | raised)
