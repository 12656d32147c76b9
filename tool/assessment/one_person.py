"""What one person handed in and earned: told, and taken away."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, select

from tool.model.work import Assignment, Grade, Mark, Submission


def tell(connection: Connection, member_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
    """The rows that this room keeps: all answers as they were given, what they earned and what was said of them."""
    mine = Submission.member_id.in_(member_ids)
    told = {
        "submissions": select(Submission.__table__, Assignment.title.label("assignment_title"))
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(mine)
        .order_by(Submission.id),
        "grades": select(Grade.__table__).join(Submission, Submission.id == Grade.submission_id).where(mine),
        "marks": select(Mark.__table__).join(Submission, Submission.id == Mark.submission_id).where(mine),
    }
    return {name: [dict(row) for row in connection.execute(rows).mappings()] for name, rows in told.items()}


def erase(connection: Connection, member_ids: Collection[int]) -> None:
    """Take it away. What these members gave for others' work stays."""
    mine = select(Submission.id).where(Submission.member_id.in_(member_ids))
    connection.execute(delete(Mark).where(Mark.submission_id.in_(mine)))
    connection.execute(delete(Grade).where(Grade.submission_id.in_(mine)))
    connection.execute(delete(Submission).where(Submission.member_id.in_(member_ids)))
