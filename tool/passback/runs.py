"""Runs: one press of *Send*, *Send again*, *Zeros for missing work* or *Undo*. The only writer of Run and RunItem.

A press writes the run and asks for an errand; the errand reads the LMS's grades first, keeps what stood there before,
holds what a person changed in the LMS, and wishes the rest. No request of a teacher waits for the LMS.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tool import errands
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.lti.access_token import Connector
from tool.lti.quirks import can_clear
from tool.model.passbacks import Passback, Run, RunItem
from tool.passback.acts import Actor
from tool.passback.choosing import Choice, leave_out, leave_out_zero
from tool.passback.ledger.entries import Chosen
from tool.passback.ledger.wishing import ensure_row, wish_chosen
from tool.passback.reconcile import read_results_of
from tool.passback.students import Link, Student, read_link, read_students
from tool.passback.verdict import Verdict, judge

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
        )
        .returning(Run.id)
    ).scalar_one()
    rows = [
        {
            "run_id": run_id,
            "passback_id": ensure_row(connection, actor.placement_id, one.member_id, actor.platform_id),
            "score": one.score,
            "maximum": one.maximum,
            "choice": one.choice,
        }
        for one in wanted
    ]
    connection.execute(insert(RunItem), rows)
    errands.ask(connection, "run", run_id)
    return run_id


def prepare(database: Database, connect: Callable[[int], Connector | None], run_id: int) -> None:
    """The errand behind a run: read the LMS, then wish. A reading that fails holds nothing up: what stood there before
    is then not known, and undo says so."""
    with database.reading() as connection:
        run = connection.execute(select(Run).where(Run.id == run_id)).one()
    if run.read_at is not None or run.placement_id is None:
        return
    read_results_of(database, connect, run.placement_id)
    with database.writing() as connection:
        link = read_link(connection, run.placement_id)
        students = {student.member_id: student for student in read_students(connection, link)}
        for item in _items(connection, run_id):
            _settle_item(connection, run, link, students.get(item.member_id), item)
        connection.execute(update(Run).where(Run.id == run_id, Run.read_at.is_(None)).values(read_at=now()))


def _settle_item(connection: Connection, run: Any, link: Link, student: Student | None, item: Any) -> None:
    values: dict[str, object]
    if student is None:
        values = {"left_out": "left"}
    else:
        verdict = judge(link, student)
        is_read = link.results_read_at is not None and link.results_read_at >= run.started_at
        # Where there is no column yet, nothing stands in it.
        is_known = is_read or (student.row.own_line_item_url or link.line_item_url) is None
        values = {
            "before_is_known": is_known,
            "before_score": verdict.in_lms if is_known else None,
            "before_maximum": verdict.in_lms_maximum if is_known else None,
        }
        reason = _hindrance(run.kind, link, student, verdict, item)
        if reason is None:
            values["version"] = wish_chosen(connection, item.passback_id, _chosen(run, student, item))
        else:
            values["left_out"] = reason
    mine = (RunItem.run_id == run.id) & (RunItem.passback_id == item.passback_id)
    connection.execute(update(RunItem).where(mine).values(**values))


def _hindrance(kind: str, link: Link, student: Student, verdict: Verdict, item: Any) -> str | None:
    if kind == "undo":
        return "cannot_clear" if item.score is None and not can_clear(link.family) else None
    if kind == "zeros":
        return leave_out_zero(link, student, verdict)
    choice: Choice = "replace" if item.choice == "replace" else None
    return leave_out(link, student, verdict, choice=choice)


def _chosen(run: Any, student: Student, item: Any) -> Chosen:
    return Chosen(
        score=item.score,
        maximum=item.maximum,
        # An undo is no hand-in; the time of the one already told stays.
        submitted_at=student.row.submitted_at if run.kind == "undo" else student.row.handed_in_at,
        trigger=run.trigger,
        run_id=run.id,
    )


def undo_last(connection: Connection, actor: Actor, course_id: int) -> int:
    """Put back what stood in the LMS before the last run, for each student for whom nothing newer was sent since."""
    last = last_undoable(connection, actor.placement_id)
    if last is None:
        raise BadInput(
            gettext("There is nothing to undo."), gettext("Only the last send can be undone, and only once.")
        )
    wanted = [
        Wanted(item.member_id, item.before_score, item.before_maximum)
        for item in _items(connection, last.id)
        if is_undoable(item)
    ]
    return start(connection, actor, course_id, "undo", wanted, undoes=last.id)


def last_undoable(connection: Connection, placement_id: int) -> Any:
    """The placement's newest run, unless it is an undo itself or was undone."""
    last = connection.execute(
        select(Run).where(Run.placement_id == placement_id).order_by(Run.id.desc()).limit(1)
    ).first()
    if last is None or last.kind == "undo" or last.read_at is None:
        return None
    return last if any(is_undoable(item) for item in _items(connection, last.id)) else None


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
    items = _items(connection, run.id)
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


def _items(connection: Connection, run_id: int) -> Sequence[Any]:
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
