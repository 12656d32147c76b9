"""How far a run is, and whether it can be undone; asked of the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select

from tool.model.passbacks import Passback, Run, RunItem


def last_undoable(connection: Connection, placement_id: int) -> Any:
    """The newest run that delivered something or still may, unless it is an undo or cannot be undone (any more).

    A run that left everybody out, or reached nobody, changed nothing in the LMS: the send before it is the last one.
    """
    has_delivered = Passback.confirmed_version >= RunItem.version
    is_under_way = and_(
        Passback.version == RunItem.version, Passback.state == "due", Passback.needs_person.is_not(True)
    )
    reaches_somebody = exists().where(
        RunItem.run_id == Run.id, Passback.id == RunItem.passback_id, or_(has_delivered, is_under_way)
    )
    last = connection.execute(
        select(Run)
        .where(Run.placement_id == placement_id, or_(Run.kind == "undo", Run.read_at.is_(None), reaches_somebody))
        .order_by(Run.id.desc())
        .limit(1)
    ).first()
    if last is None or last.kind == "undo" or last.read_at is None:
        return None
    return last if any(is_undoable(item) for item in read_items(connection, last.id)) else None


def is_undoable(item: Any) -> bool:
    """Sent by this run, with what stood before known, and nothing newer wished since."""
    was_sent = item.version is not None and item.confirmed_version >= item.version
    return bool(was_sent and item.before_is_known and item.row_version == item.version)


def last_run(connection: Connection, placement_id: int) -> Mapping[str, Any] | None:
    """The newest run of a placement with its counts, for the progress line."""
    run = connection.execute(
        select(Run).where(Run.placement_id == placement_id).order_by(Run.id.desc()).limit(1)
    ).first()
    return progress(connection, run) if run is not None else None


def progress(connection: Connection, run: Any) -> Mapping[str, Any]:
    """How far a run is: {run, total, done, failed, left_out, waiting, is_reading, is_over}."""
    items = read_items(connection, run.id)
    done = sum(item.version is not None and item.confirmed_version >= item.version for item in items)
    left_out = sum(item.left_out is not None for item in items)
    failed = sum(item.version == item.row_version and item.state == "due" and item.needs_person for item in items)
    given_up = sum(
        item.version is not None and item.confirmed_version < item.version and item.state != "due" for item in items
    )
    waiting = len(items) - done - left_out - failed - given_up
    return {
        "run": run,
        "total": len(items),
        "done": done,
        "failed": failed + given_up,
        "left_out": left_out,
        "waiting": waiting,
        "is_reading": run.read_at is None,
        "is_over": run.read_at is not None and waiting == 0,
    }


def read_items(connection: Connection, run_id: int) -> Sequence[Any]:
    """The students of a run, with where their rows are now."""
    return connection.execute(
        select(
            RunItem,
            Passback.member_id,
            Passback.version.label("row_version"),
            Passback.confirmed_version,
            Passback.state,
            Passback.needs_person,
        )
        .join(Passback, Passback.id == RunItem.passback_id)
        .where(RunItem.run_id == run_id)
        .order_by(RunItem.passback_id)
    ).all()
