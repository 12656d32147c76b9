"""A link without an assignment: its teacher chooses one right there, a student reads that it is not ready."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import MEMBERS, TEACHER, Visitor, opens, part
from tool.course.copies import suggest
from tool.course.placements import bind_assignment
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.library.screens.room import blueprint, list_choices, new_url
from tool.library.shelf import is_on_shelf
from tool.wake import Bell

# In the address when the link names an assignment that is not this school's: what it has by now is not what it names.
NAMED = "named"


@opens(blueprint, "/l/<launch_id>/unbound", to=MEMBERS)
def unbound(visitor: Visitor) -> str | Response:
    """What a link opens that has no assignment, or names one that is not there."""
    is_misnamed = request.args.get(NAMED) == "1"
    if visitor.placement_id is None:
        return redirect(url_for("arrival.course", launch_id=visitor.launch_id), 303)
    if visitor.assignment_id is not None and not is_misnamed:
        page = "passback.overview" if visitor.is_teacher else "assessment.work"
        return redirect(url_for(page, launch_id=visitor.launch_id), 303)
    if not visitor.is_teacher:
        return render_template("launch/not_ready.html", visitor=visitor, title=visitor.course_title)
    with part(Database).reading() as connection:
        return _show(connection, visitor, is_misnamed=is_misnamed)


@opens(blueprint, "/l/<launch_id>/unbound", to=TEACHER, methods=("POST",))
def bind(visitor: Visitor) -> str | tuple[str, int] | Response:
    """Have the link open the assignment whose button was pressed; nobody else's choice is overwritten unseen."""
    is_misnamed = request.form.get(NAMED) == "1"
    chosen, seen = request.form.get("assignment", ""), request.form.get("seen") or None
    if visitor.placement_id is None:
        raise BadInput(gettext("This page belongs to no link."), gettext("Open the link again from your course."))
    with part(Database).reading() as connection:
        if not chosen:
            return _show(connection, visitor, is_misnamed=is_misnamed)
        if not (is_on_shelf(connection, visitor, chosen) or _is_suggested(connection, visitor.placement_id, chosen)):
            wrong = gettext("This assignment is not in your library. Choose again.")
            return _show(connection, visitor, is_misnamed=is_misnamed, wrong=wrong), 400
    with part(Database).writing() as connection:
        is_bound = bind_assignment(connection, visitor.placement_id, chosen, instead_of=seen)
    if not is_bound:
        raise BadInput(
            gettext("Somebody else chose an assignment for this link meanwhile. Theirs stays."),
            gettext("Open the link again from your course to see which."),
        )
    part(Bell).ring()
    return redirect(url_for("passback.overview", launch_id=visitor.launch_id), 303)


def _is_suggested(connection: Connection, placement_id: int, chosen: str) -> bool:
    """A teacher may take over a colleague's course, whose assignments were never on their own shelf."""
    suggested = suggest(connection, placement_id)
    return suggested is not None and suggested[0] == chosen


def _show(connection: Connection, visitor: Visitor, *, is_misnamed: bool, wrong: str = "") -> str:
    search = request.form.get("search", "")
    suggested = suggest(connection, visitor.placement_id) if visitor.placement_id else None
    return render_template(
        "library/picker_link.html",
        visitor=visitor,
        csrf=visitor.csrf,
        rows=list_choices(connection, visitor, search),
        search=search,
        suggested=suggested,
        is_misnamed=is_misnamed,
        wrong=wrong,
        new_url=new_url(visitor),
    )
