"""What a teacher decides about items: each is written down as an act, and goes with the next run.

Kinds of acts: syncs · title · category · due · above_maximum · term_disabled · term_enabled · adopted · forgotten ·
pinned. The item stands in `detail` as `placement_id`, several as `placement_ids`, a student as `member_id`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from tool.clock import now
from tool.db import upsert
from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisItem, SisScore
from tool.model.work import Assignment, Placement
from tool.sis.linking.acting import Actor, write_act
from tool.sis.rules.preflight import check
from tool.sis.rules.status import AboveMaximum
from tool.sis.sync.gathering import gather
from tool.sis.sync.rows import ensure_items, forget_prints
from tool.sis.sync.standing import IS_WANTED
from tool.sis.sync.states import NEEDING
from tool.sis.sync.terms import disable_items_of, enable_items_of


def set_syncs(connection: Connection, actor: Actor, placement_ids: Collection[int], *, syncs: bool) -> None:
    """*Sync to SIS*, on or off. Off stops what is to come and removes nothing there; on again, everything that stands
    here then goes with the next run. Placements of other courses are passed over."""
    before = _read_switches(connection, actor.section_id, placement_ids)
    changed = sorted(placement for placement, is_on in before.items() if is_on is not syncs)
    if not changed:
        return
    ids = ensure_items(connection, actor.section_id, changed)
    switched = {"syncs": True, "disabled_for": None} if syncs else {"syncs": False}
    connection.execute(update(SisItem).where(SisItem.id.in_(ids.values())).values(**switched))
    if syncs:
        forget_prints(connection, ids.values())
    write_act(connection, actor, "syncs", placement_ids=changed, syncs=syncs)


def set_title(connection: Connection, actor: Actor, placement_id: int, title: str | None) -> None:
    """Its name in the SIS; None: that of the assignment."""
    _change(connection, actor, placement_id, title=title)
    write_act(connection, actor, "title", placement_id=placement_id, title=title)


def set_category(connection: Connection, actor: Actor, placement_id: int, category: str | None) -> None:
    """Our category of it in this section; None: that of the assignment."""
    _change(connection, actor, placement_id, category=category)
    write_act(connection, actor, "category", placement_id=placement_id, category=category)


def set_due(connection: Connection, actor: Actor, placement_id: int, due_at: datetime | None) -> None:
    """Its due date in the SIS; None: reckoned anew from the assignment, until it is sent."""
    _change(connection, actor, placement_id, due_at=due_at, due_source=None if due_at is None else "set")
    told = None if due_at is None else due_at.isoformat()
    write_act(connection, actor, "due", placement_id=placement_id, due_at=told)


def set_above_maximum(connection: Connection, actor: Actor, placement_id: int, choice: AboveMaximum) -> None:
    """What becomes of scores above the maximum where the SIS takes none."""
    _change(connection, actor, placement_id, above_maximum=choice)
    write_act(connection, actor, "above_maximum", placement_id=placement_id, choice=choice)


def disable_term(connection: Connection, actor: Actor, period_id: str) -> list[int]:
    """Switch off everything that is due in a period; the placements. Raises BadInput for an unknown period."""
    return disable_items_of(connection, actor.section_id, period_id, acted_by=actor.member_id)


def undo_disable_term(connection: Connection, actor: Actor, period_id: str) -> list[int]:
    """Everything that was switched off with a period goes again; the placements."""
    return enable_items_of(connection, actor.section_id, period_id, acted_by=actor.member_id)


def adopt(connection: Connection, actor: Actor, placement_id: int, line_item_id: str) -> None:
    """A column that stands there is this item's: it and its scores are replaced with the next run."""
    item_id = _forget_there(connection, actor, placement_id)
    adopted = {"line_item_id": line_item_id, "is_adopted": True}
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(**adopted))
    write_act(connection, actor, "adopted", placement_id=placement_id, column=line_item_id)


def forget(connection: Connection, actor: Actor, placement_id: int) -> None:
    """Its column is gone there: the next run makes it anew, and sends every score of it."""
    _forget_there(connection, actor, placement_id)
    write_act(connection, actor, "forgotten", placement_id=placement_id)


def pin(connection: Connection, actor: Actor, placement_id: int, member_id: int, *, is_pinned: bool) -> None:
    """Keep what was typed in the SIS for this student, who is skipped from now on; or send ours again."""
    item_id = ensure_items(connection, actor.section_id, [placement_id])[placement_id]
    values: dict[str, Any] = {"is_pinned": is_pinned} | ({} if is_pinned else {"sent_fingerprint": None})
    statement = upsert(connection, SisScore).values(item_id=item_id, member_id=member_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["item_id", "member_id"], set_=values))
    write_act(connection, actor, "pinned", placement_id=placement_id, member_id=member_id, is_pinned=is_pinned)


def mark_errors_seen(connection: Connection, section_id: int, placement_ids: Collection[int] | None = None) -> None:
    """A teacher looks at them (None: at all of the section): they are no news any more."""
    unseen = [SisItem.section_id == section_id, SisItem.state.in_(NEEDING), SisItem.error_seen_at.is_(None)]
    if placement_ids is not None:
        unseen.append(SisItem.placement_id.in_(placement_ids))
    connection.execute(update(SisItem).where(*unseen).values(error_seen_at=now()))


def _change(connection: Connection, actor: Actor, placement_id: int, **values: object) -> None:
    item_id = ensure_items(connection, actor.section_id, [placement_id])[placement_id]
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(**values))
    _look_again(connection, actor.section_id, item_id, placement_id)


def _look_again(connection: Connection, section_id: int, item_id: int, placement_id: int) -> None:
    """What the check before sending kept back, and what is mended by now, needs nobody any more."""
    blocked = (SisItem.id == item_id, SisItem.state == "blocked")
    if connection.execute(select(SisItem.id).where(*blocked)).scalar() is None:
        return
    [facts] = gather(connection, section_id, [placement_id], now())
    if not any(one.blocks and one.level == "item" for one in check(facts)):
        connection.execute(update(SisItem).where(*blocked).values(state="new", code=None, answer=None))


def _forget_there(connection: Connection, actor: Actor, placement_id: int) -> int:
    """As if it had never been sent; what a teacher decided about it stays."""
    item_id = ensure_items(connection, actor.section_id, [placement_id])[placement_id]
    nothing = dict.fromkeys(("line_item_id", "code", "status", "answer", "succeeded_at", "error_seen_at"))
    fresh = nothing | {"is_adopted": False, "state": "new"}
    connection.execute(update(SisItem).where(SisItem.id == item_id).values(**fresh))
    connection.execute(update(SisScore).where(SisScore.item_id == item_id).values(result_id=None))
    forget_prints(connection, [item_id])
    return item_id


def _read_switches(connection: Connection, section_id: int, placement_ids: Collection[int]) -> dict[int, bool]:
    """Placement → whether it syncs now."""
    rows = connection.execute(
        select(Placement.id, (IS_WANTED & SisItem.disabled_for.is_(None)).label("is_on"))
        .select_from(Placement)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .join(SisSection, SisSection.course_id == Placement.course_id)
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .outerjoin(SisItem, (SisItem.placement_id == Placement.id) & (SisItem.section_id == SisSection.id))
        .where(SisSection.id == section_id, Placement.id.in_(placement_ids))
    )
    return {row.id: bool(row.is_on) for row in rows}
