"""A student works: open a submission, save answers as they come, hand in once, and begin again where that is allowed.

Every function takes the caller's transaction and decides by what the database says, never by what a page believes.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, or_, select, update

from tool.assessment.grading import record_grade
from tool.assessment.records import hold_still
from tool.assessment.second_hand_in import record_second_hand_in
from tool.clock import now
from tool.db import upsert
from tool.errors import PassbackError
from tool.model.work import Submission
from tool.passback.policy import Cause, Decision

By = Literal["student", "teacher", "clock"]
FIRST_CAUSES: dict[By, Cause] = {
    "student": "submitted",
    "teacher": "submitted_by_teacher",
    "clock": "closed_by_clock",
}

IS_OPEN = or_(Submission.submitted_at.is_(None), Submission.reopened_at.is_not(None))


class SavedElsewhere(PassbackError):
    """Another page of the same student saved newer answers; nothing was overwritten."""


class AlreadyHandedIn(PassbackError):
    """The work was handed in before; it is not changed."""


@dataclass(frozen=True, slots=True)
class PageMark:
    """Which page of the work sends, and the newest revision it knows; travels in the form as `7.1.x2kf9a`, where the
    page begins with the number of its attempt."""

    revision: int
    page: str

    def __str__(self) -> str:
        return f"{self.revision}.{self.page}"

    @classmethod
    def make(cls, work: "Work") -> "PageMark":
        """The mark of a page that is made now."""
        return cls(work.revision, f"{work.attempt_number}.{secrets.token_urlsafe(6)}")

    def is_of(self, work: "Work") -> bool:
        """False for a page of another attempt, which must not write into this one."""
        attempt, dot, _ = self.page.partition(".")
        return not dot or attempt == str(work.attempt_number)

    @classmethod
    def read(cls, text: str) -> "PageMark":
        """A mark that nobody made counts as a page that knows nothing."""
        number, _, page = text.partition(".")
        is_made_here = number.isdigit() and len(number) < 10 and text.isascii() and text.isprintable()
        return cls(int(number), page[:16]) if is_made_here else cls(-1, "")


@dataclass(frozen=True, slots=True)
class Work:
    """A submission as its page shows it."""

    submission_id: int
    attempt_number: int
    answers: Mapping[str, object]
    revision: int
    saved_page: str | None
    started_at: datetime
    saved_at: datetime | None
    submitted_at: datetime | None
    """Of the first hand-in of this attempt; a later one of the same attempt does not move it."""
    reopened_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """The student works on it: not handed in yet, or given back by the teacher."""
        return self.submitted_at is None or self.reopened_at is not None


def open_work(connection: Connection, placement_id: int, member_id: int) -> Work:
    """The student's latest submission, begun now if there is none. Two tabs at once get the same one."""
    latest = _latest(connection, placement_id, member_id)
    return _work(latest) if latest is not None else _begin(connection, placement_id, member_id, attempt_number=1)


def begin_again(connection: Connection, work: Work, placement_id: int, member_id: int) -> Work:
    """The attempt after a handed-in one, empty. A second press finds what the first began; whether there may be
    another attempt is the caller's question."""
    return _begin(connection, placement_id, member_id, attempt_number=work.attempt_number + 1)


def find_work(connection: Connection, placement_id: int, member_id: int) -> Work | None:
    """The student's latest submission, if the student has begun."""
    latest = _latest(connection, placement_id, member_id)
    return _work(latest) if latest is not None else None


def read_work(connection: Connection, submission_id: int) -> Work:
    """A submission by its id."""
    return _work(connection.execute(select(Submission).where(Submission.id == submission_id)).one())


def find_handed_in(connection: Connection, placement_id: int, member_id: int) -> Work | None:
    """The student's latest submission that was handed in, whatever has been begun since."""
    latest = _latest(connection, placement_id, member_id, Submission.submitted_at.is_not(None))
    return _work(latest) if latest is not None else None


def save_answers(connection: Connection, work: Work, answers: Mapping[str, object], mark: PageMark) -> Work:
    """Keep answers of open work. A page that does not know what another page saved is told, and overwrites nothing."""
    if not work.is_open or not mark.is_of(work):
        raise AlreadyHandedIn("This work was handed in already.", "Reload the page to see it.")
    is_newest = mark.revision == work.revision or mark.page == work.saved_page
    if not is_newest and dict(answers) != dict(work.answers):
        raise SavedElsewhere(
            "Newer answers were saved in another window.", "Reload the page to go on with the newest ones."
        )
    at = now()
    changed = connection.execute(
        update(Submission)
        .where(
            Submission.id == work.submission_id,
            Submission.revision == work.revision,
            IS_OPEN,
        )
        .values(answers=dict(answers), revision=Submission.revision + 1, saved_page=mark.page, saved_at=at)
    )
    if changed.rowcount == 0:
        raise SavedElsewhere("The work changed while it was saved.", "Reload the page, then go on.")
    return replace(work, answers=answers, revision=work.revision + 1, saved_page=mark.page, saved_at=at)


def submit(connection: Connection, work: Work, *, by: By = "student", at: datetime | None = None) -> Decision | None:
    """Hand in what is saved, grade it and ask for its passback. None when there is nothing to tell: it was handed in
    before (a double click or a replayed form is one submission), or was given back and came unchanged.

    `at` is the time of the hand-in where it is not now: the clock's is the closing time.
    """
    hold_still(connection, work.submission_id)
    row = connection.execute(select(Submission).where(Submission.id == work.submission_id)).one()
    if not _work(row).is_open:
        return None
    if row.submitted_at is not None:
        return record_second_hand_in(connection, row.id)
    handed_in = {"submitted_at": at or now(), "submitted_by": by}
    connection.execute(update(Submission).where(Submission.id == row.id).values(handed_in))
    cause: Cause = FIRST_CAUSES[by] if row.attempt_number == 1 else "further_attempt"
    return record_grade(connection, row.id, cause=cause)


def _begin(connection: Connection, placement_id: int, member_id: int, *, attempt_number: int) -> Work:
    connection.execute(
        upsert(connection, Submission)
        .values(
            placement_id=placement_id,
            member_id=member_id,
            attempt_number=attempt_number,
            answers={},
            revision=0,
            started_at=now(),
        )
        .on_conflict_do_nothing()
    )
    return _work(_latest(connection, placement_id, member_id))


def _latest(connection: Connection, placement_id: int, member_id: int, *which: ColumnElement[bool]) -> Any:
    return connection.execute(
        select(Submission)
        .where(Submission.placement_id == placement_id, Submission.member_id == member_id, *which)
        .order_by(Submission.attempt_number.desc())
        .limit(1)
    ).first()


def _work(row: Any) -> Work:
    return Work(
        submission_id=row.id,
        attempt_number=row.attempt_number,
        answers=row.answers,
        revision=row.revision,
        saved_page=row.saved_page,
        started_at=row.started_at,
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        reopened_at=row.reopened_at,
    )
