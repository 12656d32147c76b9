"""The second stage: what would go, what is kept back and why. Nothing has left yet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from tool.clock import now
from tool.sis.oneroster.ids import line_item_id
from tool.sis.plain import FoundLineItem, SisError
from tool.sis.rules.choosing import QUIET, choose
from tool.sis.rules.criteria import Ready, why_not_tonight
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.preflight import check
from tool.sis.rules.status import Skipped
from tool.sis.rules.titles import same_title
from tool.sis.sync.gathering import Gathered, gather_rows, read_keys
from tool.sis.sync.rows import ensure_items
from tool.sis.sync.settling import Line, add_lines, free_item, hold_back, let_wait, lose_item, mark_queued, settle_item
from tool.sis.sync.states import TWINS
from tool.sis.sync.trips import Trip
from tool.sis.sync.twins import write_twins

Fate = Literal["go", "settled", "block", "wait", "pass", "lost"]
"""It goes · all of it stands there · the check keeps it back · there is nothing of it yet · nobody wants it there · its
column is gone."""
LOST = "item.lost"
WIDE = frozenset({"connection", "section"})
UNWANTED = frozenset({"opted_out", "term.disabled"})
# Shown whatever comes of it: somebody chose these very items.
TELLING = frozenset({"selected", "check"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one item, and by which code."""

    fate: Fate
    code: str | None = None


def check_items(trip: Trip) -> list[Gathered]:
    """Look at every item of the run and write down what is kept back; those that go, by title. Raises SisError where
    the whole class is kept back."""
    with trip.database.reading() as connection:
        keys = read_keys(connection, trip.section_id)
        wanted = [placement_id for placement_id in keys if trip.wanted.has(placement_id)]
        gathered = gather_rows(connection, trip.section_id, wanted, now())
    _insist_on_class(gathered)
    columns = _read_columns(trip, gathered)
    if columns is not None:
        own = {line_item_id(trip.namespace, gathered[0].agreement.class_id, one.key) for one in keys.values()}
        own |= {one.line_item_id for one in keys.values() if one.line_item_id is not None}
        gathered = [_see(one, columns, own) for one in gathered]
    decisions = [(one, _decide(one, trip, columns)) for one in gathered]
    with trip.database.writing() as connection:
        trip.insist(connection)
        ids = ensure_items(connection, trip.section_id, wanted)
        for one, decision in decisions:
            _write(connection, trip, ids[one.facts.placement_id], one, decision)
    return [_with_id(one, ids) for one, decision in decisions if decision.fate == "go"]


def why_kept_back(facts: ItemFacts) -> str | None:
    """The first reason for which nothing goes of an item; None: it may go."""
    return next((one.code for one in check(facts) if one.blocks and one.level == "item"), None)


def name_left_out(facts: ItemFacts) -> dict[int, str]:
    """Members for whom nothing goes, with the reason; also those about whom nobody has to do anything."""
    chosen = ((student.member_id, choose(student, facts)) for student in facts.students)
    return {member_id: choice.code for member_id, choice in chosen if isinstance(choice, Skipped)}


def first_to_mend(reasons: Mapping[int, str]) -> str | None:
    """The first reason about which somebody can do something."""
    return next((code for code in reasons.values() if code not in QUIET), None)


def _read_columns(trip: Trip, gathered: Sequence[Gathered]) -> list[FoundLineItem] | None:
    """The columns of the class, once for the whole run and only where an item has none of its own yet."""
    if not any(_needs_columns(one, trip) for one in gathered):
        return None
    try:
        found = trip.client.read_line_items(gathered[0].agreement.class_id)
    except SisError as error:
        # Some have no list of a class's columns: then a twin is found by the refusal.
        if error.kind == "permanent" and error.code == "sis.route":
            return None
        raise
    return [one for one in found if one.is_active]


def _needs_columns(one: Gathered, trip: Trip) -> bool:
    facts = one.facts
    if not facts.syncs or facts.disabled_for is not None:
        return False
    is_unanswered = one.item is not None and one.item.sent_fingerprint is None
    is_theirs = facts.profile.ids == "theirs"
    return facts.line_item_id is None or trip.kind == "remaster" or (is_theirs and is_unanswered)


def _see(one: Gathered, columns: Iterable[FoundLineItem], own: Collection[str]) -> Gathered:
    same = same_title(one.facts.name)
    foreign = tuple(c for c in columns if c.sourced_id not in own and same_title(c.title) == same)
    return replace(one, facts=replace(one.facts, foreign_columns=foreign))


def _insist_on_class(gathered: Sequence[Gathered]) -> None:
    """What is wrong with the connection or the class is one trouble, not one for each item."""
    for finding in check(gathered[0].facts) if gathered else ():
        if finding.blocks and finding.level in WIDE:
            raise SisError("permanent", finding.code)


def _decide(one: Gathered, trip: Trip, columns: Sequence[FoundLineItem] | None) -> Decision:
    facts = one.facts
    if trip.kind == "nightly" and (why := _why_not_tonight(facts)) is not None:
        return Decision("wait" if why == "nothing_yet" else "pass", why)
    code = why_kept_back(facts)
    if code is not None:
        return Decision("pass" if code in UNWANTED else "wait" if code == "nothing_yet" else "block", code)
    if _is_lost(one, trip, columns):
        return Decision("lost", LOST)
    return Decision("settled" if trip.kind == "nightly" and facts.has_changes is False else "go")


def _why_not_tonight(facts: ItemFacts) -> str | None:
    ready = Ready(
        is_points_based=facts.is_points_based,
        counts_in_grade=facts.counts_in_grade,
        syncs=facts.syncs and facts.disabled_for is None,
        is_all_graded=bool(facts.learners) and len(facts.graded) == len(facts.learners),
        is_past_due=facts.is_past_due,
    )
    return why_not_tonight(ready)


def _is_lost(one: Gathered, trip: Trip, columns: Iterable[FoundLineItem] | None) -> bool:
    """Only a teacher's word makes a column anew. Until then a refusal stands, unless somebody chose this very item: the
    office may have brought the column back."""
    if trip.kind == "remaster" and columns is not None:
        return _is_gone(one, columns)
    is_refused = one.item is not None and (one.item.state, one.item.code) == ("failed", LOST)
    return is_refused and trip.kind not in TELLING


def _is_gone(one: Gathered, columns: Iterable[FoundLineItem]) -> bool:
    was_there = one.item is not None and one.item.succeeded_at is not None
    return was_there and one.facts.line_item_id not in {column.sourced_id for column in columns}


def _write(connection: Connection, trip: Trip, item_id: int, one: Gathered, decision: Decision) -> None:
    fate, code = decision.fate, decision.code
    lines: list[Line] = []
    if fate == "go" and trip.kind != "check":
        mark_queued(connection, item_id)
    elif fate == "go":
        free_item(connection, item_id)
        warned = [f for f in check(one.facts) if not f.blocks and f.level == "item"]
        lines += [Line(item_id, "check", "warned", finding.code) for finding in warned]
    elif fate == "settled":
        settle_item(connection, item_id, first_to_mend(name_left_out(one.facts)))
        lines.append(Line(item_id, "item", "unchanged"))
    elif fate == "block" and code is not None:
        hold_back(connection, item_id, code, write_twins(one.facts.foreign_columns) if code in TWINS else None)
        lines.append(Line(item_id, "check", "blocked", code))
    elif fate == "lost":
        lose_item(connection, item_id, SisError("permanent", LOST))
        lines.append(Line(item_id, "item", "failed", code))
    elif fate == "wait":
        let_wait(connection, item_id)
    if fate in ("wait", "pass") and trip.kind in TELLING:
        lines.append(Line(item_id, "check", "skipped", code))
    add_lines(connection, trip.run_id, lines)


def _with_id(one: Gathered, ids: Mapping[int, int]) -> Gathered:
    return replace(one, facts=replace(one.facts, item_id=ids[one.facts.placement_id]))
