"""The rows of items: made when they are first touched, and what is known of the SIS's side taken away from them."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select, update

from tool.db import upsert
from tool.model.sis_syncs import SisItem, SisScore


def ensure_items(connection: Connection, section_id: int, placement_ids: Iterable[int]) -> dict[int, int]:
    """Placement → id of its SisItem in the section, made where it is missing."""
    wanted = sorted(set(placement_ids))
    if wanted:
        rows = [{"section_id": section_id, "placement_id": placement_id} for placement_id in wanted]
        statement = upsert(connection, SisItem).on_conflict_do_nothing(index_elements=["section_id", "placement_id"])
        connection.execute(statement, rows)
    mine = (SisItem.section_id == section_id, SisItem.placement_id.in_(wanted))
    found = connection.execute(select(SisItem.placement_id, SisItem.id).where(*mine))
    return {row.placement_id: row.id for row in found}


def forget_prints(connection: Connection, item_ids: Collection[int]) -> None:
    """As if it were not known what stands there: the next run sends these items and all their scores."""
    connection.execute(update(SisItem).where(SisItem.id.in_(item_ids)).values(sent_fingerprint=None))
    connection.execute(update(SisScore).where(SisScore.item_id.in_(item_ids)).values(sent_fingerprint=None))
