"""What was decided about a section, by whom and when, told from what was written down then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from tool.language import gettext
from tool.model.people import Member, Person
from tool.model.sis_syncs import SisAct
from tool.model.work import Assignment, Placement
from tool.passback.learners import name_of
from tool.sis.showing.deciding import WORDS, Names, tell_in_general

SHOWN_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class ActView:
    """`by` is None where nobody pressed a button."""

    at: datetime
    by: str | None
    what: str


def list_acts(connection: Connection, section_id: int) -> list[ActView]:
    """Newest first."""
    rows = connection.execute(
        select(SisAct, name_of(Person).label("by"))
        .outerjoin(Member, Member.id == SisAct.acted_by)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(SisAct.section_id == section_id)
        .order_by(SisAct.id.desc())
        .limit(SHOWN_AT_MOST)
    ).all()
    names = _read_names(connection, [row.detail for row in rows])
    return [ActView(row.acted_at, _by(row.acted_by, row.by), _what(row.kind, row.detail, names)) for row in rows]


def _by(acted_by: int | None, name: str | None) -> str | None:
    return None if acted_by is None else name or gettext("No name given")


def _what(kind: str, detail: Mapping[str, object], names: Names) -> str:
    tell: Callable[[Mapping[str, object], Names], str] = WORDS.get(kind, tell_in_general)
    return tell(detail, names)


def _read_names(connection: Connection, details: list[Mapping[str, object]]) -> Names:
    members = {value for detail in details if isinstance(value := detail.get("member_id"), int)}
    placements = {one for detail in details for one in _placements_of(detail)}
    people = connection.execute(
        select(Member.id, name_of(Person).label("name")).join(Person).where(Member.id.in_(members))
    ).all()
    titles = connection.execute(
        select(Placement.id, Assignment.title)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .where(Placement.id.in_(placements))
    ).all()
    return Names(
        {row.id: row.name or gettext("No name given") for row in people}, {row.id: row.title for row in titles}
    )


def _placements_of(detail: Mapping[str, object]) -> list[int]:
    several = detail.get("placement_ids")
    found = [detail.get("placement_id"), *(several if isinstance(several, list) else [])]
    return [one for one in found if isinstance(one, int)]
