"""The errand behind a run: read the LMS, then wish."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select, update

from tool.clock import now
from tool.db import Database
from tool.failpoints import reach
from tool.lti.connector import Connector
from tool.lti.quirks import can_clear
from tool.model.passbacks import Run, RunItem
from tool.passback.choosing import Choice, leave_out, leave_out_zero
from tool.passback.ledger.entries import Chosen
from tool.passback.ledger.wishing import take_rows, wish_chosen
from tool.passback.reconcile import read_results_of
from tool.passback.runs.following import read_items
from tool.passback.students import Link, Student, read_link, read_students
from tool.passback.verdict import Verdict, judge


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
        items = read_items(connection, run_id)
        take_rows(connection, [item.passback_id for item in items])
        for item in items:
            _settle_item(connection, run, link, students.get(item.member_id), item)
        connection.execute(update(Run).where(Run.id == run_id, Run.read_at.is_(None)).values(read_at=now()))
        reach("run.wished")


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
        reason = _hindrance(run, link, student, verdict, item)
        if reason is None:
            values["version"] = wish_chosen(connection, item.passback_id, _chosen(run, student, item))
        else:
            values["left_out"] = reason
    mine = (RunItem.run_id == run.id) & (RunItem.passback_id == item.passback_id)
    connection.execute(update(RunItem).where(mine).values(**values))


def _hindrance(run: Any, link: Link, student: Student, verdict: Verdict, item: Any) -> str | None:
    if run.assignment_id not in (None, link.assignment_id):
        return "other_assignment"  # the number is of what the link had when the button was pressed
    if run.kind == "undo":
        return "cannot_clear" if item.score is None and not can_clear(link.family) else None
    if run.kind == "zeros":
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
