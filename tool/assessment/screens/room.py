"""What the student's pages share: their blueprint, whose work it is, and where a hand-in ends."""

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import Visitor, part
from tool.assessment.page_mark import PageMark
from tool.assessment.pages import Paper, read_paper
from tool.assessment.submitting import Work, find_work
from tool.errors import PassbackError
from tool.language import gettext
from tool.passback.policy import Decision
from tool.wake import Bell

blueprint = Blueprint("assessment", __name__)


class Closed(PassbackError):
    """The assignment closed; what was saved stays saved."""


def sent_mark() -> PageMark:
    """The mark of the page whose form was posted."""
    return PageMark.read(request.form.get("revision", ""))


def read_work(connection: Connection, visitor: Visitor) -> tuple[Paper, Work | None]:
    """The assignment of the link and the visitor's newest work in it."""
    paper = read_paper(connection, assignment_of(visitor))
    return paper, find_work(connection, visitor.placement_id or 0, visitor.member_id, paper.id)


def assignment_of(visitor: Visitor) -> str:
    """The id of the link's assignment; Closed for a page that is older than its removal."""
    if visitor.placement_id is None or visitor.assignment_id is None:
        raise Closed(gettext("This link has no assignment any more."), gettext("Ask your teacher."))
    return visitor.assignment_id


def to_result(visitor: Visitor, decision: Decision | None = None) -> Response:
    """Where every hand-in ends; the sender is told when a score is to go by itself."""
    if decision is not None and decision.kind == "send":
        part(Bell).ring()
    return redirect(url_for("assessment.result", launch_id=visitor.launch_id), 303)
