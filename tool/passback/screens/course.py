"""The course at a glance, its status log, and the preflight of one placement."""

from flask import redirect, render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.passback.acts import Actor
from tool.passback.digest import read_digest
from tool.passback.glance import Glance, is_whole_roster_known, read_glances, read_log
from tool.passback.preflight import check_placement
from tool.passback.runs import starting as runs
from tool.passback.screens.room import blueprint, placement_of
from tool.passback.students import read_link
from tool.passback.tabs import SYNC, read_records, teacher_tabs
from tool.passback.words import reason_text
from tool.wake import Bell


@opens(blueprint, "/l/<launch_id>/course/grades", to=TEACHER)
def course(visitor: Visitor) -> str:
    """One line per assignment: handed in, to grade, to send, errors; and what was tried lately."""
    with part(Database).reading() as connection:
        glances = read_glances(connection, visitor.course_id)
        log = read_log(connection, visitor.course_id)
        is_roster_known = is_whole_roster_known(connection, visitor.course_id)
        records = read_records(connection, visitor)
    return render_template(
        "passback/course.html",
        page_title=visitor.course_title,
        visitor=visitor,
        csrf=visitor.csrf,
        glances=glances,
        to_send=sum(one.to_send for one in glances),
        is_roster_known=is_roster_known,
        records=records,
        records_url=url_for(SYNC, launch_id=visitor.launch_id) if records else None,
        log=[{"line": line, "because": reason_text(line.reason, ())} for line in log],
    )


@opens(blueprint, "/l/<launch_id>/course/send", to=TEACHER, methods=("POST",))
def send_all(visitor: Visitor) -> Response:
    """Send everything that changed in the course: one run for each assignment."""
    with part(Database).writing() as connection:
        for glance in read_glances(connection, visitor.course_id):
            _send_changes(connection, visitor, glance)
    part(Bell).ring()
    return redirect(url_for("passback.course", launch_id=visitor.launch_id), 303)


@opens(blueprint, "/l/<launch_id>/preflight", to=TEACHER)
def preflight(visitor: Visitor) -> str:
    """Will the scores find their way?"""
    with part(Database).reading() as connection:
        link = read_link(connection, placement_of(visitor))
        tabs = teacher_tabs(connection, visitor, "grades")
    return render_template(
        "passback/preflight.html",
        page_title=link.title,
        course_title=visitor.course_title,
        visitor=visitor,
        csrf=visitor.csrf,
        tabs=tabs,
        checks=check_placement(link),
    )


def _send_changes(connection: Connection, visitor: Visitor, glance: Glance) -> None:
    wanted = [
        runs.Wanted(one.member_id, one.to_send.score, one.to_send.maximum)
        for one in glance.changes
        if one.to_send is not None
    ]
    if wanted:
        actor = Actor(visitor.member_id, glance.link.placement_id, visitor.platform_id)
        runs.start(connection, actor, visitor.course_id, "send", wanted)


@opens(blueprint, "/l/<launch_id>/course/digest", to=TEACHER)
def digest(visitor: Visitor) -> str:
    """The last day of the course: what went, and what needs the teacher."""
    with part(Database).reading() as connection:
        found = read_digest(connection, visitor.course_id)
    return render_template(
        "passback/digest.html", page_title=visitor.course_title, visitor=visitor, csrf=visitor.csrf, digest=found
    )
