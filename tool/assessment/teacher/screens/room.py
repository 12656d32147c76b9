"""What the grading pages share: their blueprint, the class with its work, and one question as a template shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import Connection

from tool.access import Visitor, part
from tool.assessment.pages import Paper, answer_text, read_paper
from tool.assessment.teacher.fields import MarkField
from tool.assessment.teacher.sheets import OpenedSheet, Sheet, list_sheets
from tool.errors import BadInput, NotThere
from tool.language import gettext
from tool.passback.policy import Decision
from tool.passback.tabs import Tab, teacher_tabs
from tool.wake import Bell

blueprint = Blueprint("grading", __name__)

# Ids are 32-bit in PostgreSQL; a longer number in an address is no such page, not a database error.
SHEET_ID = "<int(max=2147483647):submission_id>"


@dataclass(frozen=True, slots=True)
class Classwork:
    """A placement's assignment, its work, and the tabs over the page."""

    placement_id: int
    paper: Paper
    sheets: list[Sheet]
    tabs: list[Tab]

    def sheet(self, submission_id: int) -> Sheet:
        """One of this placement; anybody else's is simply not there."""
        for sheet in self.sheets:
            if sheet.submission_id == submission_id:
                return sheet
        raise NotThere(gettext("This work is not on the list."), gettext("Open the list of students again."))


def read_classwork(connection: Connection, visitor: Visitor) -> Classwork:
    if visitor.placement_id is None or visitor.assignment_id is None:
        raise BadInput(gettext("This link has no assignment yet."), gettext("Choose one first."))
    return Classwork(
        placement_id=visitor.placement_id,
        paper=read_paper(connection, visitor.assignment_id),
        sheets=list_sheets(connection, visitor.placement_id, visitor.assignment_id),
        tabs=teacher_tabs(connection, visitor, "grading"),
    )


def frame(visitor: Visitor, classwork: Classwork) -> dict[str, Any]:
    """What every grading page shows around its content."""
    return {
        "assignment": classwork.paper,
        "course_title": visitor.course_title,
        "tabs": classwork.tabs,
        "csrf": visitor.csrf,
        "platform_name": visitor.platform_name,
        "queue_url": url_for("grading.queue", launch_id=visitor.launch_id),
        "grades_url": url_for("passback.grades", launch_id=visitor.launch_id),
    }


def name_of(sheet: Sheet) -> str:
    return sheet.name or gettext("No name given")


def describe_question(opened: OpenedSheet, shown: MarkField) -> dict[str, Any]:
    """One question of a sheet: the answer, how it is judged, and what stands in its inputs."""
    question, automatic = shown.question, opened.automatic.questions[shown.number - 1]
    detail: Mapping[str, Any] = opened.details.get(question.id, {})
    is_judged = bool(detail) and not opened.sheet.is_open
    return {
        "number": shown.number,
        "prompt": question.prompt,
        "points": question.points,
        "answer_text": answer_text(question, opened.answers.get(question.id)),
        "state": detail["state"] if is_judged else automatic.state,
        "automatic_earned": automatic.earned,
        "field": shown,
        "lines": [(line, shown.rubric.get(line.id, "")) for line in shown.lines],
    }


def ring_for(decision: Decision | None) -> None:
    """Tell the sender when a score is to go by itself; after the commit, or it would look too early."""
    if decision is not None and decision.kind == "send":
        part(Bell).ring()


def insists() -> bool:
    """The teacher was warned and pressed the button that says so."""
    return request.form.get("Save") == "insist"
