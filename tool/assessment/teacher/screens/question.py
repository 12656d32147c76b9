"""One question, student after student: give points, save, next."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.questions import Question
from tool.assessment.teacher.fields import MarkField, shown_field, typed_field
from tool.assessment.teacher.queue import left_of, next_left
from tool.assessment.teacher.saving import Trouble, save_fields
from tool.assessment.teacher.screens.room import (
    Classwork,
    blueprint,
    describe_question,
    frame,
    insists,
    name_of,
    read_classwork,
    ring_for,
)
from tool.assessment.teacher.sheets import OpenedSheet, Sheet, open_sheet
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext


@opens(blueprint, "/l/<launch_id>/grading/question/<question_id>", to=TEACHER)
def question(visitor: Visitor, question_id: str) -> str | Response:
    """The next student whose answer waits; with nobody left, back to the queue."""
    with part(Database).reading() as connection:
        classwork = read_classwork(connection, visitor)
        number, asked = _find(classwork, question_id)
        current = next_left(classwork.sheets, number, _number("after"))
        if current is None:
            return redirect(url_for("grading.queue", launch_id=visitor.launch_id, done=number), 303)
        opened = open_sheet(connection, current, classwork.paper.questions)
    shown = shown_field(number, asked, opened.details.get(question_id))
    return _show(visitor, classwork, opened, shown, trouble=None)


@opens(blueprint, "/l/<launch_id>/grading/question/<question_id>", to=TEACHER, methods=("POST",))
def save_question(visitor: Visitor, question_id: str) -> str | Response:
    """Save what was typed for one student, then the next one."""
    with part(Database).writing() as connection:
        classwork = read_classwork(connection, visitor)
        number, asked = _find(classwork, question_id)
        current = classwork.sheet(_number("submission") or 0)
        opened = open_sheet(connection, current, classwork.paper.questions)
        typed = typed_field(number, asked, request.form)
        saved = save_fields(connection, opened, [typed], by=visitor.member_id, insists=insists())
    if isinstance(saved, Trouble):
        return _show(visitor, classwork, opened, saved.fields[0], saved)
    ring_for(saved)
    there = {"question_id": question_id, "after": current.submission_id}
    return redirect(_url(visitor, "grading.question", **there), 303)


def _show(
    visitor: Visitor, classwork: Classwork, opened: OpenedSheet, shown: MarkField, trouble: Trouble | None
) -> str:
    number, current = shown.number, opened.sheet
    seen = _sheet_or_none(classwork, _number("after"))
    return render_template(
        "grading/question.html",
        **frame(visitor, classwork),
        student=name_of(current),
        sheet=current,
        question=describe_question(opened, shown),
        left=len(left_of(classwork.sheets, number)),
        handed_in=sum(not sheet.is_open for sheet in classwork.sheets),
        trouble=trouble,
        saved_student=name_of(seen) if seen and number not in seen.needs_grading and not seen.is_open else None,
        save_url=_url(visitor, "grading.save_question", question_id=shown.question.id),
        skip_url=_url(visitor, "grading.question", question_id=shown.question.id, after=current.submission_id),
        whole_url=_url(visitor, "grading.submission", submission_id=current.submission_id),
    )


def _url(visitor: Visitor, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, launch_id=visitor.launch_id, **values)


def _find(classwork: Classwork, question_id: str) -> tuple[int, Question]:
    for number, question in enumerate(classwork.paper.questions, start=1):
        if question.id == question_id:
            return number, question
    raise BadInput(gettext("This question is not in the assignment any more."), gettext("Open the list again."))


def _sheet_or_none(classwork: Classwork, submission_id: int | None) -> Sheet | None:
    return next((sheet for sheet in classwork.sheets if sheet.submission_id == submission_id), None)


def _number(name: str) -> int | None:
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
