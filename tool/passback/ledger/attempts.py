"""Reading the attempts back: the newest of each row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from tool.model.passbacks import Attempt


def last_attempts(connection: Connection, passback_ids: Sequence[int]) -> dict[int, Any]:
    """Row id → its newest attempt, in one query."""
    newest = (
        select(func.max(Attempt.id))
        .where(Attempt.passback_id.in_(passback_ids))
        .group_by(Attempt.passback_id)
        .scalar_subquery()
    )
    rows = connection.execute(select(Attempt).where(Attempt.id.in_(newest))).all()
    return {row.passback_id: row for row in rows}
