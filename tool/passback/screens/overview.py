"""The teacher's page of one placement."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import select

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.language import gettext
from tool.model.people import Course
from tool.model.work import Assignment, Placement
from tool.passback.progress import Row, count_statuses, list_rows
from tool.passback.words import automatic_text, column_text, reason_text

blueprint = Blueprint("passback", __name__)


@opens(blueprint, "/l/<launch_id>/overview", to=TEACHER)
def overview(visitor: Visitor) -> str:
    """Every learner who opened the assignment, and where the score is."""
    with part(Database).reading() as connection:
        placement = connection.execute(
            select(Placement, Assignment.title.label("assignment_title"), Assignment.automatic_passback)
            .add_columns(Assignment.person_needed_because, Assignment.points, Course.line_items_url, Course.scopes)
            .join(Assignment, Assignment.id == Placement.assignment_id)
            .join(Course, Course.id == Placement.course_id)
            .where(Placement.id == visitor.placement_id)
        ).one()
        rows = list_rows(connection, placement.id)
    because = automatic_text(placement.person_needed_because) if placement.automatic_passback else None
    return render_template(
        "passback/overview.html",
        page_title=placement.assignment_title,
        assignment_title=placement.assignment_title,
        course_title=visitor.course_title,
        automatic={"is_on": placement.automatic_passback and because is None, "reason": because},
        column=_column(placement, visitor.platform_name),
        rows=[_row(row) for row in rows],
        counts=count_statuses(rows),
        preview_url=None,
    )


def _column(placement: Any, platform_name: str) -> dict[str, Any]:
    has_one = placement.line_item_url is not None
    return {
        "label": (placement.title or placement.assignment_title) if has_one else None,
        "maximum": placement.line_item_maximum or placement.points,
        "platform_name": platform_name,
        "text": None if has_one else column_text(placement.line_items_url, placement.scopes),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name if row.name != "–" else gettext("No name given"),
        "score": row.score,
        "maximum": row.maximum,
        "sent": row.sent,
        "sent_at": row.sent_at,
        "status": row.status,
        "reason": reason_text(row.reason, row.questions),
    }
