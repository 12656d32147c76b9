"""What a teacher decided about a section, written down with who and when; never changed afterwards."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert

from tool.clock import now
from tool.model.sis_syncs import SisAct


@dataclass(frozen=True, slots=True)
class Actor:
    """A teacher at work on one linked class."""

    member_id: int
    section_id: int


def write_act(connection: Connection, actor: Actor, kind: str, **detail: object) -> None:
    """`kind`: linked, unlinked, road (the LMS sends there itself, or not), matched, left_out, unmatched (undone),
    associated, unassociated. A person in `detail` stands under `member_id`."""
    row = {"section_id": actor.section_id, "kind": kind, "detail": detail, "acted_by": actor.member_id}
    connection.execute(insert(SisAct).values(**row, acted_at=now()))
