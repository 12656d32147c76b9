"""A student works: open a submission, save answers as they come, hand in once.

Every function takes the caller's transaction and decides by what the database says, never by what a page believes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from tool.assessment.grading import record_grade
from tool.clock import now
from tool.db import upsert
from tool.errors import PassbackError
from tool.model.work import Submission
from tool.passback.policy import Decision


class SavedElsewhere(PassbackError):
    """Another page of the same student saved newer answers; nothing was overwritten."""


class AlreadyHandedIn(PassbackError):
    """The work was handed in before; it is not changed."""


@dataclass(frozen=True, slots=True)
class PageMark:
    """Which page of the work sends, and the newest revision it knows; travels in the form as `7.x2kf9a`."""

    revision: int
    page: str

    def __str__(self) -> str:
        return f"{self.revision}.{self.page}"

    @classmethod
    def read(cls, text: str) -> "PageMark":
        """A mark that nobody made counts as a page that knows nothing."""
        number, _, page = text.partition(".")
        return cls(int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1, page[:16])


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


def open_work(connection: Connection, placement_id: int, member_id: int) -> Work:
    """The student's latest submission, begun now if there is none. Two tabs at once get the same one."""
    latest = _latest(connection, placement_id, member_id)
    if latest is not None:
        return _work(latest)
    connection.execute(
        upsert(connection, Submission)
        .values(
            placement_id=placement_id,
            member_id=member_id,
            attempt_number=1,
            answers={},
            revision=0,
            started_at=now(),
        )
        .on_conflict_do_nothing()
    )
    return _work(_latest(connection, placement_id, member_id))


def find_work(connection: Connection, placement_id: int, member_id: int) -> Work | None:
    """The student's latest submission, if the student has begun."""
    latest = _latest(connection, placement_id, member_id)
    return _work(latest) if latest is not None else None


def save_answers(connection: Connection, work: Work, answers: Mapping[str, object], mark: PageMark) -> Work:
    """Keep answers of open work. A page that does not know what another page saved is told, and overwrites nothing."""
    if work.submitted_at is not None:
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
            Submission.submitted_at.is_(None),
        )
        .values(answers=dict(answers), revision=Submission.revision + 1, saved_page=mark.page, saved_at=at)
    )
    if changed.rowcount == 0:
        raise SavedElsewhere("The work changed while it was saved.", "Reload the page, then go on.")
    return replace(work, answers=answers, revision=work.revision + 1, saved_page=mark.page, saved_at=at)


def submit(connection: Connection, work: Work) -> Decision | None:
    """Hand in what is saved, grade it and ask for its passback. None when it was handed in before: a double click or
    a replayed form is one submission."""
    handed_in = connection.execute(
        update(Submission)
        .where(Submission.id == work.submission_id, Submission.submitted_at.is_(None))
        .values(submitted_at=now(), submitted_by="student")
    )
    if handed_in.rowcount == 0:
        return None
    return record_grade(connection, work.submission_id, cause="submitted")


def _latest(connection: Connection, placement_id: int, member_id: int) -> Any:
    return connection.execute(
        select(Submission)
        .where(Submission.placement_id == placement_id, Submission.member_id == member_id)
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
    )
