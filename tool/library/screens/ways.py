"""Where the library leads back to: the list the LMS asked for, the link that waits, or where the teacher came from."""

from flask import url_for
from sqlalchemy import Connection

from tool.access import Visitor
from tool.language import gettext
from tool.library.selections import read_asked


def way_back(connection: Connection, visitor: Visitor) -> tuple[str, str]:
    """Out of the library: words and address."""
    if _is_choosing(connection, visitor):
        return gettext("Back to choosing"), url_for("library.choose", launch_id=visitor.launch_id)
    if _has_empty_link(visitor):
        return gettext("Back to this link"), url_for("library.unbound", launch_id=visitor.launch_id)
    if visitor.placement_id is not None:
        return gettext("Back to this link"), url_for("passback.overview", launch_id=visitor.launch_id)
    return gettext("Back to the course"), url_for("passback.course", launch_id=visitor.launch_id)


def after_saving(connection: Connection, visitor: Visitor, assignment_id: str, done: str) -> str:
    """Who came to choose goes on choosing, with the new one ticked; everybody else to the library."""
    if _is_choosing(connection, visitor):
        return url_for("library.choose", launch_id=visitor.launch_id, assignment=assignment_id)
    if _has_empty_link(visitor):
        return url_for("library.unbound", launch_id=visitor.launch_id)
    return url_for("library.shelf", launch_id=visitor.launch_id, done=done)


def _is_choosing(connection: Connection, visitor: Visitor) -> bool:
    asked = read_asked(connection, visitor.launch_id)
    return asked is not None and not asked.is_answered


def _has_empty_link(visitor: Visitor) -> bool:
    return visitor.placement_id is not None and visitor.assignment_id is None
