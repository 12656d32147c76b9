"""The end of a grading period: everything due in it is switched off in one step, which can be undone."""

from sqlalchemy import Connection, insert, select, update

from tool.clock import now
from tool.errors import BadInput
from tool.errors import marked as _
from tool.model.sis import SisPeriod
from tool.model.sis_syncs import SisAct, SisItem
from tool.sis.linking.marks import mark_disabled
from tool.sis.sync.dues import find_due_in
from tool.sis.sync.rows import ensure_items


def disable_items_of(connection: Connection, section_id: int, period_id: str, *, acted_by: int | None) -> list[int]:
    """Switch off what is due in a period of the section; its placements. `acted_by` None: it ended by itself. Raises
    BadInput for a period that the section does not have."""
    title = _read_title(connection, section_id, period_id)
    due_in_it = find_due_in(connection, section_id, period_id)
    ensure_items(connection, section_id, due_in_it)
    mine = (SisItem.section_id == section_id, SisItem.placement_id.in_(due_in_it), SisItem.disabled_for.is_(None))
    switched = update(SisItem).where(*mine).values(disabled_for=period_id).returning(SisItem.placement_id)
    placements = sorted(connection.execute(switched).scalars())
    mark_disabled(connection, section_id, period_id)
    if placements:
        told = {"period_id": period_id, "period": title, "placement_ids": placements}
        _write_act(connection, section_id, "term_disabled", acted_by, **told)
    return placements


def enable_items_of(connection: Connection, section_id: int, period_id: str, *, acted_by: int) -> list[int]:
    """Take that back; the placements that go again. The end of the period does not switch them off once more."""
    mine = (SisItem.section_id == section_id, SisItem.disabled_for == period_id)
    switched = update(SisItem).where(*mine).values(disabled_for=None).returning(SisItem.placement_id)
    placements = sorted(connection.execute(switched).scalars())
    if placements:
        periods = select(SisPeriod.title).where(SisPeriod.section_id == section_id, SisPeriod.sourced_id == period_id)
        title = connection.execute(periods).scalar() or ""
        told = {"period_id": period_id, "period": title, "placement_ids": placements}
        _write_act(connection, section_id, "term_enabled", acted_by, **told)
    return placements


def _read_title(connection: Connection, section_id: int, period_id: str) -> str:
    mine = (SisPeriod.section_id == section_id, SisPeriod.sourced_id == period_id)
    title = connection.execute(select(SisPeriod.title).where(*mine)).scalar()
    if title is None:
        raise BadInput(_("This grading period is not known."), _("Reload the page."))
    return title


def _write_act(connection: Connection, section_id: int, kind: str, acted_by: int | None, **detail: object) -> None:
    row = {"section_id": section_id, "kind": kind, "detail": detail, "acted_by": acted_by, "acted_at": now()}
    connection.execute(insert(SisAct).values(**row))
