"""A press of a button becomes a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, insert, select

from tool import errands
from tool.clock import now
from tool.errors import BadInput
from tool.language import gettext
from tool.model.passbacks import Run, RunItem
from tool.passback.acts import Actor
from tool.passback.ledger.turning import bound_to, turn_rows
from tool.passback.ledger.wishing import ensure_row
from tool.passback.runs.following import is_undoable, last_undoable, read_items

SEND_AGAIN_AT_MOST_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One student of a run to be started."""

    member_id: int
    score: Decimal | None
    maximum: Decimal | None
    choice: str | None = None


def start(
    connection: Connection,
    actor: Actor,
    course_id: int,
    kind: str,
    wanted: Sequence[Wanted],
    *,
    undoes: int | None = None,
) -> int:
    """Write a run down and ask for its preparation; returns its id. Nothing is sent yet."""
    if not wanted:
        raise BadInput(gettext("Nobody is chosen."), gettext("Choose at least one student."))
    if kind == "send_again":
        _refuse_haste(connection, actor.placement_id)
    turn_rows(connection, actor.placement_id, bound_to(actor.placement_id), [one.member_id for one in wanted])
    run_id: int = connection.execute(
        insert(Run)
        .values(
            course_id=course_id,
            placement_id=actor.placement_id,
            kind=kind,
            trigger="manual",
            started_by=actor.member_id,
            started_at=now(),
            undoes=undoes,
            assignment_id=bound_to(actor.placement_id),
        )
        .returning(Run.id)
    ).scalar_one()
    connection.execute(insert(RunItem), [{"run_id": run_id, **_item(connection, actor, one)} for one in wanted])
    errands.ask(connection, "run", run_id)
    return run_id


def _item(connection: Connection, actor: Actor, one: Wanted) -> dict[str, object]:
    return {
        "passback_id": ensure_row(connection, actor.placement_id, one.member_id, actor.platform_id),
        "score": one.score,
        "maximum": one.maximum,
        "choice": one.choice,
    }


def undo_last(connection: Connection, actor: Actor, course_id: int) -> int:
    """Put back what stood in the LMS before the last run, for each student for whom nothing newer was sent since."""
    last = last_undoable(connection, actor.placement_id)
    if last is None:
        raise BadInput(
            gettext("There is nothing to undo."), gettext("Only the last send can be undone, and only once.")
        )
    wanted = [
        Wanted(item.member_id, item.before_score, item.before_maximum)
        for item in read_items(connection, last.id)
        if is_undoable(item)
    ]
    return start(connection, actor, course_id, "undo", wanted, undoes=last.id)


def _refuse_haste(connection: Connection, placement_id: int) -> None:
    since: datetime | None = connection.execute(
        select(Run.started_at)
        .where(Run.placement_id == placement_id, Run.kind == "send_again")
        .order_by(Run.id.desc())
        .limit(1)
    ).scalar()
    if since is not None and now() - since < SEND_AGAIN_AT_MOST_EVERY:
        raise BadInput(
            gettext("Everything was sent again less than an hour ago."),
            gettext("Look at the rows: what did not arrive says why. You can send again in an hour."),
        )
