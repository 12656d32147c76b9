"""Which category of the SIS a category of ours is: said by a teacher for each linked class, and again each term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, select, update

from tool.clock import now
from tool.db import upsert
from tool.errors import BadInput
from tool.language import gettext
from tool.model.people import Member, Person
from tool.model.sis import SisCategory, SisCategoryLink, SisSection
from tool.model.sis_syncs import SisItem
from tool.model.work import Assignment, Placement
from tool.passback.learners import name_of
from tool.sis.linking.acting import Actor, write_act
from tool.sis.linking.terms import present_for
from tool.sis.plain import Category
from tool.sis.rules.titles import same_title

State = Literal["synchronized", "changed", "unassociated"]
Because = Literal["renamed", "gone", "reset"]
"""Renamed in the SIS · no longer there · associated for another term, or before another class was linked."""


@dataclass(frozen=True, slots=True)
class Association:
    """A category of ours in one section; the empty word is of assignments without one.

    `chosen`: the id of the SIS that holds now, None for none; `before`: the title it had there when it was confirmed;
    `suggested`: an id that a teacher may confirm, where none holds.
    """

    category: str
    assignments: int
    chosen: str | None
    before: str | None
    suggested: str | None
    state: State
    because: Because | None
    confirmed_at: datetime | None
    confirmed_by: str | None


@dataclass(frozen=True, slots=True)
class Associations:
    rows: tuple[Association, ...]
    offered: tuple[Category, ...]
    """What the SIS had for the class when it was last read, by title."""

    @property
    def changed(self) -> int:
        return sum(row.state == "changed" for row in self.rows)

    @property
    def unassociated(self) -> int:
        return sum(row.state == "unassociated" for row in self.rows)


def read_associations(connection: Connection, section_id: int) -> Associations:
    """The categories of the course's assignments, by word; those without a category last."""
    offered = _read_offered(connection, section_id)
    present = present_for(connection, section_id)
    kept = _read_kept(connection, section_id)
    counts = _count_assignments(connection, section_id)
    words = sorted(counts, key=lambda one: (not one, one.casefold(), one))
    rows = (_associate(word, counts[word], kept.get(word), offered, present) for word in words)
    return Associations(tuple(rows), tuple(offered))


def suggest(category: str, offered: Sequence[Category]) -> str | None:
    """The one category of the SIS that is called the same, whatever its capitals; None for none and for two."""
    same = [one.sourced_id for one in offered if category and same_title(one.title) == same_title(category)]
    return same[0] if len(same) == 1 else None


def associate(connection: Connection, actor: Actor, choices: Mapping[str, str | None]) -> int:
    """What a teacher confirms for the present term: word → id of the SIS, None for *Unassociated*. How many of them
    were not so before. Raises BadInput, and then nothing is changed."""
    present = present_for(connection, actor.section_id)
    known = read_associations(connection, actor.section_id)
    rows = {row.category: row for row in known.rows}
    offered = {one.sourced_id: one for one in known.offered}
    if not choices.keys() <= rows.keys() or not {one for one in choices.values() if one} <= offered.keys():
        raise BadInput(
            gettext("The categories have changed since this page was opened. Nothing was saved."),
            gettext("Reload the page and choose again."),
        )
    changed = 0
    for word, sourced_id in choices.items():
        chosen = offered[sourced_id] if sourced_id else None
        if _is_as_it_was(rows[word], chosen):
            continue
        changed += 1
        _write(connection, actor, word, chosen, present)
    connection.execute(update(SisSection).where(SisSection.id == actor.section_id).values(associated_for=present))
    return changed


def _is_as_it_was(row: Association, chosen: Category | None) -> bool:
    if chosen is None:
        return row.chosen is None and row.because is None and row.suggested is None
    return row.state == "synchronized" and row.chosen == chosen.sourced_id


def _write(connection: Connection, actor: Actor, word: str, chosen: Category | None, present: str) -> None:
    values = {
        "sis_category_id": chosen.sourced_id if chosen else None,
        "sis_title": chosen.title if chosen else None,
        "term": present,
        "confirmed_by": actor.member_id,
        "confirmed_at": now(),
    }
    statement = upsert(connection, SisCategoryLink).values(section_id=actor.section_id, category=word, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["section_id", "category"], set_=values))
    if chosen is None:
        write_act(connection, actor, "unassociated", category=word)
    else:
        told = {"sis_category_id": chosen.sourced_id, "sis_title": chosen.title}
        write_act(connection, actor, "associated", category=word, **told)


@dataclass(frozen=True, slots=True)
class _Kept:
    sis_category_id: str | None
    sis_title: str | None
    term: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None


def _associate(word: str, count: int, kept: _Kept | None, offered: Sequence[Category], present: str) -> Association:
    kept = kept or _Kept(None, None, None, None, None)
    state, because = _judge(kept, offered, present)
    holds = state != "unassociated" and because != "gone"
    return Association(
        category=word,
        assignments=count,
        chosen=kept.sis_category_id if holds else None,
        before=kept.sis_title,
        suggested=None if holds else _suggest_again(word, kept, offered),
        state=state,
        because=because,
        confirmed_at=kept.confirmed_at,
        confirmed_by=kept.confirmed_by,
    )


def _judge(kept: _Kept, offered: Sequence[Category], present: str) -> tuple[State, Because | None]:
    if kept.sis_category_id is None:
        return "unassociated", None
    if kept.term != present:
        return "unassociated", "reset"
    titles = {one.sourced_id: one.title for one in offered}
    if kept.sis_category_id not in titles:
        return "changed", "gone"
    return ("synchronized", None) if titles[kept.sis_category_id] == kept.sis_title else ("changed", "renamed")


def _suggest_again(word: str, kept: _Kept, offered: Sequence[Category]) -> str | None:
    """After a term the same category may have another id, or a new one its old name; a teacher confirms either."""
    if kept.sis_category_id in {one.sourced_id for one in offered}:
        return kept.sis_category_id
    if kept.confirmed_at is not None and kept.sis_category_id is None:  # a teacher wanted none
        return None
    return suggest(kept.sis_title or "", offered) or suggest(word, offered)


def _read_offered(connection: Connection, section_id: int) -> list[Category]:
    mine = SisCategory.section_id == section_id
    rows = connection.execute(select(SisCategory).where(mine).order_by(SisCategory.title, SisCategory.sourced_id))
    return [Category(row.sourced_id, row.title) for row in rows]


def _read_kept(connection: Connection, section_id: int) -> dict[str, _Kept]:
    rows = connection.execute(
        select(SisCategoryLink, name_of(Person).label("by"))
        .outerjoin(Member, Member.id == SisCategoryLink.confirmed_by)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(SisCategoryLink.section_id == section_id)
    )
    return {row.category: _Kept(row.sis_category_id, row.sis_title, row.term, row.confirmed_at, row.by) for row in rows}


def _count_assignments(connection: Connection, section_id: int) -> dict[str, int]:
    """Word → how many assignments of the course have it, in this section's own wording."""
    word = func.coalesce(SisItem.category, Assignment.category, "").label("word")
    rows = connection.execute(
        select(word, func.count().label("assignments"))
        .select_from(Placement)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .join(SisSection, SisSection.course_id == Placement.course_id)
        .outerjoin(SisItem, (SisItem.placement_id == Placement.id) & (SisItem.section_id == SisSection.id))
        .where(SisSection.id == section_id)
        .group_by(word)
    )
    return {row.word: row.assignments for row in rows.all()}
