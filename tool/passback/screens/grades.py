"""The Grade Passback screen: every student, what the tool says, what was sent, what the LMS holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool import errands
from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.course.resizing import ERRAND_KIND
from tool.db import Database
from tool.passback.acts import mark_errors_seen
from tool.passback.choosing import is_chosen_by_default
from tool.passback.describing import describe_row, link_facts, status_word
from tool.passback.runs.following import last_run, last_undoable
from tool.passback.school_records import names_of_linked
from tool.passback.screens.room import Class, blueprint, grades_url, placement_of, read_class
from tool.passback.tabs import answer_seen, teacher_tabs
from tool.passback.troubles import read_trouble
from tool.passback.verdict import Verdict, count_statuses

SORTS: dict[str, Callable[[Verdict], Any]] = {
    "name": lambda one: one.name.casefold(),
    "score": lambda one: -1 if one.earned is None else one.earned,
    "sent": lambda one: -1 if one.sent is None else one.sent,
    "lms": lambda one: -1 if one.in_lms is None else one.in_lms,
    "status": lambda one: one.status,
}
FRESH = timedelta(minutes=1)


@opens(blueprint, "/l/<launch_id>/grades", to=TEACHER)
def grades(visitor: Visitor) -> str:
    """The screen, filtered, searched and sorted on the server."""
    with part(Database).reading() as connection:
        everyone = read_class(connection, visitor)
        page = _page(visitor, everyone) | _under_way(connection, everyone)
        page["tabs"] = teacher_tabs(connection, visitor, "grades")
    return render_template("passback/grades.html", **page)


@opens(blueprint, "/l/<launch_id>/grades/seen", to=TEACHER, methods=("POST",))
def see(visitor: Visitor) -> Response:
    """The page says that its errors were looked at."""
    with part(Database).writing() as connection:
        mark_errors_seen(connection, placement_of(visitor))
    return answer_seen(grades_url(visitor))


@opens(blueprint, "/l/<launch_id>/grades/progress", to=TEACHER)
def progress(visitor: Visitor) -> str:
    """The piece of the screen that follows a run: its line, and the rows as they are now."""
    with part(Database).reading() as connection:
        everyone = read_class(connection, visitor)
        page = _page(visitor, everyone) | _under_way(connection, everyone)
    return render_template("passback/_progress.html", **page, is_piece=True)


def _page(visitor: Visitor, everyone: Class) -> dict[str, Any]:
    status, query = request.args.get("status", ""), request.args.get("q", "").strip()
    sort, is_down = request.args.get("sort", "name"), request.args.get("dir") == "down"
    shown = [one for one in everyone.verdicts if _is_wanted(one, status, query)]
    shown.sort(key=SORTS.get(sort, SORTS["name"]), reverse=is_down)
    opened = request.args.get("open", type=int)
    return {
        "visitor": visitor,
        "csrf": visitor.csrf,
        "page_title": everyone.link.title,
        "course_title": visitor.course_title,
        "link": everyone.link,
        "facts": link_facts(everyone.link),
        "rows": [describe_row(everyone.link, one, is_chosen=is_chosen_by_default(one)) for one in shown],
        "counts": [
            {"key": key, "word": status_word(key), "count": count, "is_shown": key == status}
            for key, count in count_statuses(everyone.verdicts).items()
        ],
        "changed_count": sum(is_chosen_by_default(one) for one in everyone.verdicts),
        "total": len(everyone.verdicts),
        "has_unseen": any(one.has_unseen_error for one in everyone.verdicts),
        "status": status,
        "query": query,
        "sort": sort if sort in SORTS else "name",
        "dir": "down" if is_down else "up",
        "open_member": opened,
        "open_panel": request.args.get("panel", "override"),
        "grades_url": grades_url(visitor),
        "history_url": url_for("passback.history", launch_id=visitor.launch_id),
        "csv_url": url_for("passback.scores_csv", launch_id=visitor.launch_id),
        "canvas_csv_url": url_for("passback.scores_csv", launch_id=visitor.launch_id, shape="canvas"),
        "progress_url": url_for("passback.progress", launch_id=visitor.launch_id) + _query(),
    }


def _under_way(connection: Connection, everyone: Class) -> dict[str, Any]:
    """What happens beside the rows while the page is looked at."""
    link = everyone.link
    run = last_run(connection, link.placement_id)
    is_fresh = run is None or now() - run["run"].started_at < FRESH
    return {
        "run": run,
        "undoable": last_undoable(connection, link.placement_id),
        "is_reading_roster": errands.state(connection, "roster", link.course_id).is_waiting,
        "is_resizing": errands.state(connection, ERRAND_KIND, link.placement_id).is_waiting,
        "is_reading_results": errands.state(connection, "results", link.placement_id).is_waiting,
        "remedy": _remedy(connection, everyone),
        "records": ", ".join(names_of_linked(connection, link.course_id)),
        # A run that waits for an LMS in trouble can take hours: the page then asks less often.
        "poll_seconds": 2 if is_fresh else 10,
    }


def _query() -> str:
    return f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""


def _is_wanted(verdict: Verdict, status: str, query: str) -> bool:
    return (not status or verdict.status == status) and query.casefold() in verdict.name.casefold()


def _remedy(connection: Connection, everyone: Class) -> dict[str, Any] | None:
    """The trouble of the row whose panel is open, if it has any."""
    opened = request.args.get("open", type=int)
    key_set_url = current_app.config["TOOL_ORIGIN"] + url_for("registration.public_keys")
    for verdict in everyone.verdicts:
        if verdict.member_id == opened:
            return read_trouble(connection, everyone.link, everyone.students, verdict, key_set_url=key_set_url)
    return None
