"""All that is known of each item of a section: the facts that are checked, and the rows behind them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from tool.model.people import Course
from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisItem, SisScore
from tool.model.work import Assignment, Placement
from tool.passback.students import Link
from tool.sis.linking.matches import read_lists
from tool.sis.plain import FoundLineItem
from tool.sis.rules.dates import Due
from tool.sis.rules.facts import ItemFacts
from tool.sis.sync.agreement import Agreement, read_agreement
from tool.sis.sync.associated import read_associated
from tool.sis.sync.dues import ASSIGNED_AT, DIFFERENT_DUE_DATES, SET_DUE_AT, choose_due
from tool.sis.sync.standing import IS_WANTED
from tool.sis.sync.states import TWINS
from tool.sis.sync.twins import read_twins
from tool.sis.sync.wanting import has_changes
from tool.sis.sync.who import Who, read_who
from tool.sis.sync.works import Terms, read_works


@dataclass(frozen=True, slots=True)
class Gathered:
    """One item with its rows: `item` (SisItem) is None before it was ever touched; `scores` (SisScore) are by member.
    `key` names the item for ever: its link in its course, whatever our own ids are."""

    agreement: Agreement
    facts: ItemFacts
    key: str
    item: Any | None
    scores: Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """How an item is named for ever, and the id of its column, if it has one."""

    key: str
    line_item_id: str | None


def gather(
    connection: Connection, section_id: int, placement_ids: Collection[int] | None, at: datetime
) -> list[ItemFacts]:
    """The facts of the chosen items (None: of all), by title. Nothing is asked of the SIS."""
    return [one.facts for one in gather_rows(connection, section_id, placement_ids, at)]


def gather_rows(
    connection: Connection, section_id: int, placement_ids: Collection[int] | None, at: datetime
) -> list[Gathered]:
    """The same with the rows."""
    lists = read_lists(connection, section_id)
    rows = connection.execute(_items(section_id)).all()
    whole = _Whole(
        connection=connection,
        agreement=read_agreement(connection, section_id, lists),
        who=read_who(connection, section_id, lists),
        at=at,
        names={row.placement_id: _name(row) for row in rows if row.is_wanted and row.disabled_for is None},
        associated=read_associated(connection, section_id),
    )
    chosen = [row for row in rows if placement_ids is None or row.placement_id in placement_ids]
    found = [whole.gather(row) for row in chosen]
    return sorted(found, key=lambda one: (one.facts.title.casefold(), one.facts.placement_id))


def read_keys(connection: Connection, section_id: int) -> dict[int, Key]:
    """Every item of the section by its placement."""
    rows = connection.execute(_items(section_id)).all()
    return {row.placement_id: Key(_key(row), row.line_item_id) for row in rows}


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is the same for all items of the section."""

    connection: Connection
    agreement: Agreement
    who: Who
    at: datetime
    names: Mapping[int, str]
    associated: Mapping[str, Any]

    def gather(self, row: Any) -> Gathered:
        item = row if row.item_id is not None else None
        scores = _read_scores(self.connection, row.item_id)
        due = choose_due(row.due_at, row.due_source, row.set_due_at, row.assigned_at, self.agreement.zone)
        terms = Terms(due.at, self.at, row.above_maximum or "ask")
        link, works = read_works(self.connection, row.placement_id, terms)
        facts = self._facts(row, link, due)
        facts = replace(facts, students=tuple(self.who.is_who(works, scores)))
        facts = replace(facts, has_changes=has_changes(facts, self.agreement, item, scores))
        return Gathered(self.agreement, facts, _key(row), item, scores)

    def _facts(self, row: Any, link: Link, due: Due) -> ItemFacts:
        is_refused = row.state == "failed"
        return ItemFacts(
            at=self.at,
            zone=self.agreement.zone,
            profile=self.agreement.profile,
            connection=self.agreement.connection,
            section=self.agreement.section,
            placement_id=row.placement_id,
            item_id=row.item_id,
            title=row.assignment_title,
            sis_title=row.sis_title,
            other_titles=tuple(name for placement, name in self.names.items() if placement != row.placement_id),
            foreign_columns=_find_twins(row),
            syncs=bool(row.is_wanted),
            disabled_for=row.disabled_for,
            is_published=link.closed_at is None,
            is_points_based=True,
            points=link.points,
            category=row.category,
            association=self.associated.get(row.category),
            assigned_at=row.assigned_at,
            due=due,
            different_due_dates=row.different_due_dates,
            counts_in_grade=row.counts_in_grade,
            is_adopted=bool(row.is_adopted),
            line_item_id=row.line_item_id,
            above_maximum=row.above_maximum or "ask",
            students=(),
            last_refusal=row.code if is_refused else None,
            refused_at=row.tried_at if is_refused else None,
        )


def _find_twins(row: Any) -> tuple[FoundLineItem, ...]:
    """The columns of its name that were found when it was last kept back because of them."""
    return read_twins(row.answer) if row.state == "blocked" and row.code in TWINS else ()


def _key(row: Any) -> str:
    return f"{row.context_id} {row.resource_link_id}"


def _name(row: Any) -> str:
    """Its name in the SIS as it would go."""
    return " ".join((row.assignment_title if row.sis_title is None else row.sis_title).split())


def _read_scores(connection: Connection, item_id: int | None) -> dict[int, Any]:
    rows = connection.execute(select(SisScore).where(SisScore.item_id == item_id))
    return {row.member_id: row for row in rows}


def _items(section_id: int) -> Select[*tuple[Any, ...]]:
    own = [column for column in SisItem.__table__.c if column.name not in ("id", "placement_id", "title", "category")]
    return (
        select(
            Placement.id.label("placement_id"),
            Placement.resource_link_id,
            Course.context_id,
            Assignment.title.label("assignment_title"),
            Assignment.counts_in_grade,
            SisItem.id.label("item_id"),
            SisItem.title.label("sis_title"),
            func.coalesce(SisItem.category, Assignment.category, "").label("category"),
            *(SET_DUE_AT.label("set_due_at"), ASSIGNED_AT.label("assigned_at"), IS_WANTED.label("is_wanted")),
            DIFFERENT_DUE_DATES.label("different_due_dates"),
            *own,
        )
        .select_from(Placement)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .join(Course, Course.id == Placement.course_id)
        .join(SisSection, SisSection.course_id == Placement.course_id)
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .outerjoin(SisItem, and_(SisItem.placement_id == Placement.id, SisItem.section_id == SisSection.id))
        .where(SisSection.id == section_id)
    )
