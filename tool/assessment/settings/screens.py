"""The settings of an assignment, and its answer key."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.assignments import ChangedElsewhere, change_assignment
from tool.assessment.grading import Foreseen, foresee
from tool.assessment.questions import Question, load_questions, points_total
from tool.assessment.settings.choices import ChoiceRefused, read_choices, shown_choices
from tool.assessment.settings.key import KeyRefused, read_key, shown_key, typed_key
from tool.assessment.settings.reach import count_unsent, read_assignment, read_reach
from tool.assessment.settings.school import School, read_school
from tool.assessment.settings.school_form import read_for_records, shown_for_records
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.passback.tabs import teacher_tabs
from tool.passback.words import automatic_text
from tool.wake import Bell

blueprint = Blueprint("settings", __name__)


@opens(blueprint, "/l/<launch_id>/settings", to=TEACHER)
def show(visitor: Visitor) -> str:
    """How scores go, attempts, what students see, and times."""
    with part(Database).reading() as connection:
        assignment = read_assignment(connection, _assignment_of(visitor))
        context = _frame(connection, visitor, assignment)
        school = read_school(connection, visitor)
    return render_template(
        "settings/settings.html", **context, school=school, value=_shown(assignment, school), wrong={}
    )


@opens(blueprint, "/l/<launch_id>/settings", to=TEACHER, methods=("POST",))
def save(visitor: Visitor) -> str | Response:
    """Save all settings at once; nothing is sent by it."""
    with part(Database).writing() as connection:
        assignment = _read_own(connection, visitor)
        context = _frame(connection, visitor, assignment)
        try:
            changes = read_choices(request.form, assignment)
            records = read_for_records(request.form, assignment, changes["due_at"])
            seen = _seen_revision()
            changed = change_assignment(connection, assignment.id, changes, seen_revision=seen, for_records=records)
        except ChangedElsewhere:
            return _back(visitor, "settings.show", "elsewhere")
        except ChoiceRefused as refusal:
            wrong = {refusal.field: refusal.message}
            school = read_school(connection, visitor)
            return render_template("settings/settings.html", **context, school=school, value=request.form, wrong=wrong)
    if changed.is_sent:
        part(Bell).ring()
    return _back(visitor, "settings.show", "saved")


@opens(blueprint, "/l/<launch_id>/settings/key", to=TEACHER)
def key(visitor: Visitor) -> str:
    """Correct answers and points, question by question."""
    with part(Database).reading() as connection:
        assignment = read_assignment(connection, _assignment_of(visitor))
        context = _frame(connection, visitor, assignment)
    questions = shown_key(load_questions(assignment.questions))
    return render_template("settings/key.html", **context, questions=questions, wrong={})


@opens(blueprint, "/l/<launch_id>/settings/key", to=TEACHER, methods=("POST",))
def save_key(visitor: Visitor) -> str | Response:
    """First what it would do to work that was handed in, then, confirmed, the change itself."""
    with part(Database).writing() as connection:
        assignment = _read_own(connection, visitor)
        before = load_questions(assignment.questions)
        context = _frame(connection, visitor, assignment)
        try:
            after = read_key(before, request.form)
        except KeyRefused as refusal:
            return _show_key(context, before, {refusal.number: refusal.message})
        if after == before:
            return _back(visitor, "settings.show", "same")
        if request.form.get("Save") != "confirmed":
            foreseen = foresee(connection, assignment.id, after)
            if foreseen.handed_in:
                return _ask(context, before, after, foreseen)
        try:
            changed = change_assignment(connection, assignment.id, {"questions": after}, seen_revision=_seen_revision())
        except ChangedElsewhere:
            return _back(visitor, "settings.key", "elsewhere")
    if changed.is_sent:
        part(Bell).ring()
    return _back(visitor, "settings.show", "graded" if changed.regraded else "saved")


def _shown(assignment: Any, school: School | None) -> dict[str, str]:
    more = shown_for_records(assignment, syncs_by_default=school.syncs_by_default) if school else {}
    return shown_choices(assignment) | more


def _back(visitor: Visitor, endpoint: str, done: str) -> Response:
    return redirect(url_for(endpoint, launch_id=visitor.launch_id, done=done), 303)


def _notice() -> dict[str, Any] | None:
    done = request.args.get("done", "")
    texts = {
        "saved": gettext("Saved."),
        "graded": gettext("Saved, and what was handed in is graded anew."),
        "same": gettext("Nothing was changed."),
        "elsewhere": gettext(
            "Somebody else changed this meanwhile. Here is the newest; what you changed is not saved."
        ),
    }
    if done not in texts:
        return None
    icon = "successful" if done in ("saved", "graded") else "info"
    return {"text": texts[done], "icon": icon, "is_graded": done == "graded"}


def _show_key(context: dict[str, Any], questions: tuple[Question, ...], wrong: dict[int | None, str]) -> str:
    shown = typed_key(questions, request.form)
    return render_template("settings/key.html", **context, questions=shown, wrong=wrong)


def _ask(context: dict[str, Any], before: tuple[Question, ...], after: tuple[Question, ...], foreseen: Foreseen) -> str:
    typed = [(name, text) for name, text in request.form.items(multi=True) if name not in ("csrf", "Save", "revision")]
    return render_template(
        "settings/confirm.html",
        **context,
        foreseen=foreseen,
        typed=typed,
        points_before=points_total(before),
        points_after=points_total(after),
        changed_numbers=[
            number for number, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]
        ],
    )


def _frame(connection: Connection, visitor: Visitor, assignment: Any) -> dict[str, Any]:
    is_automatic = assignment.automatic_passback and not assignment.person_needed_because
    return {
        "assignment": assignment,
        "course_title": visitor.course_title,
        "platform_name": visitor.platform_name,
        "tabs": teacher_tabs(connection, visitor, "settings"),
        "csrf": visitor.csrf,
        "notice": _notice(),
        "revision": request.form.get("revision", f"{assignment.revision}.{assignment.id}"),
        "reach": read_reach(connection, assignment),
        "automatic_because": automatic_text(assignment.person_needed_because),
        "unsent": count_unsent(connection, visitor.placement_id or 0, assignment.id) if is_automatic else 0,
        "settings_url": url_for("settings.show", launch_id=visitor.launch_id),
        "key_url": url_for("settings.key", launch_id=visitor.launch_id),
        "is_own": assignment.owner_id == visitor.person_id,
        "edit_url": url_for("library.edit", launch_id=visitor.launch_id, assignment_id=assignment.id),
        "copy_url": url_for("library.copy", launch_id=visitor.launch_id, assignment_id=assignment.id),
        "grades_url": url_for("passback.grades", launch_id=visitor.launch_id),
    }


def _read_own(connection: Connection, visitor: Visitor) -> Any:
    """The assignment, if this school alone uses it and the page is of this one."""
    assignment = read_assignment(connection, _assignment_of(visitor))
    _, _, seen_id = request.form.get("revision", "").partition(".")
    if seen_id != assignment.id:
        # Another page of the same form: what was typed for one assignment would become the key of another.
        raise BadInput(gettext("This link has another assignment now."), gettext("Open its settings again."))
    if read_reach(connection, assignment).is_read_only:
        raise BadInput(
            gettext("Other schools use this assignment too, so it cannot be changed from here."),
            gettext("Ask the operator of Passback for a copy of your own."),
        )
    return assignment


def _assignment_of(visitor: Visitor) -> str:
    if visitor.placement_id is None or visitor.assignment_id is None:
        raise BadInput(gettext("This link has no assignment yet."), gettext("Choose one first."))
    return visitor.assignment_id


def _seen_revision() -> int:
    text, _, _ = request.form.get("revision", "").partition(".")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
