"""One item: how it stands in the SIS, *View error*, what it is called there, and its students."""

from typing import Any

from flask import current_app, render_template, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.db import Database
from tool.errors import NotThere
from tool.language import gettext
from tool.model.sis_syncs import SisItem
from tool.passback.tabs import answer_seen
from tool.sis.linking.categories import read_associations
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding
from tool.sis.screens.choosing import insist_on_item
from tool.sis.screens.places import places_of
from tool.sis.screens.room import SECTION, Section, blueprint, find_section, frame, item_url, sync_url
from tool.sis.screens.stopping import why_stopped
from tool.sis.showing.going import look
from tool.sis.showing.items import above_choices, category_choices, describe_whole
from tool.sis.showing.students import list_failed, list_students
from tool.sis.showing.ticketing import write_item_ticket
from tool.sis.showing.trouble import tell_findings
from tool.sis.sync.gathering import gather
from tool.sis.sync.items import mark_errors_seen
from tool.sis.sync.standing import read_items

ITEM = f"{SECTION}/items/<int:placement_id>"
FAILED = "failed"
SAID_ELSEWHERE = frozenset({"opted_out", "nothing_new", "due.inferred", "title.cut"})
"""By the page itself, beside the field or in the status."""


@opens(blueprint, ITEM, to=TEACHER)
def item(visitor: Visitor, section_id: int, placement_id: int) -> str:
    """Everything about one item of one class."""
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        view = next((v for v in read_items(connection, section.id, now()) if v.placement_id == placement_id), None)
        if view is None:
            raise NotThere(gettext("This assignment is not in your course."), gettext("Open Sync Grades again."))
        [facts] = gather(connection, section.id, [placement_id], now())
        row = connection.execute(select(SisItem).where(SisItem.id == facts.item_id)).first()
        associations = read_associations(connection, section.id)
        stop = why_stopped(connection, visitor, section)
        page = frame(connection, visitor, "sync", section) | {
            "stop": stop,
            "list_url": sync_url(visitor, section),
            "item": describe_whole(facts, view, row, section.time_zone)
            | {"settings_url": _settings_url(visitor, placement_id)},
            "categories": category_choices(associations, facts.category),
            "above": above_choices(facts.above_maximum, facts.points),
            "students": list_students(connection, facts),
            "troubles": _list_troubles(connection, visitor, section, facts, row, may_send=stop is None),
            "is_lost": row is not None and row.code == "item.lost",
            "has_unseen": view.is_unseen,
        }
    return render_template("sis/item.html", **page)


@opens(blueprint, f"{ITEM}/seen", to=TEACHER, methods=("POST",))
def see_item(visitor: Visitor, section_id: int, placement_id: int) -> Response:
    """The page says that the error of this one was looked at."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist_on_item(connection, visitor, placement_id)
        mark_errors_seen(connection, section.id, [placement_id])
    return answer_seen(item_url(visitor, section, placement_id))


def _list_troubles(
    connection: Connection, visitor: Visitor, section: Section, facts: ItemFacts, row: Any, *, may_send: bool
) -> list[dict[str, Any]]:
    """What the SIS refused first, then what the check would find now; never the same twice."""
    places = places_of(visitor, section, facts.placement_id, may_send=may_send)
    looked = look(facts)
    found = sorted((*looked.wide, *looked.own), key=lambda one: not one.blocks)
    refused = _list_refused(connection, facts, row, found)
    codes = {(one.code, one.member_id) for one, _answer in refused}
    rest = [one for one in found if (one.code, one.member_id) not in codes and one.code not in SAID_ELSEWHERE]
    urls = (current_app.config["TOOL_ORIGIN"], visitor.return_url)
    troubles = []
    for told in tell_findings([one for one, _answer in refused], places):
        answer = next(answer for one, answer in refused if one.code == told["code"])
        ticket = write_item_ticket(connection, facts, row, (told["code"], told["happened"], answer), urls)
        troubles.append(told | {"at": row.tried_at, "answer": answer, "ticket": ticket})
    return troubles + tell_findings(rest, places)


def _list_refused(
    connection: Connection, facts: ItemFacts, row: Any, found: list[Finding]
) -> list[tuple[Finding, str | None]]:
    """What the SIS did not take, of the item and of single students. The check may know more of the same trouble."""
    if row is None:
        return []
    refused = list_failed(connection, facts)
    if row.state == FAILED and row.code:
        about = {"sis": facts.connection.name, "class": facts.section.title, "title": facts.name}
        known = next((dict(one.about) for one in found if one.code == row.code and one.member_id is None), {})
        refused.insert(0, (Finding(row.code, "item", True, None, about | known), row.answer))
    return refused


def _settings_url(visitor: Visitor, placement_id: int) -> str | None:
    """Of the assignment that this launch is of; another one has to be opened first."""
    is_here = visitor.placement_id == placement_id and visitor.assignment_id is not None
    return url_for("settings.show", launch_id=visitor.launch_id) if is_here else None
