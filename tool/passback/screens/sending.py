"""Preview, send, send again, zeros for missing work, undo."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool import errands
from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.passback.amount import Amount
from tool.passback.choosing import Line, is_missing_work, leave_out_zero, preview
from tool.passback.describing import describe_line, link_facts
from tool.passback.runs import starting as runs
from tool.passback.screens.room import Class, actor_of, blueprint, grades_url, read_class
from tool.passback.tabs import teacher_tabs
from tool.wake import Bell

LONGEST_ID = 10
KINDS = ("send", "send_again", "zeros")


@opens(blueprint, "/l/<launch_id>/grades/preview", to=TEACHER, methods=("POST",))
def show_preview(visitor: Visitor) -> str | Response:
    """What would change, old → new, and who is left out and why. The reading is as old as it says."""
    kind = _kind()
    with part(Database).writing() as connection:
        everyone = read_class(connection, visitor)
        lines = _lines(everyone, kind, _chosen(everyone, kind))
        errands.ask(connection, "results", everyone.link.placement_id)
        tabs = teacher_tabs(connection, visitor, "grades")
    part(Bell).ring()
    going = [line for line in lines if line.left_out is None]
    return render_template(
        "passback/preview.html",
        visitor=visitor,
        csrf=visitor.csrf,
        page_title=everyone.link.title,
        course_title=visitor.course_title,
        tabs=tabs,
        kind=kind,
        link=everyone.link,
        facts=link_facts(everyone.link),
        going=[describe_line(everyone.link, line) for line in going],
        left_out=[describe_line(everyone.link, line) for line in lines if line.left_out is not None],
        send_url=url_for("passback.send", launch_id=visitor.launch_id),
        back_url=grades_url(visitor),
    )


@opens(blueprint, "/l/<launch_id>/grades/send", to=TEACHER, methods=("POST",))
def send(visitor: Visitor) -> Response:
    """Start a run for the chosen students; the page may be left at once."""
    kind = _kind()
    with part(Database).writing() as connection:
        everyone = read_class(connection, visitor)
        lines = _lines(everyone, kind, _chosen(everyone, kind))
        wanted = [
            runs.Wanted(line.verdict.member_id, line.new.score, line.new.maximum)
            for line in lines
            if line.left_out is None and line.new is not None
        ]
        if not wanted:
            raise BadInput(
                gettext("Nothing would change for the students you chose."),
                gettext("Choose students whose score changed since it was sent, or look at why they are left out."),
            )
        runs.start(connection, actor_of(visitor), everyone.link.course_id, kind, wanted)
    part(Bell).ring()
    return redirect(grades_url(visitor), 303)


@opens(blueprint, "/l/<launch_id>/grades/undo", to=TEACHER, methods=("POST",))
def undo(visitor: Visitor) -> Response:
    """Put back what the LMS held before the last send."""
    with part(Database).writing() as connection:
        everyone = read_class(connection, visitor)
        runs.undo_last(connection, actor_of(visitor), everyone.link.course_id)
    part(Bell).ring()
    return redirect(grades_url(visitor), 303)


def _kind() -> str:
    kind = request.form.get("kind", "send")
    if kind not in KINDS:
        raise BadInput(gettext("That kind of send is not known."), gettext("Go back and press the button again."))
    return kind


def _chosen(everyone: Class, kind: str) -> set[int]:
    typed = request.form.getlist("student")
    chosen = {int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < LONGEST_ID}
    if kind == "zeros" and not request.form.get("is_chosen"):
        both = zip(everyone.students, everyone.verdicts, strict=True)
        return {student.member_id for student, verdict in both if is_missing_work(student, verdict)}
    if not chosen:
        raise BadInput(gettext("Nobody is chosen."), gettext("Go back and tick at least one student."))
    return chosen


def _lines(everyone: Class, kind: str, member_ids: set[int]) -> list[Line]:
    pairs = everyone.pairs(member_ids)
    if kind != "zeros":
        return preview(everyone.link, pairs, only_changes=kind == "send")
    if everyone.link.due_at is not None and now() < everyone.link.due_at:
        raise BadInput(
            gettext("This assignment is not due yet."),
            gettext("Zeros for missing work can be sent once the due date is past."),
        )
    zero = Amount(everyone.link.points * 0, everyone.link.points, "incomplete")
    return [Line(verdict, zero, leave_out_zero(everyone.link, student, verdict)) for student, verdict in pairs]
