"""A link was bound to another assignment: what that means for work, grades and the ledger.

Nothing is moved and nothing is deleted. Work, grades and marks stay with the assignment they are of and are found
again when the link comes back to it; whatever looks at "the work here" looks at the assignment of now. The ledger has
one row for a student and a column: what it still wished for the other assignment is given up, and where the link comes
back to one that was worked on before, it is told again what was earned then. None of that is sent by itself.
"""

from sqlalchemy import select

from tool.assessment.grading import tell_again
from tool.assessment.records import hold_key
from tool.db import Database
from tool.model.work import Placement
from tool.passback.ledger.turning import rest_rows


def take_up(database: Database, placement_id: int) -> None:
    """The errand `binding`: have the ledger of a placement speak of the assignment that the placement has now. Doing it
    twice is doing it once."""
    with database.writing() as connection:
        bound_to = connection.execute(select(Placement.assignment_id).where(Placement.id == placement_id)).scalar()
        if bound_to is None:
            return
        hold_key(connection, bound_to)
        rest_rows(connection, placement_id, bound_to)
        tell_again(connection, bound_to, placement_id)
