"""Import: choose a file, see what is in it, add it. Nothing is stored by looking, and no file is kept on the server."""

from importlib import import_module
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.questions import AssignmentFile
from tool.db import Database
from tool.language import gettext
from tool.library.importing.report import UPLOAD_BYTES, Found, FoundAssignment, ImportRefused
from tool.library.importing.sealing import ImportSeal, open_found, seal_found
from tool.library.importing.storing import Stored, free_ids, store_files
from tool.library.screens.rights import owner_of
from tool.library.screens.room import blueprint
from tool.library.screens.ways import after_saving


@opens(blueprint, "/l/<launch_id>/library/import", to=TEACHER)
def import_page(visitor: Visitor) -> str:
    """The form that asks for a file."""
    return _show_form(visitor)


@opens(blueprint, "/l/<launch_id>/library/import", to=TEACHER, methods=("POST",))
def import_report(visitor: Visitor) -> str | tuple[str, int]:
    """What is in the file and what would become of it; nothing is stored by this."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _show_form(visitor, ImportRefused(gettext("No file was chosen."), gettext("Choose one first."))), 400
    try:
        # Imported only now: a process to which nobody brings a file should not carry the readers of foreign ones.
        reading = import_module("tool.library.importing.reading")
        found: Found = reading.read_upload(upload.filename, upload.stream.read(UPLOAD_BYTES + 1))
        with part(Database).reading() as connection:
            found = free_ids(connection, found)
        sealed = seal_found(part(ImportSeal), visitor.launch_id, found.assignments)
    except ImportRefused as refusal:
        return _show_form(visitor, refusal), 400
    return _show_report(visitor, found, sealed)


@opens(blueprint, "/l/<launch_id>/library/import/add", to=TEACHER, methods=("POST",))
def import_add(visitor: Visitor) -> Response | str | tuple[str, int]:
    """Store what is ticked, all of it or nothing. The same form sent twice stores nothing twice."""
    sealed = request.form.get("found", "")
    try:
        files = open_found(part(ImportSeal), visitor.launch_id, sealed)
    except ImportRefused as refusal:
        return _show_form(visitor, refusal), 400
    ticked = set(request.form.getlist("assignment"))
    wanted = [file for file_id, file in files.items() if file_id in ticked]
    if not wanted:
        again = tuple(FoundAssignment(file.title, file, (), ()) for file in files.values())
        return _show_report(visitor, Found(again), sealed, wrong=gettext("Tick at least one assignment.")), 400
    stored = _store(visitor, wanted)
    done = "imported" if stored.added else "imported_before"
    with part(Database).reading() as connection:
        if len(wanted) == 1 and stored.ids:
            return redirect(after_saving(connection, visitor, stored.ids[0], done), 303)
    return redirect(url_for("library.shelf", launch_id=visitor.launch_id, done=done), 303)


def _store(visitor: Visitor, files: list[AssignmentFile]) -> Stored:
    try:
        with part(Database).writing() as connection:
            return store_files(connection, owner_of(visitor), files)
    except IntegrityError:
        # The same form came twice in the same moment; this time the other one's rows are seen.
        with part(Database).writing() as connection:
            return store_files(connection, owner_of(visitor), files)


def _show_form(visitor: Visitor, refusal: ImportRefused | None = None) -> str:
    return render_template("library/import.html", **_frame(visitor), refusal=refusal, most=UPLOAD_BYTES // 1_000_000)


def _show_report(visitor: Visitor, found: Found, sealed: str, wrong: str = "") -> str:
    return render_template("library/import_report.html", **_frame(visitor), found=found, sealed=sealed, wrong=wrong)


def _frame(visitor: Visitor) -> dict[str, Any]:
    return {"visitor": visitor, "csrf": visitor.csrf}
