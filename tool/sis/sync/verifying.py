"""The last stage: what the SIS holds now, beside what was sent. A difference is a note and never an error."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from tool.model.sis import SisSection
from tool.model.sis_syncs import SisItem, SisRunLine, SisScore
from tool.sis.plain import FoundResult, SisError
from tool.sis.sync.settling import Line, add_lines, note_read
from tool.sis.sync.trips import Trip


def verify(trip: Trip, item_ids: Iterable[int]) -> None:
    """Read back the scores of these items. What cannot be read stays unread: all of it was taken already."""
    for item_id in sorted(item_ids):
        with trip.database.reading() as connection:
            of_class = select(SisSection.class_id, SisItem.line_item_id).join(
                SisItem, SisItem.section_id == SisSection.id
            )
            row = connection.execute(of_class.where(SisItem.id == item_id)).one()
        if row.line_item_id is None:
            continue
        try:
            found = trip.client.read_results(row.class_id, row.line_item_id)
        except SisError as error:
            with trip.database.writing() as connection:
                add_lines(connection, trip.run_id, [Line(item_id, "verify", "warned", error.code, status=error.status)])
            if error.kind != "permanent":
                return
            continue
        with trip.database.writing() as connection:
            _write(connection, trip.run_id, item_id, {one.student_id: one for one in found})
            trip.stay_alive(connection)


def list_sent(connection: Connection, run_id: int) -> frozenset[tuple[int, int | None]]:
    """(item, member or None for its column) that a run has sent so far."""
    sent = (SisRunLine.run_id == run_id, SisRunLine.outcome == "sent", SisRunLine.item_id.is_not(None))
    rows = connection.execute(select(SisRunLine.item_id, SisRunLine.member_id).where(*sent))
    return frozenset((row.item_id, row.member_id) for row in rows)


def _write(connection: Connection, run_id: int, item_id: int, found: dict[str, FoundResult]) -> None:
    rows = connection.execute(select(SisScore).where(SisScore.item_id == item_id, SisScore.sent_at.is_not(None))).all()
    notes = []
    for row in rows:
        there = found.get(row.student_id or "")
        note_read(connection, row.id, there.score if there else None)
        if not _is_same(row, there):
            code, score = "overwritten", there.score if there else None
            notes.append(Line(item_id, "verify", "warned", code, member_id=row.member_id, score=score))
    add_lines(connection, run_id, notes)


def _is_same(row: Any, there: FoundResult | None) -> bool:
    return row.sent_score is None or (there is not None and there.score == row.sent_score)
