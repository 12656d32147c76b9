"""The student's pages: the work, and what became of it."""

import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import format_time
from werkzeug.wrappers import Response as AnyResponse

from tool.access import LEARNER, Visitor, opens, part
from tool.assessment.autograding import clean_answers
from tool.assessment.pages import Paper, read_grade, read_paper, review, unanswered_numbers, work_page
from tool.assessment.submitting import (
    AlreadyHandedIn,
    PageMark,
    SavedElsewhere,
    Work,
    find_work,
    open_work,
    save_answers,
    submit,
)
from tool.db import Database
from tool.errors import PassbackError
from tool.language import gettext
from tool.passback.progress import Whereabouts, whereabouts
from tool.wake import Bell

blueprint = Blueprint("assessment", __name__)


class Closed(PassbackError):
    """The assignment closed; what was saved stays saved."""


@opens(blueprint, "/l/<launch_id>/work", to=LEARNER)
def work(visitor: Visitor) -> str | AnyResponse:
    """The work as it was left; a link without an assignment says that it is not ready."""
    if visitor.placement_id is None or visitor.assignment_id is None:
        return redirect(url_for("arrival.unbound", launch_id=visitor.launch_id), 303)
    with part(Database).writing() as connection:
        paper = read_paper(connection, visitor.assignment_id)
        mine = open_work(connection, visitor.placement_id, visitor.member_id)
    if mine.submitted_at is not None:
        return redirect(url_for("assessment.result", launch_id=visitor.launch_id), 303)
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
        status = 409 if isinstance(refusal, SavedElsewhere | AlreadyHandedIn | Closed) else 400
        return _as_json({"message": f"{refusal.message} {refusal.hint}".strip()}, status)
    if is_autosave:
        blank = unanswered_numbers(paper.questions, mine.answers)
        return _as_json(
            {
                "saved_at": mine.saved_at.isoformat() if mine.saved_at else None,
                "saved_text": gettext("Saved %(time)s", time=format_time(mine.saved_at, "short")),
                "answered": len(paper.questions) - len(blank),
                "revision": str(PageMark(mine.revision, _sent_mark().page)),
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
        return redirect(url_for("assessment.result", launch_id=visitor.launch_id), 303)
    is_confirmed = request.form.get("Submit") == "confirmed"
    if unanswered_numbers(paper.questions, mine.answers) and not is_confirmed:
        return _show_work(visitor, paper, mine, must_confirm=True)
    with part(Database).writing() as connection:
        decision = submit(connection, mine)
    if decision is not None and decision.kind == "send":
        part(Bell).ring()
    return redirect(url_for("assessment.result", launch_id=visitor.launch_id), 303)


@opens(blueprint, "/l/<launch_id>/result", to=LEARNER)
def result(visitor: Visitor) -> str | AnyResponse:
    """What was received, what it earned if the teacher lets it be seen, and whether it is in the LMS."""
    found = _read_result(visitor)
    if found is None:
        return redirect(url_for("assessment.work", launch_id=visitor.launch_id), 303)
    return render_template("assessment/result.html", **found)


@opens(blueprint, "/l/<launch_id>/result/state", to=LEARNER)
def result_state(visitor: Visitor) -> str | AnyResponse:
    """The piece of the result page that follows the score on its way."""
    found = _read_result(visitor)
    if found is None:
        return redirect(url_for("assessment.work", launch_id=visitor.launch_id), 303)
    return render_template("assessment/_passback_state.html", **found)


def _sent_mark() -> PageMark:
    return PageMark.read(request.form.get("revision", ""))


def _keep(visitor: Visitor) -> tuple[Paper, Work]:
    if visitor.placement_id is None or visitor.assignment_id is None:
        raise Closed(gettext("This link has no assignment any more."), gettext("Ask your teacher."))
    with part(Database).writing() as connection:
        paper = read_paper(connection, visitor.assignment_id)
        mine = open_work(connection, visitor.placement_id, visitor.member_id)
        if mine.submitted_at is None and paper.is_closed:
            raise Closed(gettext("This assignment is closed."), gettext("Your saved answers are kept."))
        answers = clean_answers(paper.questions, request.form.to_dict(flat=False))
        return paper, save_answers(connection, mine, answers, _sent_mark())


def _show_work(
    visitor: Visitor, paper: Paper, mine: Work, *, must_confirm: bool = False, notice: str | None = None
) -> str:
    page = _sent_mark().page if request.method == "POST" else secrets.token_urlsafe(6)
    return render_template(
        "assessment/work.html",
        **work_page(paper, mine, str(PageMark(mine.revision, page)), must_confirm=must_confirm),
        course_title=visitor.course_title,
        csrf=visitor.csrf,
        notice=notice,
        work_url=url_for("assessment.work", launch_id=visitor.launch_id),
        save_url=url_for("assessment.save", launch_id=visitor.launch_id),
        submit_url=url_for("assessment.hand_in", launch_id=visitor.launch_id),
    )


def _read_result(visitor: Visitor) -> dict[str, Any] | None:
    if visitor.placement_id is None or visitor.assignment_id is None:
        return None
    with part(Database).reading() as connection:
        mine = find_work(connection, visitor.placement_id, visitor.member_id)
        if mine is None or mine.submitted_at is None:
            return None
        paper = read_paper(connection, visitor.assignment_id)
        grade = read_grade(connection, mine.submission_id)
        where = whereabouts(connection, visitor.placement_id, visitor.member_id)
    may_see_score = paper.after_submitting != "nothing" and not grade.needs_grading
    return {
        "assignment": paper,
        "course_title": visitor.course_title,
        "received_at": mine.submitted_at,
        "score": grade.score if may_see_score else None,
        "maximum": grade.maximum,
        "waits_for_teacher": grade.needs_grading,
        "passback": _on_its_way(where, visitor.platform_name),
        "questions": review(paper, mine.answers, grade.details) if paper.after_submitting == "answers" else None,
        "status_url": url_for("assessment.result_state", launch_id=visitor.launch_id),
        "again_url": None,
        "csrf": visitor.csrf,
    }


def _on_its_way(where: Whereabouts, platform_name: str) -> dict[str, Any]:
    return {"state": where.state, "at": where.at, "platform_name": platform_name, "sentence": None}


def _as_json(content: dict[str, Any], status: int) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    return answer
