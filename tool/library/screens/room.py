"""What the library's pages share: their blueprint, and the list to choose from."""

from flask import Blueprint, current_app, url_for
from sqlalchemy import Connection

from tool.access import Visitor
from tool.library.shelf import ShelfRow, list_shelf

SEARCH_CHARACTERS = 200

blueprint = Blueprint("library", __name__)


def list_choices(connection: Connection, visitor: Visitor, search: str) -> list[ShelfRow]:
    """What a teacher can place: their shelf without what they put away."""
    return list_shelf(connection, visitor, search=search[:SEARCH_CHARACTERS])


def new_url(visitor: Visitor) -> str | None:
    """Where a new assignment is made."""
    if "library.new_draft" not in current_app.view_functions:
        return None
    return url_for("library.new_draft", launch_id=visitor.launch_id)
