"""What a teacher decides for a whole placement: its mode, and whether anything is sent at all."""

from typing import Literal

from sqlalchemy import Connection, update

from tool.clock import now
from tool.model.work import Placement


def set_mode(connection: Connection, placement_id: int, mode: Literal["points", "completion"]) -> None:
    """Points, or everything for who handed in; the tool's own grades stay as they are either way."""
    connection.execute(update(Placement).where(Placement.id == placement_id).values(mode=mode))


def opt_out(connection: Connection, placement_id: int, *, is_out: bool) -> None:
    """Stop (or allow again) everything to come; what stands in the LMS stays there."""
    since = now() if is_out else None
    connection.execute(update(Placement).where(Placement.id == placement_id).values(opted_out_at=since))
