"""What a teacher decides for a whole placement: its assignment, its mode, and whether anything is sent at all."""

from typing import Literal

from sqlalchemy import Connection, or_, update

from tool import errands
from tool.clock import now
from tool.model.work import Placement


def set_mode(connection: Connection, placement_id: int, mode: Literal["points", "completion"]) -> None:
    """Points, or everything for who handed in; the tool's own grades stay as they are either way."""
    connection.execute(update(Placement).where(Placement.id == placement_id).values(mode=mode))


def opt_out(connection: Connection, placement_id: int, *, is_out: bool) -> None:
    """Stop (or allow again) everything to come; what stands in the LMS stays there."""
    since = now() if is_out else None
    connection.execute(update(Placement).where(Placement.id == placement_id).values(opted_out_at=since))


def bind_assignment(connection: Connection, placement_id: int, assignment_id: str, *, instead_of: str | None) -> bool:
    """Have a link open this assignment from now on, instead of the one (or none, None) that the teacher saw it open.

    False, and nothing is written, when somebody bound it to another meanwhile. Whether the teacher may use the
    assignment is asked before.
    """
    is_as_seen = Placement.assignment_id.is_(None) if instead_of is None else Placement.assignment_id == instead_of
    is_it = (Placement.id == placement_id, or_(is_as_seen, Placement.assignment_id == assignment_id))
    bound = connection.execute(update(Placement).where(*is_it).values(assignment_id=assignment_id))
    if bound.rowcount == 0:
        return False
    if instead_of not in (None, assignment_id):
        # As where a launch binds it anew: the ledger is told what the link has now.
        errands.ask(connection, "binding", placement_id)
    return True
