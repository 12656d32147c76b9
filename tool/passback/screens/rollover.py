"""Where the grades of a course would go, link by link: what a teacher looks at when a course was copied."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.language import gettext
from tool.passback import acts
from tool.passback.rollover import Road, is_of_course, read_rollover
from tool.passback.screens.room import blueprint
from tool.wake import Bell


@opens(blueprint, "/l/<launch_id>/course/rollover", to=TEACHER)
def rollover(visitor: Visitor) -> str:
    """One row for each link: its assignment, its column, what went last, and what to do."""
    with part(Database).reading() as connection:
        found = read_rollover(connection, visitor.course_id)
    return render_template(
        "passback/rollover.html",
        page_title=visitor.course_title,
        visitor=visitor,
        csrf=visitor.csrf,
        course=found,
        roads=[_describe(road, visitor.platform_name) for road in found.roads],
    )


@opens(
    blueprint,
    "/l/<launch_id>/course/rollover/<int(max=2147483647):placement_id>",
    to=TEACHER,
    methods=("POST",),
)
def seek_column(visitor: Visitor, placement_id: int) -> Response:
    """Have a column of this course's own looked for, where the LMS named another course's."""
    with part(Database).writing() as connection:
        if not is_of_course(connection, placement_id, visitor.course_id):
            abort(404)
        acts.seek_own_column(connection, acts.Actor(visitor.member_id, placement_id, visitor.platform_id))
    part(Bell).ring()
    return redirect(url_for("passback.rollover", launch_id=visitor.launch_id), 303)


def _describe(road: Road, platform_name: str) -> dict[str, Any]:
    word, text, to_do = _words(road, platform_name)
    states = {"own": "good", "sections": "good", "unknown": "calm"}
    return {
        "road": road,
        "title": road.assignment_title or road.title or gettext("A link without a title"),
        "state": states.get(road.way, "ask"),
        "word": word,
        "text": text,
        "to_do": to_do,
        "origin": _origin(road),
    }


def _words(road: Road, platform_name: str) -> tuple[str, str, str | None]:
    """The word for a column, how it is known or what is wrong, and what to do about it."""
    names = {"platform": platform_name}
    if road.way in ("own", "sections"):
        return _good_words(road, platform_name)
    if road.way == "elsewhere":
        return (
            gettext("Another course’s column"),
            gettext("%(platform)s named a column that belongs to another course. Nothing is sent there.", **names),
            gettext("Have this course’s own column looked for; or add the assignment to this course anew."),
        )
    if road.way == "gone":
        return (
            gettext("The column is gone"),
            gettext("%(platform)s says that it was deleted, or belongs to another tool now.", **names),
            gettext("Open Grade Passback: each score that waits says what to do."),
        )
    if road.way == "unknown":
        return (
            gettext("Not known yet"),
            gettext("It is looked for in this course, or made, when the first score goes."),
            None,
        )
    if road.way == "unbound":
        return (
            gettext("No assignment yet"),
            gettext("The link does not say which assignment it opens. Students see that it is not ready."),
            gettext("Open the link from the course and choose one."),
        )
    return (
        gettext("No column"),
        gettext("%(platform)s named none for this link, and does not let Passback make one.", **names),
        gettext("Add the link as a graded assignment with points."),
    )


def _good_words(road: Road, platform_name: str) -> tuple[str, str, None]:
    if road.way == "sections":
        text = gettext("%(num)s columns, one for each section: every score goes where its student opened the link.")
        return gettext("This course’s own"), text % {"num": road.sections}, None
    texts = {
        "found": gettext("Found in the gradebook of this course."),
        "made": gettext("Made by Passback in this course."),
    }
    named = gettext("Named by %(platform)s when the link was opened.", platform=platform_name)
    return gettext("This course’s own"), texts.get(road.source or "", named), None


def _origin(road: Road) -> str | None:
    if road.origin is None:
        return None
    if road.origin.is_of_this_course:
        return gettext("A copy of another link of this course.")
    if road.origin.course_title:
        return gettext("Copied from “%(course)s”.", course=road.origin.course_title)
    return gettext("Copied from an earlier course.")
