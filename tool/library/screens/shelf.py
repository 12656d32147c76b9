"""The library: what a teacher has, and what can be done with each of it."""

import re
from io import BytesIO

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.making import archive_assignment, copy_assignment
from tool.assessment.questions import write_assignment_file
from tool.db import Database
from tool.language import gettext
from tool.library.screens.rights import not_yours, owner_of, read_on_shelf
from tool.library.screens.room import SEARCH_CHARACTERS, blueprint
from tool.library.screens.ways import way_back
from tool.library.shelf import MOST_SHOWN, list_shelf

FILE_NAME_CHARACTERS = 80


@opens(blueprint, "/l/<launch_id>/library", to=TEACHER)
def shelf(visitor: Visitor) -> str:
    """A teacher's own assignments, those of courses they teach, and everyone's; searched, or what is put away."""
    search = request.args.get("find", "").strip()[:SEARCH_CHARACTERS]
    is_archived = request.args.get("archived") == "1"
    with part(Database).reading() as connection:
        rows = list_shelf(connection, visitor, search=search, is_archived=is_archived)
        back = way_back(connection, visitor)
    return render_template(
        "library/shelf.html",
        visitor=visitor,
        csrf=visitor.csrf,
        rows=rows,
        is_cut_off=len(rows) == MOST_SHOWN,
        search=search,
        is_archived=is_archived,
        notice=_notice(),
        back=back,
        import_url=url_for("library.import_page", launch_id=visitor.launch_id),
    )


@opens(blueprint, "/l/<launch_id>/library/<assignment_id>/copy", to=TEACHER, methods=("POST",))
def copy(visitor: Visitor, assignment_id: str) -> Response:
    """A copy in the teacher's own library, opened in the editor."""
    with part(Database).writing() as connection:
        file = read_on_shelf(connection, visitor, assignment_id)
        title = gettext("Copy of %(title)s", title=file.title)
        copied_id = copy_assignment(connection, owner_of(visitor), assignment_id, title)
    return redirect(url_for("library.edit", launch_id=visitor.launch_id, assignment_id=copied_id, done="copied"), 303)


@opens(blueprint, "/l/<launch_id>/library/<assignment_id>/archive", to=TEACHER, methods=("POST",))
def archive(visitor: Visitor, assignment_id: str) -> Response:
    """Put one's own away, or take it out again; links that have it keep it."""
    is_archived = request.form.get("archived") != "no"
    with part(Database).writing() as connection:
        read_on_shelf(connection, visitor, assignment_id)
        if not archive_assignment(connection, owner_of(visitor), assignment_id, is_archived=is_archived):
            raise not_yours()
    done = "archived" if is_archived else "taken_out"
    return redirect(url_for("library.shelf", launch_id=visitor.launch_id, done=done), 303)


@opens(blueprint, "/l/<launch_id>/library/<assignment_id>/export", to=TEACHER)
def export(visitor: Visitor, assignment_id: str) -> Response:
    """The assignment's file, named by its title."""
    with part(Database).reading() as connection:
        file = read_on_shelf(connection, visitor, assignment_id)
    content = BytesIO(write_assignment_file(file).encode())
    name = f"{file_name(file.title)}.json"
    return send_file(content, mimetype="application/json", as_attachment=True, download_name=name)


def file_name(title: str) -> str:
    """A title as a file name: letters, digits and hyphens of any script."""
    plain = re.sub(r"[\W_]+", "-", title)[:FILE_NAME_CHARACTERS].strip("-")
    return plain or "assignment"


def _notice() -> tuple[str, str] | None:
    """What was just done: picture and words."""
    texts = {
        "saved": gettext("Saved."),
        "graded": gettext("Saved, and what was handed in is graded anew."),
        "same": gettext("Nothing was changed."),
        "archived": gettext("Archived. Links that use it keep it; it is no longer offered for new ones."),
        "taken_out": gettext("It is in your library again."),
        "imported": gettext("Added to your library. Look at the answer keys before you use it."),
        "imported_before": gettext("It was in your library already; nothing was added twice."),
    }
    done = request.args.get("done", "")
    return ("info" if done == "same" else "successful", texts[done]) if done in texts else None
