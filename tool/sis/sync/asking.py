"""Asking for a run. One that waits already is joined; what is asked while another runs comes after it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tool import errands
from tool.clock import now
from tool.errors import BadInput
from tool.errors import marked as _
from tool.model.sis import SisSection
from tool.model.sis_syncs import SisRun
from tool.sis.linking.marks import mark_remastered, open_period
from tool.sis.rules.dates import period_of
from tool.sis.sync.dues import read_dues, read_periods, read_zone
from tool.sis.sync.states import Kind

SYNCING = "sis_run"
"""The errand that goes through the runs of a section (its subject), one after the other."""
REMASTER_PAUSE = timedelta(hours=24)
ALIKE: dict[str, frozenset[str]] = {kind: frozenset({"changes", "selected"}) for kind in ("changes", "selected")}


@dataclass(frozen=True, slots=True)
class RunState:
    """How far a run is; `code` says why it failed, or what it waits for."""

    status: str
    stage: str
    code: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which placements a run is for: the chosen ones (None: all) without those left out."""

    chosen: frozenset[int] | None
    left_out: frozenset[int]

    def has(self, placement_id: int) -> bool:
        return (self.chosen is None or placement_id in self.chosen) and placement_id not in self.left_out

    def join(self, other: "Wanted") -> "Wanted":
        """What either of the two is for."""
        left_out = frozenset(one for one in self.left_out | other.left_out if not self.has(one) and not other.has(one))
        if self.chosen is None or other.chosen is None:
            return Wanted(None, left_out)
        return Wanted(self.chosen | other.chosen, left_out)


def ask_for_run(
    connection: Connection,
    section_id: int,
    kind: Kind,
    member_id: int | None,
    *,
    placement_ids: Iterable[int] | None = None,
    left_out: Iterable[int] | None = None,
) -> int:
    """Want a run of the section soon, in the caller's transaction; the id of the run that will do it.

    `member_id`: who pressed the button, None for a night. `placement_ids`: the chosen items, None for all that want it;
    `left_out`: not this time. Raises BadInput where a remaster is asked for twice in 24 hours.
    """
    # Whoever asks for the same class at the same moment waits here, and then finds this one's run.
    connection.execute(select(SisSection.id).where(SisSection.id == section_id).with_for_update(key_share=True))
    wanted = Wanted(None if placement_ids is None else frozenset(placement_ids), frozenset(left_out or ()))
    if kind == "remaster":
        _insist_on_pause(connection, section_id)
        mark_remastered(connection, section_id)
    if kind == "selected" and wanted.chosen is not None and len(wanted.chosen) == 1:
        _try_period_again(connection, section_id, wanted.chosen)
    waiting = _find_waiting(connection, section_id, ALIKE.get(kind, frozenset({kind})))
    run_id = (
        _insert(connection, section_id, kind, member_id, wanted)
        if waiting is None
        else _join(connection, waiting, kind, member_id, wanted)
    )
    errands.ask(connection, SYNCING, section_id)
    return run_id


def state_of_run(connection: Connection, run_id: int) -> RunState:
    """Where a run stands."""
    row = connection.execute(select(SisRun).where(SisRun.id == run_id)).one()
    return RunState(row.status, row.stage, row.code, row.updated_at)


def read_wanted(row: Any) -> Wanted:
    """Of a run's row."""
    chosen = None if row.placement_ids is None else frozenset(int(one) for one in row.placement_ids)
    return Wanted(chosen, frozenset(int(one) for one in row.left_out or ()))


def _find_waiting(connection: Connection, section_id: int, kinds: Collection[str]) -> Any | None:
    waiting = (SisRun.section_id == section_id, SisRun.status == "queued", SisRun.kind.in_(kinds))
    return connection.execute(select(SisRun).where(*waiting).order_by(SisRun.id).limit(1)).first()


def _insert(connection: Connection, section_id: int, kind: Kind, member_id: int | None, wanted: Wanted) -> int:
    at = now()
    values = {"section_id": section_id, "kind": kind, "started_by": member_id, "asked_at": at, "updated_at": at}
    made = insert(SisRun).values(**values, **_as_stored(wanted)).returning(SisRun.id)
    return int(connection.execute(made).scalar_one())


def _join(connection: Connection, waiting: Any, kind: Kind, member_id: int | None, wanted: Wanted) -> int:
    joined = read_wanted(waiting).join(wanted)
    if kind in ALIKE:
        kind = "changes" if joined.chosen is None else "selected"
    values = {"kind": kind, "started_by": waiting.started_by or member_id, "asked_at": now(), "updated_at": now()}
    connection.execute(update(SisRun).where(SisRun.id == waiting.id).values(**values, **_as_stored(joined)))
    return int(waiting.id)


def _as_stored(wanted: Wanted) -> dict[str, Any]:
    return {
        "placement_ids": None if wanted.chosen is None else sorted(wanted.chosen),
        "left_out": sorted(wanted.left_out) or None,
    }


def _insist_on_pause(connection: Connection, section_id: int) -> None:
    mine = select(SisSection.remastered_at).where(SisSection.id == section_id)
    remastered_at = connection.execute(mine).scalar_one()
    if remastered_at is not None and remastered_at + REMASTER_PAUSE > now():
        raise BadInput(
            _("This class was remastered less than 24 hours ago."),
            _("Wait until tomorrow. What changed since goes with “Sync changes”."),
        )


def _try_period_again(connection: Connection, section_id: int, chosen: Iterable[int]) -> None:
    """A teacher who presses *Try again* on one item may know that the office has opened its period."""
    zone, periods = read_zone(connection, section_id), read_periods(connection, section_id)
    dues = read_dues(connection, section_id)
    for placement_id in chosen:
        due = dues.get(placement_id)
        period = period_of(due.at, periods, zone) if due else None
        if period is not None:
            open_period(connection, section_id, period.sourced_id)
