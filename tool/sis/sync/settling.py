"""What a run writes of items and scores before and after each call, in the caller's short transaction.

Before something is sent, its id is written down and the print of what stood there is taken away: should the answer
never come, nobody knows any more what stands there, and it is sent again. The print is written after the answer.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, case, insert, select, update

from tool.clock import now
from tool.db import upsert
from tool.model.sis_syncs import SisItem, SisRunLine, SisScore
from tool.sis.plain import Result, SisError
from tool.sis.rules.dates import Due
from tool.sis.sync.states import ItemState, Outcome, Step

REASON = ("code", "status", "answer")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a run's log; of an item, or of one student of it."""

    item_id: int
    step: Step
    outcome: Outcome
    code: str | None = None
    member_id: int | None = None
    status: int | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """One student's result on its way, under its id there; `before` is the row of it, if there is one."""

    member_id: int
    result: Result
    fingerprint: str
    before: Any | None


def add_lines(connection: Connection, run_id: int, lines: Collection[Line]) -> None:
    """Added, never changed. A run that is repeated writes no line twice, and none of what it had sent before."""
    written = _read_written(connection, run_id, {line.item_id for line in lines})
    rows = []
    for line in lines:
        key = (line.item_id, line.member_id, line.step)
        known = written.setdefault(key, set())
        if known & {("sent", None), (line.outcome, line.code)}:
            continue
        known.add((line.outcome, line.code))
        told = {"step": line.step, "outcome": line.outcome, "code": line.code, "status": line.status}
        about = {"item_id": line.item_id, "member_id": line.member_id, "score": line.score}
        rows.append({"run_id": run_id, "at": now()} | told | about)
    if rows:
        connection.execute(insert(SisRunLine), rows)


def hold_back(connection: Connection, item_id: int, code: str, answer: str | None) -> None:
    """The check before sending found something: nothing goes for the item."""
    _set_trouble(connection, item_id, "blocked", {"code": code, "status": None, "answer": answer})


def fail_item(connection: Connection, item_id: int, error: SisError) -> None:
    told = {"code": error.code, "status": error.status, "answer": error.excerpt or None}
    _set_trouble(connection, item_id, "failed", told)


def lose_item(connection: Connection, item_id: int, error: SisError) -> None:
    """Its column is gone, and every score with it: whatever brings it back, all of them go again."""
    fail_item(connection, item_id, error)
    connection.execute(update(SisScore).where(SisScore.item_id == item_id).values(sent_fingerprint=None))


def let_wait(connection: Connection, item_id: int) -> None:
    """There is nothing to send of it yet. What went before stays as it was."""
    waiting = (SisItem.id == item_id, SisItem.state.in_(("new", "queued", "blocked")))
    connection.execute(update(SisItem).where(*waiting).values(state="new", code="nothing_yet", answer=None))


def mark_queued(connection: Connection, item_id: int) -> None:
    """It goes in this run; why it did not go before is kept until then."""
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(state="queued"))


def free_item(connection: Connection, item_id: int) -> None:
    """Nothing keeps it back any more."""
    mine = (SisItem.id == item_id, SisItem.state == "blocked")
    connection.execute(update(SisItem).where(*mine).values(state="new", code=None, answer=None))


def note_code(connection: Connection, item_id: int, code: str) -> None:
    """Why it did not go yet; it is tried again."""
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(code=code))


def settle_item(connection: Connection, item_id: int, left_out: str | None) -> None:
    """Everything of it stands there; `left_out`: why some students do not."""
    state: ItemState = "done" if left_out is None else "noted"
    values = {"state": state, "code": left_out, "status": None, "answer": None, "tried_at": now()}
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(succeeded_at=now(), **values))


def begin_column(connection: Connection, item_id: int, line_item_id: str) -> None:
    values = {"line_item_id": line_item_id, "sent_fingerprint": None}
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(**values))


def settle_column(connection: Connection, item_id: int, line_item_id: str, fingerprint: str, due: Due) -> None:
    """It stands there, under the id that the SIS uses; its due date no longer wanders."""
    values = {"line_item_id": line_item_id, "sent_fingerprint": fingerprint}
    frozen = {"due_at": due.at, "due_source": due.source}
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(**values, **frozen))


def begin_scores(connection: Connection, item_id: int, sendings: Iterable[Sending]) -> None:
    rows = [
        {
            "item_id": item_id,
            "member_id": one.member_id,
            "result_id": one.result.sourced_id,
            "student_id": one.result.student_id,
            "sent_fingerprint": None,
        }
        for one in sorted(sendings, key=lambda one: one.member_id)
    ]
    if rows:
        _put_scores(connection, rows, ("result_id", "student_id", "sent_fingerprint"))


def settle_score(connection: Connection, item_id: int, one: Sending, result_id: str) -> None:
    """It stands there, under the id that the SIS uses."""
    values = {
        "result_id": result_id,
        "sent_status": one.result.status,
        "sent_score": one.result.score,
        "sent_fingerprint": one.fingerprint,
        "sent_at": now(),
        "state": "sent",
        **dict.fromkeys(REASON),
    }
    connection.execute(update(SisScore).where(*_mine(item_id, one.member_id)).values(**values))


def fail_score(connection: Connection, item_id: int, member_id: int, error: SisError) -> None:
    values = {"state": "failed", "code": error.code, "status": error.status, "answer": error.excerpt or None}
    connection.execute(update(SisScore).where(*_mine(item_id, member_id)).values(**values))


def skip_scores(connection: Connection, item_id: int, reasons: Mapping[int, str]) -> None:
    """Member → why nothing goes for them."""
    rows = [
        {"item_id": item_id, "member_id": member_id, "state": "skipped", "code": code, "status": None, "answer": None}
        for member_id, code in sorted(reasons.items())
    ]
    if rows:
        _put_scores(connection, rows, ("state", *REASON))


def note_read(connection: Connection, score_id: int, found: Decimal | None) -> None:
    """What the SIS held just now."""
    connection.execute(update(SisScore).where(SisScore.id == score_id).values(read_score=found, read_at=now()))


def _set_trouble(connection: Connection, item_id: int, state: ItemState, told: Mapping[str, Any]) -> None:
    """A trouble that was looked at and is still the same is no news."""
    is_same = and_(SisItem.state.in_((state, "queued")), SisItem.code == told["code"])
    seen = case((is_same, SisItem.error_seen_at), else_=None)
    values = {"state": state, "tried_at": now(), "error_seen_at": seen, **told}
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(**values))


def _put_scores(connection: Connection, rows: list[dict[str, Any]], changed: Iterable[str]) -> None:
    statement = upsert(connection, SisScore)
    values = {name: statement.excluded[name] for name in changed}
    keys = ["item_id", "member_id"]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), rows)


def _mine(item_id: int, member_id: int) -> tuple[Any, ...]:
    return (SisScore.item_id == item_id, SisScore.member_id == member_id)


def _read_written(
    connection: Connection, run_id: int, item_ids: Collection[int]
) -> dict[tuple[Any, ...], set[tuple[str, str | None]]]:
    """(item, member, step) → what was written of it: outcome and code."""
    mine = select(SisRunLine).where(SisRunLine.run_id == run_id, SisRunLine.item_id.in_(item_ids))
    written: dict[tuple[Any, ...], set[tuple[str, str | None]]] = {}
    for row in connection.execute(mine):
        written.setdefault((row.item_id, row.member_id, row.step), set()).add((row.outcome, row.code))
    return written
