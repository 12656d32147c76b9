"""What happens in every story about grades: work is handed in, its score arrives, answers change, Ada gives marks."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tests.cast import ADA
from tests.rows import arrive, ended, passback_of
from tool.assessment.assignments import Changed, change_assignment
from tool.assessment.changing import change_answers, give_back
from tool.assessment.marking import give_marks
from tool.assessment.marks import GivenMark
from tool.assessment.page_mark import PageMark
from tool.assessment.questions import Question, load_questions
from tool.assessment.records import ONES_WORK, named
from tool.assessment.submitting import Work, begin_again, find_work, save_answers, submit
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.work import Assignment, Grade, Submission
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.passback.policy import Decision
from tool.registration.platforms import KnownPlatform

ESSAY: dict[str, Any] = {"id": "story", "type": "essay", "prompt": "Tell a story.", "points": 8}
HALF: dict[str, Any] = {"id": "half", "type": "numeric", "prompt": "What is 1/2?", "points": 5, "answer": "0.5"}
QUARTER: dict[str, Any] = {"id": "quarter", "type": "numeric", "prompt": "What is 1/4?", "points": 5, "answer": "0.25"}


def deliver_all(database: Database, platform: KnownPlatform) -> int:
    """Everything that is due arrives in the LMS."""
    claimed = claim(database, platform.id, holder="sender", limit=100)
    settle(database, [ended(one) for one in claimed])
    return len(claimed)


def work_of(database: Database, place: Arrival) -> Work:
    with database.reading() as connection:
        found = find_work(connection, place.placement_id or 0, place.member_id, place.assignment_id or "")
    assert found is not None
    return found


def grades_of(database: Database, place: Arrival) -> list[Any]:
    """Someone's grades, attempt after attempt."""
    with database.reading() as connection:
        return list(
            connection.execute(
                select(Grade)
                .join(Submission, Submission.id == Grade.submission_id)
                .where(*ONES_WORK)
                .order_by(Submission.attempt_number),
                named(place.placement_id or 0, place.member_id, place.assignment_id or ""),
            )
        )


def answer_again(database: Database, place: Arrival, answers: Mapping[str, object]) -> Decision | None:
    """The student presses *Submit changes*."""
    work = work_of(database, place)
    with database.writing() as connection:
        return change_answers(connection, work, answers, PageMark(work.revision, "page"))


def hand_in_once_more(database: Database, place: Arrival, answers: Mapping[str, object]) -> Decision | None:
    """Save and submit the newest work as it is open: a further attempt, or work that was given back."""
    work = work_of(database, place)
    with database.writing() as connection:
        return submit(connection, save_answers(connection, work, answers, PageMark(work.revision, "page")))


def try_again(database: Database, place: Arrival, answers: Mapping[str, object]) -> Decision | None:
    """Another attempt, handed in."""
    with database.writing() as connection:
        work = find_work(connection, place.placement_id or 0, place.member_id, place.assignment_id or "")
        assert work is not None
        begin_again(connection, work, place.placement_id or 0, place.member_id)
    return hand_in_once_more(database, place, answers)


def return_work(database: Database, place: Arrival) -> None:
    """Ada gives the newest work back."""
    with database.writing() as connection:
        give_back(connection, work_of(database, place).submission_id)


def mark(database: Database, platform: KnownPlatform, place: Arrival, **points: object) -> Decision | None:
    """Ada gives points for answers of the newest work, by the questions' ids; None takes hers away."""
    ada = arrive(database, platform, ADA)
    marks = [GivenMark(name, None if given is None else Decimal(str(given))) for name, given in points.items()]
    with database.writing() as connection:
        return give_marks(connection, work_of(database, place).submission_id, marks, by=ada.member_id, may_exceed=False)


def change(database: Database, **changes: Any) -> Changed:
    """Ada changes settings of the fractions; `questions` as in the file."""
    with database.writing() as connection:
        revision = connection.execute(select(Assignment.revision).where(Assignment.id == "fractions")).scalar_one()
        if "questions" in changes:
            changes["questions"] = read_questions(*changes["questions"])
        return change_assignment(connection, "fractions", changes, seen_revision=revision)


def read_questions(*questions: dict[str, Any]) -> tuple[Question, ...]:
    return load_questions([{name: as_text(value) for name, value in one.items()} for one in questions])


def as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def told(database: Database, place: Arrival) -> tuple[object, ...]:
    """What the ledger says of someone: the tool's score, what changed it, why it waits, and the last version wished."""
    row = passback_of(database, place)
    return row.earned, row.cause, row.reason, row.version
