"""Columns that stand in the SIS under an item's name and are not known to be its: kept as a text until the teacher has
said what they are."""

import json
from collections.abc import Iterable
from datetime import datetime

from tool.sis.plain import FoundLineItem

MOST_KEPT = 5


def write_twins(found: Iterable[FoundLineItem]) -> str:
    """A few of them; who has more of one name has to rename."""
    kept = list(found)[:MOST_KEPT]
    return json.dumps([[one.sourced_id, one.title, one.due_at.isoformat() if one.due_at else None] for one in kept])


def read_twins(text: str | None) -> tuple[FoundLineItem, ...]:
    """None of a text that is something else."""
    try:
        told = json.loads(text or "[]")
        return tuple(
            FoundLineItem(str(sourced_id), str(title), datetime.fromisoformat(due_at) if due_at else None, True)
            for sourced_id, title, due_at in told
        )
    except (ValueError, TypeError):
        return ()
