"""The editor: one form whose every button posts it whole. Nothing is stored before *Save*, nothing typed is lost."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.assignments import COLUMNS, ChangedElsewhere, change_assignment
from tool.assessment.making import create_assignment, new_assignment_id
from tool.assessment.questions import AssignmentFile
from tool.assessment.settings.reach import read_assignment
from tool.db import Database
from tool.language import gettext
from tool.library.editor.checking import check_draft
from tool.library.editor.consequences import weigh
from tool.library.editor.draft import Draft
from tool.library.editor.fields import read_draft
from tool.library.editor.steps import Step, take_step
from tool.library.screens.rights import owner_of, read_on_shelf
from tool.library.screens.room import blueprint
from tool.library.screens.sheet import NEW_ID, OVER, SAVING, Sheet, new_sheet, read_sheet
from tool.library.screens.views import ask_first, show_editor, show_look, show_preview
from tool.library.screens.ways import after_saving, way_back
from tool.library.shelf import is_own
from tool.model.work import Assignment
from tool.wake import Bell

Page = str | Response | tuple[str, int]


@opens(blueprint, "/l/<launch_id>/library/new", to=TEACHER)
def new_draft(visitor: Visitor) -> str:
    """An empty form."""
    with part(Database).reading() as connection:
        sheet = new_sheet(connection, visitor, new_assignment_id())
    return show_editor(sheet, Step(sheet.stored_draft))


@opens(blueprint, "/l/<launch_id>/library/new", to=TEACHER, methods=("POST",))
def work_on_new(visitor: Visitor) -> Page:
    """A press of any button of the new assignment's form."""
    named = request.form.get("id", "")
    with part(Database).reading() as connection:
        sheet = new_sheet(connection, visitor, named if NEW_ID.fullmatch(named) else new_assignment_id())
    draft, command = sheet.fit(read_draft(request.form)), request.form.get("do", "")
    return _create(visitor, sheet, draft) if command in SAVING else _take(sheet, draft, command)


@opens(blueprint, "/l/<launch_id>/library/<assignment_id>/edit", to=TEACHER)
def edit(visitor: Visitor, assignment_id: str) -> Page:
    """One's own in the form; another's is looked at, with the offer to copy it."""
    with part(Database).reading() as connection:
        file = read_on_shelf(connection, visitor, assignment_id)
        if not is_own(connection, visitor, assignment_id):
            return show_look(visitor, file, way_back(connection, visitor), is_refused=True), 403
        sheet = read_sheet(connection, visitor, file)
    notice = gettext("This is your own copy.") if request.args.get("done") == "copied" else ""
    return show_editor(sheet, Step(sheet.stored_draft, notice=notice))


@opens(blueprint, "/l/<launch_id>/library/<assignment_id>/edit", to=TEACHER, methods=("POST",))
def work_on(visitor: Visitor, assignment_id: str) -> Page:
    """A press of any button of the form."""
    command = request.form.get("do", "")
    is_saving = command in SAVING or command.startswith(OVER)
    with part(Database).reading() as connection:
        file = read_on_shelf(connection, visitor, assignment_id)
        if not is_own(connection, visitor, assignment_id):
            return show_look(visitor, file, way_back(connection, visitor), is_refused=True), 403
        sheet = read_sheet(connection, visitor, file)
        draft = sheet.fit(read_draft(request.form))
        if not is_saving:
            return _take(sheet, draft, command)
        checked = check_draft(draft, file, file.id, sheet.row)
        if checked.file is None:
            return show_editor(sheet, Step(draft, "summary"), wrong=checked.wrong)
        after, records = checked.file, checked.for_records
        if after == file and _holds(sheet.row, records):
            return redirect(after_saving(connection, visitor, file.id, "same"), 303)
        page = _ask(connection, sheet, draft, after, is_confirmed=command == "confirmed")
    return page or _change(sheet, draft, after, records)


@opens(blueprint, "/l/<launch_id>/library/<assignment_id>/look", to=TEACHER)
def look(visitor: Visitor, assignment_id: str) -> str:
    """Any assignment of the shelf as a student sees it."""
    with part(Database).reading() as connection:
        file = read_on_shelf(connection, visitor, assignment_id)
        is_mine = is_own(connection, visitor, assignment_id)
        return show_look(visitor, file, way_back(connection, visitor), is_own=is_mine)


def _take(sheet: Sheet, draft: Draft, command: str) -> str:
    if command == "preview":
        return show_preview(sheet, draft)
    return show_editor(sheet, take_step(draft, command))


def _create(visitor: Visitor, sheet: Sheet, draft: Draft) -> Page:
    """Pressed twice, it is made once: the form brings the id it will have."""
    checked = check_draft(draft, None, sheet.assignment_id)
    if checked.file is None:
        return show_editor(sheet, Step(draft, "summary"), wrong=checked.wrong)
    database, file, records = part(Database), checked.file, checked.for_records
    try:
        with database.writing() as connection:
            if _is_taken(connection, file.id):
                if _is_stored(connection, visitor, file, records):
                    return redirect(after_saving(connection, visitor, file.id, "saved"), 303)
                file = file.model_copy(update={"id": new_assignment_id()})
            create_assignment(connection, owner_of(visitor), file, for_records=records)
    except IntegrityError:
        with database.reading() as connection:
            if not _is_stored(connection, visitor, file, records):
                raise  # else the other press of the two was faster by a moment
    with database.reading() as connection:
        return redirect(after_saving(connection, visitor, file.id, "saved"), 303)


def _is_stored(connection: Connection, visitor: Visitor, file: AssignmentFile, records: Mapping[str, object]) -> bool:
    if not is_own(connection, visitor, file.id) or read_on_shelf(connection, visitor, file.id) != file:
        return False
    return _holds(read_assignment(connection, file.id), records)


def _holds(row: Any, records: Mapping[str, object]) -> bool:
    """Whether the row says all this already."""
    return all(getattr(row, name) == value for name, value in records.items())


def _is_taken(connection: Connection, assignment_id: str) -> bool:
    return connection.execute(select(Assignment.id).where(Assignment.id == assignment_id)).first() is not None


def _ask(
    connection: Connection, sheet: Sheet, draft: Draft, after: AssignmentFile, *, is_confirmed: bool
) -> Page | None:
    """What comes before the change: somebody else's change, or work that was handed in."""
    before = sheet.before
    if sheet.is_stale:
        return show_editor(sheet, Step(draft, "summary"), is_elsewhere=True)
    if before is None or after.questions == before.questions or is_confirmed:
        return None
    consequences = weigh(connection, after.id, before.questions, after.questions)
    return ask_first(sheet, draft, after, consequences) if consequences.foreseen.handed_in else None


def _change(sheet: Sheet, draft: Draft, after: AssignmentFile, records: Mapping[str, object]) -> Page:
    """The change itself, unless somebody else's came in between."""
    changes = {name: getattr(after, name) for name in (*COLUMNS, "questions")}
    seen = sheet.seen_revision
    try:
        with part(Database).writing() as connection:
            changed = change_assignment(connection, after.id, changes, seen_revision=seen, for_records=records)
            done = "graded" if changed.regraded else "saved"
            where = after_saving(connection, sheet.visitor, after.id, done)
    except ChangedElsewhere:
        with part(Database).reading() as connection:
            newest = read_sheet(connection, sheet.visitor, read_on_shelf(connection, sheet.visitor, after.id))
        return show_editor(newest, Step(newest.fit(draft), "summary"), is_elsewhere=True)
    if changed.is_sent:
        part(Bell).ring()
    return redirect(where, 303)
