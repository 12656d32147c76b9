"""Decisions about the whole placement: complete/incomplete, opt out, read the LMS again."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from tool import errands
from tool.access import TEACHER, Visitor, opens, part
from tool.course.resizing import ERRAND_KIND
from tool.db import Database
from tool.passback import acts
from tool.passback.screens.room import actor_of, blueprint, grades_url, placement_of
from tool.wake import Bell


@opens(blueprint, "/l/<launch_id>/grades/mode", to=TEACHER, methods=("POST",))
def mode(visitor: Visitor) -> Response:
    """Points, or complete/incomplete."""
    with part(Database).writing() as connection:
        is_completion = request.form.get("mode") == "completion"
        acts.change_mode(connection, actor_of(visitor), "completion" if is_completion else "points")
    return redirect(grades_url(visitor), 303)


@opens(blueprint, "/l/<launch_id>/grades/opt-out", to=TEACHER, methods=("POST",))
def opt_out(visitor: Visitor) -> Response:
    """Stop sending for this placement, or allow it again."""
    with part(Database).writing() as connection:
        acts.opt_out(connection, actor_of(visitor), is_out=request.form.get("out") == "yes")
    return redirect(grades_url(visitor), 303)


@opens(blueprint, "/l/<launch_id>/grades/column-points", to=TEACHER, methods=("POST",))
def resize(visitor: Visitor) -> Response:
    """Make the column in the LMS worth as much as the assignment; read back afterwards."""
    with part(Database).writing() as connection:
        acts.resize_column(connection, actor_of(visitor))
        errands.ask(connection, ERRAND_KIND, placement_of(visitor))
    part(Bell).ring()
    return redirect(grades_url(visitor), 303)


@opens(blueprint, "/l/<launch_id>/grades/refresh", to=TEACHER, methods=("POST",))
def refresh(visitor: Visitor) -> Response:
    """Read the roster and the grades of the LMS again."""
    with part(Database).writing() as connection:
        errands.ask(connection, "roster", visitor.course_id)
        errands.ask(connection, "results", placement_of(visitor))
    part(Bell).ring()
    is_preflight = request.form.get("to") == "preflight"
    back = url_for("passback.preflight", launch_id=visitor.launch_id) if is_preflight else grades_url(visitor)
    return redirect(back, 303)
