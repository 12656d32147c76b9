"""What a teacher decides about one student: override, completion, excused, a grade changed in the LMS, try again."""

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from flask import redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.passback import acts
from tool.passback.runs import starting as runs
from tool.passback.screens.room import Class, actor_of, blueprint, grades_url, placement_of, read_class
from tool.passback.verdict import Verdict
from tool.wake import Bell

PLACES = Decimal("0.01")
WORDS: dict[str, Literal["complete", "incomplete"] | None] = {
    "complete": "complete",
    "incomplete": "incomplete",
    "": None,
}


@opens(blueprint, "/l/<launch_id>/grades/<int:member_id>/override", to=TEACHER, methods=("POST",))
def override(visitor: Visitor, member_id: int) -> Response:
    """Set, keep or remove the number that is sent instead of the tool's."""
    actor = actor_of(visitor)

    def change(connection: Connection, everyone: Class, _verdict: Verdict) -> None:
        match request.form.get("do", "set"):
            case "remove":
                acts.remove_override(connection, actor, member_id)
            case "keep":
                acts.keep_override(connection, actor, member_id)
            case _:
                score = acts.read_override(request.form.get("score", ""))
                if score > everyone.link.points and request.form.get("above") != "yes":
                    raise BadInput(
                        gettext(
                            "%(score)s is above the %(points)s points of this assignment.",
                            score=score,
                            points=everyone.link.points,
                        ),
                        gettext("If it is extra credit, tick “more than the maximum” and save again."),
                    )
                reason, is_for_sis = request.form.get("reason", ""), _is_for_sis()
                acts.override(connection, actor, member_id, score, reason, is_for_sis=is_for_sis)

    return _change(visitor, member_id, change)


@opens(blueprint, "/l/<launch_id>/grades/<int:member_id>/completion", to=TEACHER, methods=("POST",))
def completion(visitor: Visitor, member_id: int) -> Response:
    """Flip one student in completion mode."""

    def change(connection: Connection, _everyone: Class, _verdict: Verdict) -> None:
        word = request.form.get("word", "")
        if word not in WORDS:
            raise BadInput(gettext("That is neither complete nor incomplete."), gettext("Go back and choose again."))
        acts.flip_completion(connection, actor_of(visitor), member_id, WORDS[word])

    return _change(visitor, member_id, change)


@opens(blueprint, "/l/<launch_id>/grades/<int:member_id>/excused", to=TEACHER, methods=("POST",))
def excused(visitor: Visitor, member_id: int) -> Response:
    """Excuse a student, or include the student again."""

    def change(connection: Connection, _everyone: Class, _verdict: Verdict) -> None:
        acts.excuse(connection, actor_of(visitor), member_id, is_excused=request.form.get("excused") == "yes")

    return _change(visitor, member_id, change)


@opens(blueprint, "/l/<launch_id>/grades/<int:member_id>/theirs", to=TEACHER, methods=("POST",))
def theirs(visitor: Visitor, member_id: int) -> Response:
    """A grade changed in the LMS: keep theirs, replace it with ours, or adopt theirs as the override."""

    def change(connection: Connection, everyone: Class, verdict: Verdict) -> None:
        actor = actor_of(visitor)
        if verdict.in_lms is None:
            raise BadInput(gettext("The LMS shows no grade there now."), gettext("Read the grades again."))
        match request.form.get("do"):
            case "keep":
                acts.keep_theirs(connection, actor, member_id, verdict.in_lms, verdict.in_lms_maximum)
            case "adopt":
                ours = _in_our_points(everyone, verdict)
                acts.adopt_theirs(connection, actor, member_id, verdict.in_lms, verdict.in_lms_maximum, ours)
            case "replace" if verdict.to_send is not None:
                wanted = runs.Wanted(member_id, verdict.to_send.score, verdict.to_send.maximum, "replace")
                runs.start(connection, actor, everyone.link.course_id, "send", [wanted])
            case _:
                raise BadInput(gettext("There is no score here to put in its place."), gettext("Grade the work first."))

    return _change(visitor, member_id, change)


@opens(blueprint, "/l/<launch_id>/grades/<int:member_id>/again", to=TEACHER, methods=("POST",))
def again(visitor: Visitor, member_id: int) -> Response:
    """Try a failed send now; where the column is gone, look for it again first."""

    def change(connection: Connection, _everyone: Class, verdict: Verdict) -> None:
        if verdict.passback_id is None:
            return
        acts.try_again(connection, actor_of(visitor), member_id, seeks_column=request.form.get("do") == "relink")

    return _change(visitor, member_id, change)


def _change(visitor: Visitor, member_id: int, change: Callable[[Connection, Class, Verdict], None]) -> Response:
    with part(Database).writing() as connection:
        everyone = read_class(connection, visitor)
        change(connection, everyone, everyone.verdict_of(member_id))
    part(Bell).ring()
    placement_of(visitor)
    return redirect(grades_url(visitor, **_kept_query()) + f"#student-{member_id}", 303)


def _is_for_sis() -> bool | None:
    """Whether the school's records get the number too; None where the panel did not ask."""
    return request.form.get("for_sis") == "yes" if "for_sis_asked" in request.form else None


def _kept_query() -> dict[str, str]:
    """The filter, search and order the teacher had chosen."""
    return {name: value for name in ("status", "q", "sort", "dir") if (value := request.form.get(f"kept_{name}", ""))}


def _in_our_points(everyone: Class, verdict: Verdict) -> Decimal:
    in_lms, of = verdict.in_lms or Decimal(0), verdict.in_lms_maximum
    ours = verdict.earned_maximum or everyone.link.points
    return in_lms if not of else (in_lms * ours / of).quantize(PLACES).normalize() + 0
