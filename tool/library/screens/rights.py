"""What a teacher may do with an assignment: look and copy what is on their shelf, change what is their own."""

from flask import abort
from sqlalchemy import Connection

from tool.access import NotForYou, Visitor
from tool.assessment.assignments import read_assignment
from tool.assessment.making import Owner
from tool.assessment.questions import AssignmentFile
from tool.language import gettext
from tool.library.shelf import is_on_shelf


def read_on_shelf(connection: Connection, visitor: Visitor, assignment_id: str) -> AssignmentFile:
    """The assignment; one that this teacher may not use is not there."""
    if not assignment_id.isprintable() or not is_on_shelf(connection, visitor, assignment_id):
        abort(404)
    return read_assignment(connection, assignment_id)


def not_yours() -> NotForYou:
    """For who asks for a change of another's."""
    return NotForYou(
        gettext("This assignment is not yours to change."),
        gettext("Copy it to your library, then change the copy."),
        status=403,
    )


def owner_of(visitor: Visitor) -> Owner:
    return Owner(visitor.customer_id, visitor.person_id)
