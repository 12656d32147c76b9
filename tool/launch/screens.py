"""Pages for those who arrive where there is nothing to do yet."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from tool.access import MEMBERS, TEACHER, Visitor, digest, launch_cookie_name, opens, part
from tool.db import Database
from tool.launch.arriving import LAUNCH_LIFE, enter_placement
from tool.launch.cookies import drop_surplus, set_cookie
from tool.model.work import Assignment, Placement
from tool.page_tokens import PageSeal, carry, is_carried

blueprint = Blueprint("arrival", __name__)


@opens(blueprint, "/l/<launch_id>/course", to=MEMBERS)
def course(visitor: Visitor) -> str | Response:
    """The course's own entry (Canvas's course navigation): what is placed here. A teacher sees it at a glance."""
    if visitor.is_teacher:
        return redirect(url_for("passback.course", launch_id=visitor.launch_id), 303)
    with part(Database).reading() as connection:
        rows = connection.execute(
            select(Assignment.title)
            .join(Placement, Placement.assignment_id == Assignment.id)
            .where(Placement.course_id == visitor.course_id)
            .order_by(Assignment.title)
        ).all()
    placements = [(row.title, None) for row in rows]
    return render_template("launch/course.html", visitor=visitor, placements=placements)


@opens(blueprint, "/l/<launch_id>/course/<int(max=2147483647):placement_id>/enter", to=TEACHER, methods=("POST",))
def enter(visitor: Visitor, placement_id: int) -> Response:
    """From the course at a glance into one of its assignments."""
    entered = enter_placement(part(Database), visitor.launch_id, placement_id)
    if entered is None:
        abort(404)
    launch_id, secret = entered
    if is_carried(visitor.launch_id):
        carry(part(PageSeal), launch_id, digest(secret))
        return redirect(url_for("passback.overview", launch_id=launch_id), 303)
    response = redirect(url_for("passback.overview", launch_id=launch_id), 303)
    drop_surplus(response, request)
    set_cookie(response, launch_cookie_name(launch_id), secret, max_age_seconds=int(LAUNCH_LIFE.total_seconds()))
    return response
