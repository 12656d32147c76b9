"""After the hand-in: what came of it, changing it as far as that is allowed, and another attempt."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool.access import LEARNER, Visitor, opens, part
from tool.assessment.autograding import clean_answers
from tool.assessment.changing import Change, change_answers, limit_change, may_change
from tool.assessment.kept import KeptNames, as_typed
from tool.assessment.outcome import read_outcome
from tool.assessment.page_mark import PageMark
from tool.assessment.pages import Paper, change_page
from tool.assessment.screens.room import blueprint, read_work, sent_mark, to_result
from tool.assessment.submitting import Work, begin_again
from tool.db import Database
from tool.language import gettext
from tool.passback.progress import Whereabouts, whereabouts


@opens(blueprint, "/l/<launch_id>/result", to=LEARNER)
def result(visitor: Visitor) -> str | Response:
    """What was received, what it earned if the teacher lets it be seen, and whether it is in the LMS."""
    return _show_result(visitor, "assessment/result.html")


@opens(blueprint, "/l/<launch_id>/result/state", to=LEARNER)
def result_state(visitor: Visitor) -> str | Response:
    """The piece of the result page that follows the score on its way."""
    return _show_result(visitor, "assessment/_passback_state.html")


@opens(blueprint, "/l/<launch_id>/again", to=LEARNER, methods=("POST",))
def again(visitor: Visitor) -> Response:
    """Begin another attempt, where the assignment has one left; pressed twice it is still one."""
    with part(Database).writing() as connection:
        paper, mine = read_work(connection, visitor)
        if mine is not None and paper.allows_attempt_after(mine):
            begin_again(connection, mine, visitor.placement_id or 0, visitor.member_id)
    return redirect(url_for("assessment.work", launch_id=visitor.launch_id), 303)


@opens(blueprint, "/l/<launch_id>/change", to=LEARNER)
def change(visitor: Visitor) -> str | Response:
    """The handed-in work once more, as far as it may be changed."""
    with part(Database).reading() as connection:
        paper, mine = read_work(connection, visitor)
    if mine is None or _change_allowed(paper, mine) == "nothing":
        return to_result(visitor)
    return _show_change(visitor, paper, mine, mine.answers)


@opens(blueprint, "/l/<launch_id>/change", to=LEARNER, methods=("POST",))
def hand_in_change(visitor: Visitor) -> str | Response:
    """Take the change in as a second hand-in of the same attempt; what may not be changed is left as it is."""
    with part(Database).writing() as connection:
        paper, mine = read_work(connection, visitor)
        allowed = _change_allowed(paper, mine) if mine is not None else "nothing"
        if mine is None or allowed == "nothing":
            return to_result(visitor)
        posted = clean_answers(paper.questions, request.form.to_dict(flat=False))
        answers = limit_change(allowed, paper.questions, mine.answers, posted)
        if request.form.get("Submit") != "change":
            return _show_change(visitor, paper, mine, answers)
        decision = change_answers(connection, mine, answers, sent_mark())
    return to_result(visitor, decision)


def _change_allowed(paper: Paper, mine: Work) -> Change:
    return "nothing" if paper.is_closed else may_change(paper.may_change_after_submitting, paper.questions, mine)


def _show_change(visitor: Visitor, paper: Paper, mine: Work, answers: Mapping[str, object]) -> str:
    mark = sent_mark() if request.method == "POST" else PageMark.make(mine)
    return render_template(
        "assessment/change.html",
        **change_page(paper, mine, str(mark), _change_allowed(paper, mine), answers),
        course_title=visitor.course_title,
        csrf=visitor.csrf,
        change_url=url_for("assessment.hand_in_change", launch_id=visitor.launch_id),
        result_url=url_for("assessment.result", launch_id=visitor.launch_id),
    )


def _show_result(visitor: Visitor, template: str) -> str | Response:
    if visitor.placement_id is None or visitor.assignment_id is None:
        return redirect(url_for("assessment.work", launch_id=visitor.launch_id), 303)
    with part(Database).reading() as connection:
        paper, newest = read_work(connection, visitor)
        outcome = read_outcome(connection, paper, visitor.placement_id, visitor.member_id)
        where = whereabouts(connection, visitor.placement_id, visitor.member_id)
    if outcome is None or newest is None:
        return redirect(url_for("assessment.work", launch_id=visitor.launch_id), 303)

    def there(endpoint: str) -> str:
        return url_for(endpoint, launch_id=visitor.launch_id)

    whose = (visitor.placement_id, visitor.member_id)
    return render_template(
        template,
        **outcome,
        passback=_on_its_way(where, visitor.platform_name),
        course_title=visitor.course_title,
        csrf=visitor.csrf,
        kept_name=None if newest.is_open else part(KeptNames).name_of(*whose, newest),
        arrived=as_typed(newest.answers),
        status_url=there("assessment.result_state"),
        continue_url=there("assessment.work") if newest.is_open else None,
        change=_change_allowed(paper, newest),
        change_url=there("assessment.change"),
        again_url=there("assessment.again") if paper.allows_attempt_after(newest) else None,
    )


def _on_its_way(where: Whereabouts, platform_name: str) -> dict[str, Any]:
    sentence = None
    if where.is_changed:
        sentence = gettext("Your score has changed since. Your teacher sends the change.")
    return {"state": where.state, "at": where.at, "platform_name": platform_name, "sentence": sentence}
