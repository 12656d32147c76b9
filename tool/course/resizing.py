"""A column is made worth as much as the assignment: only when a teacher asked for it."""

from collections.abc import Callable

from sqlalchemy import select

from tool.course.columns import note_column
from tool.db import Database
from tool.lti.connector import Connector
from tool.lti.line_items import read_line_item
from tool.lti.resizing import resize_line_item
from tool.model.people import Course
from tool.model.platforms import Customer
from tool.model.work import Assignment, Placement

ERRAND_KIND = "resize"


def resize_column(database: Database, connect: Callable[[int], Connector | None], placement_id: int) -> None:
    """Make the placement's own column worth the assignment's points, and read back what the LMS made of it.

    Blocks on the platform. Raises ServiceError when another try may help.
    """
    with database.reading() as connection:
        row = connection.execute(
            select(Placement.line_item_url, Assignment.points, Customer.platform_id)
            .join(Assignment, Assignment.id == Placement.assignment_id)
            .join(Course, Course.id == Placement.course_id)
            .join(Customer, Customer.id == Course.customer_id)
            .where(Placement.id == placement_id)
        ).first()
    connector = connect(row.platform_id) if row is not None and row.line_item_url is not None else None
    if row is None or connector is None:
        return
    resize_line_item(connector, row.line_item_url, row.points)
    column = read_line_item(connector, row.line_item_url)
    with database.writing() as connection:
        note_column(connection, placement_id, maximum=column.maximum, due_at=column.due_at)
