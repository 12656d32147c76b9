"""*Sync Grades*: every item of a linked class, what the last run did, and one press of *Sync*."""

from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool import errands
from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.db import Database
from tool.language import gettext
from tool.passback.school_records import find_destinations
from tool.passback.tabs import answer_seen
from tool.sis.linking.sections import READING, find_sections
from tool.sis.screens.room import (
    ROOT,
    SECTION,
    Section,
    blueprint,
    find_section,
    frame,
    item_url,
    read_sections,
    sync_url,
)
from tool.sis.screens.stopping import why_stopped
from tool.sis.showing.describing import describe_run
from tool.sis.showing.items import count_statuses, describe_item, is_wanted
from tool.sis.showing.runs import RunView, last_run
from tool.sis.showing.section import list_disabled, list_ending, next_night, present_period, read_periods
from tool.sis.showing.setting_up import read_class_view, say_associations, say_students
from tool.sis.sync.items import mark_errors_seen
from tool.sis.sync.standing import read_items

LONGEST_ID = 10
SECONDS, SECONDS_OF_A_LONG_RUN = 2, 10
LONG_RUN_SECONDS = 60


@opens(blueprint, ROOT, to=TEACHER)
def sync(visitor: Visitor) -> str:
    """One class at a time, filtered and searched on the server; the three steps where none is linked."""
    with part(Database).reading() as connection:
        sections = read_sections(connection, visitor)
        section = _choose(sections)
        page = frame(connection, visitor, "sync", section)
        if section is None:
            return render_template("sis/sync.html", **page, **_begin(connection, visitor))
        page |= _live(connection, visitor, section) | {"unfinished": _list_unfinished(connection, visitor, section)}
        page["sections"] = [_describe_section(connection, visitor, one, section) for one in sections]
    return render_template("sis/sync.html", **page)


@opens(blueprint, f"{SECTION}/seen", to=TEACHER, methods=("POST",))
def see_class(visitor: Visitor, section_id: int) -> Response:
    """The page says that the errors of the class were looked at."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        mark_errors_seen(connection, section.id)
    return answer_seen(sync_url(visitor, section))


@opens(blueprint, f"{ROOT}/progress", to=TEACHER)
def progress(visitor: Visitor) -> str:
    """The piece of the screen that follows a run: its line, and the items as they are now."""
    with part(Database).reading() as connection:
        section = _choose(read_sections(connection, visitor))
        if section is None:
            return ""
        page = {"visitor": visitor, "csrf": visitor.csrf, "section": section} | _live(connection, visitor, section)
    return render_template("sis/_sync_live.html", **page)


def _choose(sections: list[Section]) -> Section | None:
    """The class that was asked for, else the first."""
    typed = request.args.get("section", "")
    is_id = typed.isascii() and typed.isdigit() and len(typed) < LONGEST_ID
    wanted = int(typed) if is_id else None
    return next((one for one in sections if one.id == wanted), sections[0] if sections else None)


def _begin(connection: Connection, visitor: Visitor) -> dict[str, Any]:
    """Nothing is linked: what the school has."""
    found = find_destinations(connection, visitor.customer_id, visitor.course_id)
    free = [one for one in found if not one.lms_syncs]
    return {
        "can_be_set_up": bool(free),
        "lms_syncs": bool(found) and not free,
        "sis_names": ", ".join(one.name for one in free or found),
    }


def _list_unfinished(connection: Connection, visitor: Visitor, section: Section) -> list[dict[str, str]]:
    """What of the set-up still keeps scores of this class back, with the page where it is done."""
    [linked] = [one for one in find_sections(connection, visitor.course_id) if one.id == section.id]
    view = read_class_view(connection, linked)
    at: dict[str, Any] = {"launch_id": visitor.launch_id, "section_id": section.id}
    left = []
    if view.matches.needing:
        left.append((gettext("Match students"), say_students(view.matches), url_for("sis.setup_students", **at)))
    if view.associations.changed or view.associations.unassociated:
        text = say_associations(view.associations)
        left.append((gettext("Associate categories"), text, url_for("sis.setup_categories", **at)))
    return [{"title": title, "text": text, "url": url} for title, text, url in left]


def _live(connection: Connection, visitor: Visitor, section: Section) -> dict[str, Any]:
    at = now()
    status, query = request.args.get("status", ""), request.args.get("q", "").strip()
    views = read_items(connection, section.id, at)
    shown = [one for one in views if is_wanted(one, status, query)]
    run = last_run(connection, section.id)
    of_class: dict[str, Any] = {"launch_id": visitor.launch_id, "section_id": section.id}
    return _around(connection, section) | {
        "rows": [
            describe_item(one, section.sis_name, section.time_zone)
            | {"url": item_url(visitor, section, one.placement_id)}
            for one in shown
        ],
        "counts": count_statuses(views, status),
        "total": len(views),
        "has_unseen": any(one.is_unseen for one in views),
        "status": status,
        "query": query,
        "stop": why_stopped(connection, visitor, section),
        "run": describe_run(run, section.sis_name) if run else None,
        "poll_seconds": _pace(run),
        "sync_url": sync_url(visitor, section),
        "sync_path": url_for("sis.sync", launch_id=visitor.launch_id),
        "progress_url": url_for("sis.progress", launch_id=visitor.launch_id, section=section.id),
        "start_url": url_for("sis.start", **of_class),
        "check_url": url_for("sis.check", **of_class),
    }


def _around(connection: Connection, section: Section) -> dict[str, Any]:
    """The night, the term, and whether the class is being read."""
    at = now()
    periods = read_periods(connection, section.id)
    return {
        "night": next_night(section.night, at),
        "period": present_period(periods, at, section.time_zone),
        "ending": list_ending(connection, section.id, at, section.time_zone),
        "disabled": list_disabled(connection, section.id, periods, at, section.time_zone),
        "is_reading": errands.state(connection, READING, section.id).is_waiting,
    }


def _pace(run: RunView | None) -> int:
    """A run that waits for a SIS in trouble can take hours: the page then asks less often."""
    is_long = run is not None and (now() - run.asked_at).total_seconds() > LONG_RUN_SECONDS
    return SECONDS_OF_A_LONG_RUN if is_long else SECONDS


def _describe_section(connection: Connection, visitor: Visitor, one: Section, shown: Section) -> dict[str, Any]:
    needing = sum(item.needs_person for item in read_items(connection, one.id, now())) if one is not shown else 0
    return {
        "title": f"{one.class_title} · {one.sis_name}",
        "url": sync_url(visitor, one),
        "is_shown": one is shown,
        "needing": needing,
    }
