"""What was ticked, and what there is to tick."""

from flask import request
from sqlalchemy import Connection, select

from tool.access import Visitor
from tool.errors import NotThere
from tool.language import gettext
from tool.model.work import Placement

LONGEST_ID = 10


def typed_items(name: str) -> set[int]:
    """The placements that a form names; what is no id is left away, and no id is longer."""
    typed = request.form.getlist(name)
    return {int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < LONGEST_ID}


def known_items(connection: Connection, visitor: Visitor) -> set[int]:
    """The placements of the visitor's course that have an assignment."""
    mine = (Placement.course_id == visitor.course_id, Placement.assignment_id.is_not(None))
    return set(connection.execute(select(Placement.id).where(*mine)).scalars())


def insist_on_item(connection: Connection, visitor: Visitor, placement_id: int) -> None:
    """Raises NotThere for a placement of another course."""
    if placement_id not in known_items(connection, visitor):
        raise NotThere(gettext("This assignment is not in your course."), gettext("Open Sync Grades again."))
