"""The work: answering, saving as it goes, handing in."""

from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import format_time
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from tool.access import LEARNER, Visitor, opens, part
from tool.assessment.autograding import clean_answers
from tool.assessment.kept import KeptNames
from tool.assessment.page_mark import PageMark
from tool.assessment.pages import Paper, read_paper, unanswered_numbers, work_page
from tool.assessment.screens.room import Closed, assignment_of, blueprint, sent_mark, to_result
from tool.assessment.submitting import (
    AlreadyHandedIn,
    OtherAssignment,
    SavedElsewhere,
    Work,
    look_at_work,
    open_work,
    save_answers,
    submit,
)
from tool.db import Database
from tool.errors import PassbackError
from tool.failpoints import reach
from tool.language import gettext, told
from tool.sources import WorkTurnstile


@opens(blueprint, "/l/<launch_id>/work", to=LEARNER)
def work(visitor: Visitor) -> str | AnyResponse:
    """The work as it was left, begun with the first answer that is saved; a link without an assignment says that it is
    not ready."""
    if visitor.placement_id is None or visitor.assignment_id is None:
        return redirect(url_for("library.unbound", launch_id=visitor.launch_id), 303)
    with part(Database).reading() as connection:
        paper = read_paper(connection, visitor.assignment_id)
        mine = look_at_work(connection, visitor.placement_id, visitor.member_id, paper.id)
    if not mine.is_open:
        return to_result(visitor)
    return _show_work(visitor, paper, mine)


@opens(blueprint, "/l/<launch_id>/save", to=LEARNER, methods=("POST",))
def save(visitor: Visitor) -> str | AnyResponse:
    """Keep the answers: by the button, or by the page itself as the student works."""
    is_autosave = request.headers.get("X-Passback-Autosave") == "1"
    try:
        paper, mine = _keep(visitor)
    except PassbackError as refusal:
        if not is_autosave:
            raise
        status = 409 if isinstance(refusal, SavedElsewhere | AlreadyHandedIn | OtherAssignment | Closed) else 400
        return _as_json({"message": " ".join(told(refusal)).strip()}, status)
    if is_autosave:
        blank = unanswered_numbers(paper.questions, mine.answers)
        return _as_json(
            {
                "saved_at": mine.saved_at.isoformat() if mine.saved_at else None,
                "saved_text": gettext("Saved %(time)s", time=format_time(mine.saved_at, "short")),
                "answered": len(paper.questions) - len(blank),
                "revision": str(PageMark(mine.revision, sent_mark().page)),
            },
            200,
        )
    return _show_work(visitor, paper, mine, notice=gettext("Saved."))


@opens(blueprint, "/l/<launch_id>/submit", to=LEARNER, methods=("POST",))
def hand_in(visitor: Visitor) -> str | AnyResponse:
    """Save and hand in, once; asks first when questions are blank."""
    try:
        paper, mine = _keep(visitor)
    except AlreadyHandedIn:
        return to_result(visitor)
    is_confirmed = request.form.get("Submit") == "confirmed"
    if unanswered_numbers(paper.questions, mine.answers) and not is_confirmed:
        return _show_work(visitor, paper, mine, must_confirm=True)
    with part(Database).writing() as connection:
        decision = submit(connection, mine)
    reach("submit.committed")
    return to_result(visitor, decision)


def _keep(visitor: Visitor) -> tuple[Paper, Work]:
    wait_seconds = part(WorkTurnstile).count(f"member {visitor.member_id}")
    if wait_seconds:
        raise TooManyRequests(retry_after=wait_seconds)
    with part(Database).writing() as connection:
        paper = read_paper(connection, assignment_of(visitor))
        mine = open_work(connection, visitor.placement_id or 0, visitor.member_id, paper.id)
        if mine.is_open and paper.is_closed_to(mine):
            raise Closed(gettext("This assignment is closed."), gettext("Your saved answers are kept."))
        answers = clean_answers(paper.questions, request.form.to_dict(flat=False))
        return paper, save_answers(connection, mine, answers, sent_mark())


def _show_work(
    visitor: Visitor, paper: Paper, mine: Work, *, must_confirm: bool = False, notice: str | None = None
) -> str:
    mark = PageMark(mine.revision, sent_mark().page) if request.method == "POST" else PageMark.make(mine)
    return render_template(
        "assessment/work.html",
        **work_page(paper, mine, str(mark), must_confirm=must_confirm),
        course_title=visitor.course_title,
        csrf=visitor.csrf,
        notice=notice,
        kept_name=part(KeptNames).name_of(visitor.placement_id or 0, visitor.member_id, mine),
        work_url=url_for("assessment.work", launch_id=visitor.launch_id),
        save_url=url_for("assessment.save", launch_id=visitor.launch_id),
        submit_url=url_for("assessment.hand_in", launch_id=visitor.launch_id),
    )


def _as_json(content: dict[str, Any], status: int) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    return answer
