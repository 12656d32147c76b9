"""What a teacher decides about one item and its students; each decision is saved whole or not at all."""

from collections.abc import Callable

from flask import redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.sis.linking.acting import Actor
from tool.sis.linking.categories import read_associations
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.status import AboveMaximum
from tool.sis.screens.choosing import insist_on_item
from tool.sis.screens.items import ITEM
from tool.sis.screens.room import Section, blueprint, find_section, item_url, sync_url
from tool.sis.screens.stopping import insist
from tool.sis.showing.times import field_of, read_field
from tool.sis.sync import items
from tool.sis.sync.asking import ask_for_run
from tool.sis.sync.gathering import gather
from tool.wake import Bell

LONGEST_TITLE = 255
ABOVE: dict[str, AboveMaximum] = {"ask": "ask", "cap": "cap", "skip": "skip"}
Decide = Callable[[Connection, Actor, Section], None]


@opens(blueprint, f"{ITEM}/sync", to=TEACHER, methods=("POST",))
def sync_item(visitor: Visitor, section_id: int, placement_id: int) -> Response:
    """Send what changed of this one item."""

    def ask(connection: Connection, actor: Actor, section: Section) -> None:
        ask_for_run(connection, section.id, "selected", actor.member_id, placement_ids=[placement_id])

    section = _decide(visitor, section_id, placement_id, ask)
    part(Bell).ring()
    return redirect(sync_url(visitor, section), 303)


@opens(blueprint, f"{ITEM}/switch", to=TEACHER, methods=("POST",))
def switch_item(visitor: Visitor, section_id: int, placement_id: int) -> Response:
    """Sync to SIS, on or off."""
    is_on = request.form.get("syncs") == "on"

    def switch(connection: Connection, actor: Actor, _section: Section) -> None:
        items.set_syncs(connection, actor, [placement_id], syncs=is_on)

    return _back(visitor, _decide(visitor, section_id, placement_id, switch), placement_id)


@opens(blueprint, f"{ITEM}/change", to=TEACHER, methods=("POST",))
def change_item(visitor: Visitor, section_id: int, placement_id: int) -> Response:
    """Title, category, due date and what is above the maximum; a field that the form does not have stays as it is."""

    def change(connection: Connection, actor: Actor, section: Section) -> None:
        [facts] = gather(connection, section.id, [placement_id], now())
        _change(connection, actor, section, facts)

    return _back(visitor, _decide(visitor, section_id, placement_id, change), placement_id)


@opens(blueprint, f"{ITEM}/adopt", to=TEACHER, methods=("POST",))
def adopt_column(visitor: Visitor, section_id: int, placement_id: int) -> Response:
    """The column that stands there is this item's: its scores are then replaced by those from here."""
    column = request.form.get("column", "")

    def adopt(connection: Connection, actor: Actor, section: Section) -> None:
        [facts] = gather(connection, section.id, [placement_id], now())
        if column not in {one.sourced_id for one in facts.foreign_columns}:
            raise BadInput(gettext("This column is not there any more."), gettext("Read the class again."))
        items.adopt(connection, actor, placement_id, column)

    return _back(visitor, _decide(visitor, section_id, placement_id, adopt), placement_id)


@opens(blueprint, f"{ITEM}/forget", to=TEACHER, methods=("POST",))
def forget_column(visitor: Visitor, section_id: int, placement_id: int) -> Response:
    """The column is gone there: the next sync makes it anew with all its scores."""

    def forget(connection: Connection, actor: Actor, _section: Section) -> None:
        items.forget(connection, actor, placement_id)

    return _back(visitor, _decide(visitor, section_id, placement_id, forget), placement_id)


@opens(blueprint, f"{ITEM}/students/<int:member_id>/keep", to=TEACHER, methods=("POST",))
def pin_student(visitor: Visitor, section_id: int, placement_id: int, member_id: int) -> Response:
    """Keep what was typed in the SIS for one student, or send ours again."""
    is_theirs = request.form.get("keep") == "theirs"

    def pin(connection: Connection, actor: Actor, section: Section) -> None:
        [facts] = gather(connection, section.id, [placement_id], now())
        if member_id not in {one.member_id for one in facts.students}:
            raise BadInput(gettext("This student is not on the list."), gettext("Reload the page."))
        items.pin(connection, actor, placement_id, member_id, is_pinned=is_theirs)

    return _back(visitor, _decide(visitor, section_id, placement_id, pin), placement_id)


def _decide(visitor: Visitor, section_id: int, placement_id: int, decide: Decide) -> Section:
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist_on_item(connection, visitor, placement_id)
        insist(connection, visitor, section)
        decide(connection, Actor(visitor.member_id, section.id), section)
    return section


def _change(connection: Connection, actor: Actor, section: Section, facts: ItemFacts) -> None:
    form, placement_id = request.form, facts.placement_id
    if "title" in form:
        typed = " ".join(form["title"].split())
        if len(typed) > LONGEST_TITLE:
            raise BadInput(gettext("The title is too long."), gettext("Shorten it; nothing was saved."))
        title = None if typed in ("", " ".join(facts.title.split())) else typed
        if title != facts.sis_title:
            items.set_title(connection, actor, placement_id, title)
    if "category" in form and form["category"] != facts.category:
        if form["category"] not in {row.category for row in read_associations(connection, section.id).rows}:
            raise BadInput(gettext("This category is not known."), gettext("Reload the page and choose again."))
        items.set_category(connection, actor, placement_id, form["category"])
    # What the field showed is nothing that somebody typed: an inferred date would become a set one.
    shown = field_of(facts.due.at if facts.due else None, section.time_zone)
    if "due" in form and form["due"].strip() != shown:
        items.set_due(connection, actor, placement_id, read_field(form["due"], section.time_zone))
    if "above" in form and form["above"] != facts.above_maximum:
        choice = ABOVE.get(form["above"])
        if choice is None:
            raise BadInput(gettext("That choice is not known."), gettext("Reload the page and choose again."))
        items.set_above_maximum(connection, actor, placement_id, choice)


def _back(visitor: Visitor, section: Section, placement_id: int) -> Response:
    return redirect(item_url(visitor, section, placement_id), 303)
