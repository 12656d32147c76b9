"""The buttons of *Sync Grades*: start a run, Sync to SIS on or off for many, the term, read the class again."""

from flask import redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.sis.linking.acting import Actor
from tool.sis.linking.sections import ask_for_reading
from tool.sis.screens.choosing import known_items, typed_items
from tool.sis.screens.room import SECTION, Section, blueprint, find_section, sync_url
from tool.sis.screens.stopping import insist
from tool.sis.sync.asking import ask_for_run
from tool.sis.sync.items import disable_term, set_syncs, undo_disable_term
from tool.sis.sync.states import Kind
from tool.wake import Bell


@opens(blueprint, f"{SECTION}/start", to=TEACHER, methods=("POST",))
def start(visitor: Visitor, section_id: int) -> Response:
    """Sync what changed, or what is ticked; the page may be left at once. `leave_out` names items that stay out of this
    one run."""
    is_chosen, left_out = request.form.get("kind") == "selected", typed_items("leave_out")
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        chosen = sorted(_chosen(connection, visitor) - left_out) if is_chosen else None
        if chosen == []:
            raise BadInput(gettext("Everything is left out."), gettext("Go back and leave something in."))
        kind: Kind = "selected" if is_chosen else "changes"
        ask_for_run(connection, section.id, kind, visitor.member_id, placement_ids=chosen, left_out=left_out)
    part(Bell).ring()
    return redirect(sync_url(visitor, section), 303)


@opens(blueprint, f"{SECTION}/items/switch", to=TEACHER, methods=("POST",))
def switch_items(visitor: Visitor, section_id: int) -> Response:
    """Sync to SIS on or off for everything that is ticked."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        chosen = sorted(_chosen(connection, visitor))
        set_syncs(connection, _actor(visitor, section), chosen, syncs=request.form.get("syncs") == "on")
    return redirect(sync_url(visitor, section), 303)


@opens(blueprint, f"{SECTION}/term", to=TEACHER, methods=("POST",))
def switch_term(visitor: Visitor, section_id: int) -> Response:
    """Switch off everything due in a period, or take that back."""
    disable, undo = request.form.get("disable"), request.form.get("undo")
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        if disable:
            disable_term(connection, _actor(visitor, section), disable)
        elif undo:
            undo_disable_term(connection, _actor(visitor, section), undo)
    return redirect(sync_url(visitor, section), 303)


@opens(blueprint, f"{SECTION}/refresh", to=TEACHER, methods=("POST",))
def refresh_class(visitor: Visitor, section_id: int) -> Response:
    """Read class, periods, categories and students of the SIS again, in the background."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        ask_for_reading(connection, section.id)
    part(Bell).ring()
    return redirect(sync_url(visitor, section), 303)


def _chosen(connection: Connection, visitor: Visitor) -> set[int]:
    """What is ticked and is of this course."""
    chosen = typed_items("item") & known_items(connection, visitor)
    if not chosen:
        raise BadInput(gettext("Nothing is chosen."), gettext("Go back and tick at least one assignment."))
    return chosen


def _actor(visitor: Visitor, section: Section) -> Actor:
    return Actor(visitor.member_id, section.id)
