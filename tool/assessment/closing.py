"""The clock hands in: at an assignment's closing time (not its due date) saved work is submitted as it stands."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, Text, and_, cast, or_, select
from sqlalchemy.exc import DBAPIError

from tool.assessment.records import STILL_BOUND
from tool.assessment.submitting import read_work, submit
from tool.clock import now
from tool.db import Database
from tool.model.work import Assignment, Placement, Submission

log = structlog.get_logger("closing")

LOOKS_EVERY = timedelta(seconds=20)


def close_due(database: Database) -> int:
    """Hand in all open work whose assignment has closed; returns how many came in. Work without any saved answer is
    left alone: nothing was done, so there is nothing to hand in."""
    with database.reading() as connection:
        due = list(connection.execute(_due(now())).scalars())
    return sum(_close(database, submission_id) for submission_id in due)


def keep_closing(database: Database) -> datetime:
    """The errand `closing`: hand in what is due; answers when to look again."""
    close_due(database)
    return now() + LOOKS_EVERY


def _due(at: datetime) -> Select[int]:
    # Work whose link has another assignment now is left as it is: nobody can see to it.
    # Work that was given back after the closing time is the teacher's word against the clock's.
    is_given_back = and_(Submission.reopened_at.is_not(None), Submission.reopened_at < Assignment.closes_at)
    return (
        select(Submission.id)
        .join(Placement, STILL_BOUND)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Assignment.closes_at <= at,
            or_(Submission.submitted_at.is_(None), is_given_back),
            cast(Submission.answers, Text) != "{}",
        )
        .order_by(Submission.id)
    )


def _close(database: Database, submission_id: int) -> bool:
    """One transaction each: work that cannot be graded keeps nobody else's from coming in."""
    try:
        with database.writing() as connection:
            closes_at = connection.execute(
                _due(now()).with_only_columns(Assignment.closes_at).where(Submission.id == submission_id)
            ).scalar()
            if closes_at is None:
                return False
            work = read_work(connection, submission_id)
            # A closing time that was set into the past does not make the work older than its last answer.
            submit(connection, work, by="clock", at=max(closes_at, work.saved_at or closes_at))
    except DBAPIError:
        raise
    except Exception:
        log.exception("closing.crashed", submission_id=submission_id)
        return False
    return True
