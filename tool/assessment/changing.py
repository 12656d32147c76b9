"""After the hand-in: the student fills blanks or changes answers, the teacher gives the work back.

A student's change is one form and one hand-in: until it is pressed the answers stand as they were handed in. Work that
the teacher gave back is open again, saves itself as before, and is graded when it comes in again.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import Connection, func, select, update

from tool.assessment.autograding import answer_is_blank
from tool.assessment.page_mark import PageMark
from tool.assessment.questions import Question
from tool.assessment.records import hold_still, is_of_student_of
from tool.assessment.second_hand_in import record_second_hand_in
from tool.assessment.submitting import SavedElsewhere, Work, is_page_of, read_work
from tool.clock import now
from tool.errors import PassbackError
from tool.errors import marked as _
from tool.model.work import Submission
from tool.passback.policy import Decision

Change = Literal["nothing", "blanks", "answers"]


class NotToBeChanged(PassbackError):
    """The work is not in a state in which this may be done to it; nothing was changed."""


def may_change(setting: str, questions: Sequence[Question], work: Work) -> Change:
    """What the student may change of handed-in work: the assignment's setting, as far as there is something."""
    if work.is_open or setting not in ("blanks", "answers"):
        return "nothing"
    if setting == "answers":
        return "answers"
    return "blanks" if any(answer_is_blank(one, work.answers.get(one.id)) for one in questions) else "nothing"


def limit_change(
    change: Change, questions: Sequence[Question], before: Mapping[str, object], posted: Mapping[str, object]
) -> dict[str, object]:
    """The answers after a posted change, whatever else the form held: with *blanks*, given answers stay as they are."""
    if change == "answers":
        return dict(posted)
    kept = {one.id: before[one.id] for one in questions if not answer_is_blank(one, before.get(one.id))}
    return {**posted, **kept} if change == "blanks" else dict(before)


def change_answers(
    connection: Connection, work: Work, answers: Mapping[str, object], mark: PageMark
) -> Decision | None:
    """Hand in changed answers of work that is handed in. None when that changes nothing."""
    hold_still(connection, work.submission_id)
    newest = read_work(connection, work.submission_id)
    is_page_of_this = is_page_of(connection, mark, newest)
    if dict(newest.answers) == dict(answers):
        return None
    if newest.is_open:
        raise NotToBeChanged(_("This work is open again."), _("Go on with it on its own page."))
    if not is_page_of_this or mark.revision != newest.revision:
        raise SavedElsewhere(
            _("The answers were changed in another window."), _("Reload the page to see the newest ones.")
        )
    connection.execute(
        update(Submission)
        .where(Submission.id == work.submission_id)
        .values(answers=dict(answers), revision=Submission.revision + 1, saved_page=mark.page, saved_at=now())
    )
    return record_second_hand_in(connection, work.submission_id)


def give_back(connection: Connection, submission_id: int) -> None:
    """Open the student's newest handed-in attempt again. Its grade stands until it comes in again."""
    hold_still(connection, submission_id)
    work = read_work(connection, submission_id)
    if work.is_open or work.attempt_number < newest_attempt(connection, submission_id):
        raise NotToBeChanged(_("The student is working on this already, or on a newer attempt."), _("Reload the page."))
    connection.execute(update(Submission).where(Submission.id == submission_id).values(reopened_at=now()))


def newest_attempt(connection: Connection, submission_id: int) -> int:
    """The number of the newest attempt of the student whose submission this is, begun or handed in."""
    newest = select(func.max(Submission.attempt_number)).where(is_of_student_of(submission_id))
    return int(connection.execute(newest).scalar_one())
