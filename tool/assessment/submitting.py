"""A student works: open a submission, save answers as they come, hand in once, and begin again where that is allowed.

Every function takes the caller's transaction and decides by what the database says, never by what a page believes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, or_, select, update

from tool.assessment.grading import record_grade
from tool.assessment.page_mark import UNBEGUN, PageMark
from tool.assessment.records import ONES_WORK, hold_still, named
from tool.assessment.second_hand_in import record_second_hand_in
from tool.clock import now
from tool.db import upsert
from tool.errors import PassbackError
from tool.errors import marked as _
from tool.failpoints import reach
from tool.model.work import Submission
from tool.passback.policy import Cause, Decision

By = Literal["student", "teacher", "clock"]
FIRST_CAUSES: dict[By, Cause] = {
    "student": "submitted",
    "teacher": "submitted_by_teacher",
    "clock": "closed_by_clock",
}

Whose = tuple[int, int, str]
"""Whose work on what: placement, member, assignment."""

IS_OPEN = or_(Submission.submitted_at.is_(None), Submission.reopened_at.is_not(None))


class SavedElsewhere(PassbackError):
    """Another page of the same student saved newer answers; nothing was overwritten."""


class AlreadyHandedIn(PassbackError):
    """The work was handed in before; it is not changed."""


class OtherAssignment(PassbackError):
    """The page is of an assignment that its link had before; nothing of it is written into the work on the new one."""


@dataclass(frozen=True, slots=True)
class Work:
    """A submission as its page shows it."""

    submission_id: int
    """`UNBEGUN` of work that nothing was saved of yet."""
    assignment_id: str
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


def open_work(connection: Connection, placement_id: int, member_id: int, assignment_id: str) -> Work:
    """The student's latest submission for the assignment, begun now if there is none: after a link was bound to another
    assignment everybody starts from scratch, and coming back to the first finds the work of then. Two tabs at once get
    the same one."""
    found = find_work(connection, placement_id, member_id, assignment_id)
    return found or _begin(connection, (placement_id, member_id, assignment_id), attempt_number=1)


def look_at_work(connection: Connection, placement_id: int, member_id: int, assignment_id: str) -> Work:
    """The same without beginning it: a page that is only looked at leaves nothing behind."""
    return find_work(connection, placement_id, member_id, assignment_id) or Work(
        submission_id=UNBEGUN,
        assignment_id=assignment_id,
        attempt_number=1,
        answers={},
        revision=0,
        saved_page=None,
        started_at=now(),
        saved_at=None,
        submitted_at=None,
    )


def begin_again(connection: Connection, work: Work, placement_id: int, member_id: int) -> Work:
    """The attempt after a handed-in one, empty. A second press finds what the first began; whether there may be
    another attempt is the caller's question."""
    whose = (placement_id, member_id, work.assignment_id)
    return _begin(connection, whose, attempt_number=work.attempt_number + 1)


def find_work(connection: Connection, placement_id: int, member_id: int, assignment_id: str) -> Work | None:
    """The student's latest submission for the assignment, if the student has begun."""
    latest = _latest(connection, (placement_id, member_id, assignment_id))
    return _work(latest) if latest is not None else None


def read_work(connection: Connection, submission_id: int) -> Work:
    """A submission by its id."""
    return _work(connection.execute(select(Submission).where(Submission.id == submission_id)).one())


def save_answers(connection: Connection, work: Work, answers: Mapping[str, object], mark: PageMark) -> Work:
    """Keep answers of open work. A page that does not know what another page saved is told, and overwrites nothing."""
    if not is_page_of(connection, mark, work) or not work.is_open:
        raise AlreadyHandedIn(_("This work was handed in already."), _("Reload the page to see it."))
    is_newest = mark.revision == work.revision or mark.page == work.saved_page
    if not is_newest and dict(answers) != dict(work.answers):
        raise SavedElsewhere(
            _("Newer answers were saved in another window."), _("Reload the page to go on with the newest ones.")
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
        raise SavedElsewhere(_("The work changed while it was saved."), _("Reload the page, then go on."))
    return replace(work, answers=answers, revision=work.revision + 1, saved_page=mark.page, saved_at=at)


def is_page_of(connection: Connection, mark: PageMark, work: Work) -> bool:
    """False for a page of another attempt, which must not write into this one. Raises OtherAssignment for a page of
    what the link had before: questions of two assignments may go by the same ids."""
    if mark.submission_id in (None, work.submission_id):
        return True
    is_of_unbegun = mark.submission_id == UNBEGUN
    if not (mark.names(work.assignment_id) if is_of_unbegun else _may_be_of(connection, mark, work)):
        raise OtherAssignment(
            _("This link has another assignment now."),
            _("What you saved before is kept. Open the link from your course again to see the new one."),
        )
    return is_of_unbegun and work.attempt_number == 1


def _may_be_of(connection: Connection, mark: PageMark, work: Work) -> bool:
    """Whether the page may be of the work's assignment. Of nobody else's work is told even that it is there."""
    whose = select(Submission.member_id).where(Submission.id == work.submission_id).scalar_subquery()
    theirs = select(Submission.assignment_id).where(Submission.id == mark.submission_id, Submission.member_id == whose)
    return connection.execute(theirs).scalar() in (None, work.assignment_id)


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
    reach("submit.saved")
    cause: Cause = FIRST_CAUSES[by] if row.attempt_number == 1 else "further_attempt"
    return record_grade(connection, row.id, cause=cause)


def _begin(connection: Connection, whose: Whose, *, attempt_number: int) -> Work:
    placement_id, member_id, assignment_id = whose
    connection.execute(
        upsert(connection, Submission)
        .values(
            placement_id=placement_id,
            member_id=member_id,
            assignment_id=assignment_id,
            attempt_number=attempt_number,
            answers={},
            revision=0,
            started_at=now(),
        )
        .on_conflict_do_nothing()
    )
    return _work(_latest(connection, whose))


def _latest(connection: Connection, whose: Whose) -> Any:
    return connection.execute(_LATEST, named(*whose)).first()


_LATEST = select(Submission).where(*ONES_WORK).order_by(Submission.attempt_number.desc()).limit(1)


def _work(row: Any) -> Work:
    return Work(
        submission_id=row.id,
        assignment_id=row.assignment_id,
        attempt_number=row.attempt_number,
        answers=row.answers,
        revision=row.revision,
        saved_page=row.saved_page,
        started_at=row.started_at,
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        reopened_at=row.reopened_at,
    )
