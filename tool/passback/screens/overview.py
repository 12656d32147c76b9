"""The teacher's first page of a placement: who handed in, and where the scores are."""

from typing import Any

from flask import current_app, render_template, url_for

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.passback.describing import describe_row, link_facts
from tool.passback.screens.room import blueprint, read_class
from tool.passback.tabs import teacher_tabs
from tool.passback.verdict import count_statuses

RESULTS = "grading.results"
"""The page of how the class did; its room is above this one, so it may not be there."""


@opens(blueprint, "/l/<launch_id>/overview", to=TEACHER)
def overview(visitor: Visitor) -> str:
    """Every learner of the placement, and where the score is."""
    with part(Database).reading() as connection:
        everyone = read_class(connection, visitor)
        tabs = teacher_tabs(connection, visitor, "overview")
    link, facts = everyone.link, link_facts(everyone.link)
    return render_template(
        "passback/overview.html",
        page_title=link.title,
        assignment_title=link.title,
        course_title=visitor.course_title,
        tabs=tabs,
        automatic={"is_on": facts["is_automatic"], "reason": facts["automatic_because"]},
        column={
            "label": link.title if facts["has_column"] else None,
            "maximum": facts["column_maximum"],
            "platform_name": link.platform_name,
            "text": facts["column_text"],
        },
        rows=[_row(describe_row(link, one, is_chosen=False)) for one in everyone.verdicts],
        counts=list(count_statuses(everyone.verdicts).items()),
        preview_url=None,
        results_url=url_for(RESULTS, launch_id=visitor.launch_id) if RESULTS in current_app.view_functions else None,
    )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"score": row["earned"], "maximum": row["earned_maximum"], "reason": row["because"]}
