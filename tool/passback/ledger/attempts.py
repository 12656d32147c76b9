"""Reading the attempts of a row back."""

from typing import Any

from sqlalchemy import Connection, select

from tool.model.passbacks import Attempt

RECENT = 5


def recent_attempts(connection: Connection, passback_id: int) -> list[Any]:
    """The latest attempts of a row, newest first."""
    mine = select(Attempt).where(Attempt.passback_id == passback_id)
    return list(connection.execute(mine.order_by(Attempt.id.desc()).limit(RECENT)).all())
