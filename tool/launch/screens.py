"""Pages for those who arrive where there is nothing to do yet."""

from flask import Blueprint, render_template
from sqlalchemy import select

from tool.access import MEMBERS, Visitor, opens, part
from tool.db import Database
from tool.model.work import Assignment, Placement

blueprint = Blueprint("arrival", __name__)


@opens(blueprint, "/l/<launch_id>/course", to=MEMBERS)
def course(visitor: Visitor) -> str:
    """The course's own entry (Canvas's course navigation): what is placed here."""
    with part(Database).reading() as connection:
        rows = connection.execute(
            select(Assignment.title)
            .join(Placement, Placement.assignment_id == Assignment.id)
            .where(Placement.course_id == visitor.course_id)
            .order_by(Assignment.title)
        ).all()
    placements = [(row.title, None) for row in rows]
    return render_template("launch/course.html", visitor=visitor, placements=placements)


@opens(blueprint, "/l/<launch_id>/unbound", to=MEMBERS)
def unbound(visitor: Visitor) -> str:
    """The link has no assignment: the teacher is told how to give it one, a student that it is not ready."""
    page = "launch/choose_first.html" if visitor.is_teacher else "launch/not_ready.html"
    return render_template(page, visitor=visitor, title=visitor.course_title)
