"""Who is who in one section, from the rows: our learners, the class list as last read, and what was found before.

Loads no web framework: runs use it as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from tool.clock import now
from tool.db import upsert
from tool.model.people import Member, Person
from tool.model.sis import SisMatch, SisSection, SisStudent
from tool.passback.learners import name_of
from tool.sis.plain import Enrolled
from tool.sis.rules.matching import Kept, Matched, Ours, match


@dataclass(frozen=True, slots=True)
class Lists:
    """Both sides of one section, and what was decided or found before, by member."""

    ours: tuple[Ours, ...]
    theirs: tuple[Enrolled, ...]
    kept: Mapping[int, Kept]

    def match(self) -> list[Matched]:
        """One for each of `ours`, in their order."""
        return match(self.ours, self.theirs, self.kept)


def read_lists(connection: Connection, section_id: int) -> Lists:
    """Learners who are in the course now, by name; students by name."""
    course = connection.execute(select(SisSection.course_id).where(SisSection.id == section_id)).scalar_one()
    theirs, kept = _read_theirs(connection, section_id), _read_kept(connection, section_id)
    return Lists(tuple(read_learners(connection, course)), theirs, kept)


def read_learners(connection: Connection, course_id: int) -> list[Ours]:
    """Who learns in the course now, by name; no teacher, and no test student."""
    name = name_of(Person)
    rows = connection.execute(
        select(Member.id, Person.sourced_id, Person.email, name.label("name"))
        .join(Person, Person.id == Member.person_id)
        .where(Member.course_id == course_id, Member.is_gradable, Member.left_at.is_(None))
        .order_by(name, Member.id)
    )
    return [Ours(row.id, row.sourced_id, row.email, row.name or "") for row in rows]


def rematch(connection: Connection, section_id: int) -> list[Matched]:
    """Match anew by what is known now and write it down, in the caller's transaction. A match that stays as it was
    keeps its day and its author; whoever left the course keeps theirs."""
    lists = read_lists(connection, section_id)
    before = _read_rows(connection, section_id)
    matched = lists.match()
    for one in matched:
        found = (one.student_id, one.rule, one.suspended)
        if before.get(one.member_id) != found:
            write_match(connection, section_id, one)
    return matched


def write_match(connection: Connection, section_id: int, one: Matched, *, matched_by: int | None = None) -> None:
    """`matched_by`: the teacher who said so; None where it was found."""
    values: dict[str, object] = {"student_id": one.student_id, "rule": one.rule, "suspended": one.suspended}
    values |= {"matched_by": matched_by, "matched_at": now()}
    statement = upsert(connection, SisMatch).values(section_id=section_id, member_id=one.member_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["section_id", "member_id"], set_=values))


def forget_match(connection: Connection, section_id: int, member_id: int) -> None:
    """As if nothing had been said or found; the next matching goes by evidence alone."""
    mine = (SisMatch.section_id == section_id, SisMatch.member_id == member_id)
    nothing = {"student_id": None, "rule": "nobody", "suspended": None, "matched_by": None, "matched_at": now()}
    connection.execute(update(SisMatch).where(*mine).values(**nothing))


def _read_theirs(connection: Connection, section_id: int) -> tuple[Enrolled, ...]:
    mine = SisStudent.section_id == section_id
    rows = connection.execute(select(SisStudent).where(mine).order_by(SisStudent.name, SisStudent.sourced_id))
    return tuple(
        Enrolled(
            row.sourced_id,
            row.name,
            row.email,
            tuple(str(one) for one in row.identifiers),
            row.begins_on,
            row.ends_on,
            row.is_active,
        )
        for row in rows
    )


def _read_kept(connection: Connection, section_id: int) -> dict[int, Kept]:
    return {member: Kept(student, rule) for member, (student, rule, _) in _read_rows(connection, section_id).items()}


def _read_rows(connection: Connection, section_id: int) -> dict[int, tuple[str | None, str, str | None]]:
    rows = connection.execute(select(SisMatch).where(SisMatch.section_id == section_id))
    return {row.member_id: (row.student_id, row.rule, row.suspended) for row in rows}
