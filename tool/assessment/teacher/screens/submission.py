"""One student's whole work: any score changed, handed in for the student, or given back."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.changing import give_back
from tool.assessment.submitting import read_work, submit
from tool.assessment.teacher.fields import MarkField, shown_field, typed_field
from tool.assessment.teacher.foretelling import what_giving_back_does, what_handing_in_does
from tool.assessment.teacher.saving import Trouble, save_fields
from tool.assessment.teacher.screens.room import (
    SHEET_ID,
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


@opens(blueprint, f"/l/<launch_id>/grading/submission/{SHEET_ID}", to=TEACHER)
def submission(visitor: Visitor, submission_id: int) -> str:
    """All questions of one attempt, each with its judgement and its inputs."""
    with part(Database).reading() as connection:
        classwork = read_classwork(connection, visitor)
        opened = open_sheet(connection, classwork.sheet(submission_id), classwork.paper.questions)
    shown = [
        shown_field(number, question, opened.details.get(question.id))
        for number, question in enumerate(classwork.paper.questions, start=1)
    ]
    return _show(visitor, classwork, opened, shown, trouble=None)


@opens(blueprint, f"/l/<launch_id>/grading/submission/{SHEET_ID}", to=TEACHER, methods=("POST",))
def save_submission(visitor: Visitor, submission_id: int) -> str | Response:
    """Save whatever was changed on the page, at once."""
    with part(Database).writing() as connection:
        classwork = read_classwork(connection, visitor)
        opened = open_sheet(connection, classwork.sheet(submission_id), classwork.paper.questions)
        typed = [
            typed_field(number, question, request.form)
            for number, question in enumerate(classwork.paper.questions, start=1)
        ]
        saved = save_fields(connection, opened, typed, by=visitor.member_id, insists=insists())
    if isinstance(saved, Trouble):
        return _show(visitor, classwork, opened, list(saved.fields), saved)
    ring_for(saved)
    return _back(visitor, submission_id, "saved")


@opens(blueprint, f"/l/<launch_id>/grading/submission/{SHEET_ID}/submit", to=TEACHER, methods=("POST",))
def submit_for(visitor: Visitor, submission_id: int) -> Response:
    """Hand in what the student saved, in the student's place."""
    with part(Database).writing() as connection:
        sheet = read_classwork(connection, visitor).sheet(submission_id)
        work = read_work(connection, sheet.submission_id)
        if not work.answers:
            raise BadInput(gettext("Nothing is saved yet, so there is nothing to hand in."), gettext("Go back."))
        decision = submit(connection, work, by="teacher")
    ring_for(decision)
    return _back(visitor, submission_id, "handed_in")


@opens(blueprint, f"/l/<launch_id>/grading/submission/{SHEET_ID}/reopen", to=TEACHER, methods=("POST",))
def reopen(visitor: Visitor, submission_id: int) -> Response:
    """Give the work back to the student."""
    with part(Database).writing() as connection:
        sheet = read_classwork(connection, visitor).sheet(submission_id)
        give_back(connection, sheet.submission_id)
    return _back(visitor, submission_id, "given_back")


def _back(visitor: Visitor, submission_id: int, done: str) -> Response:
    return redirect(_url(visitor, "grading.submission", submission_id, done=done), 303)


def _url(visitor: Visitor, endpoint: str, submission_id: int, **values: Any) -> str:
    return url_for(endpoint, launch_id=visitor.launch_id, submission_id=submission_id, **values)


def _show(
    visitor: Visitor, classwork: Classwork, opened: OpenedSheet, fields: list[MarkField], trouble: Trouble | None
) -> str:
    sheet = opened.sheet
    following = _following(classwork.sheets, sheet)
    return render_template(
        "grading/submission.html",
        **frame(visitor, classwork),
        student=name_of(sheet),
        sheet=sheet,
        questions=[describe_question(opened, one) for one in fields],
        answered=len(classwork.paper.questions) - len(opened.automatic.unanswered),
        trouble=trouble,
        notice=_notice(request.args.get("done", "")),
        can_hand_in=sheet.is_open and bool(opened.answers),
        can_give_back=not sheet.is_open and sheet.is_newest,
        handing_in=what_handing_in_does(classwork.paper, opened, visitor.platform_name),
        giving_back=what_giving_back_does(classwork.paper, name_of(sheet)),
        save_url=_url(visitor, "grading.save_submission", sheet.submission_id),
        submit_url=_url(visitor, "grading.submit_for", sheet.submission_id),
        reopen_url=_url(visitor, "grading.reopen", sheet.submission_id),
        next_student=name_of(following) if following else None,
        next_url=_url(visitor, "grading.submission", following.submission_id) if following else None,
    )


def _following(sheets: list[Sheet], sheet: Sheet) -> Sheet | None:
    places = [one.submission_id for one in sheets]
    return next(iter(sheets[places.index(sheet.submission_id) + 1 :]), None)


def _notice(done: str) -> str | None:
    texts = {
        "saved": gettext("Saved."),
        "handed_in": gettext("Handed in and graded."),
        "given_back": gettext("Given back to the student."),
    }
    return texts.get(done)
