"""The history: runs with their attempts, and what was changed by hand. And the scores as CSV."""

from flask import Response, render_template, request

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.passback.history import SHOWN_AT_MOST, count_by_itself, list_acts, list_attempts, list_runs
from tool.passback.recounting import recount
from tool.passback.screens.room import blueprint, placement_of, read_class
from tool.passback.students import read_link
from tool.passback.tables import write_for_canvas, write_scores
from tool.passback.tabs import teacher_tabs
from tool.passback.words import reason_text

LONGEST_ID = 10


@opens(blueprint, "/l/<launch_id>/history", to=TEACHER)
def history(visitor: Visitor) -> str:
    """Every run: when, by whom, what became of it; `?run=` opens one, `?run=0` what went by itself. And every change by
    hand."""
    placement_id = placement_of(visitor)
    wanted = _read_run(request.args.get("run", ""))
    with part(Database).reading() as connection:
        link = read_link(connection, placement_id)
        runs = list_runs(connection, placement_id)
        attempts = [] if wanted is None else list_attempts(connection, placement_id, wanted or None)
        by_itself = count_by_itself(connection, placement_id)
        acts = list_acts(connection, placement_id)
        tabs = teacher_tabs(connection, visitor, "grades")
    return render_template(
        "passback/history.html",
        page_title=link.title,
        course_title=visitor.course_title,
        tabs=tabs,
        visitor=visitor,
        link=link,
        runs=runs,
        by_itself=by_itself,
        open_run=wanted,
        attempts=[{"row": one, "because": reason_text(one.reason, ())} for one in attempts],
        acts=[recount(link, act) for act in acts],
        shown_at_most=SHOWN_AT_MOST,
    )


@opens(blueprint, "/l/<launch_id>/grades.csv", to=TEACHER)
def scores_csv(visitor: Visitor) -> Response:
    """The scores as a file; `?shape=canvas` in the shape that Canvas imports."""
    with part(Database).reading() as connection:
        everyone = read_class(connection, visitor)
    is_for_canvas = request.args.get("shape") == "canvas"
    write = write_for_canvas if is_for_canvas else write_scores
    answer = Response(
        write(everyone.link, everyone.students, everyone.verdicts), content_type="text/csv; charset=utf-8"
    )
    name = "scores-for-canvas.csv" if is_for_canvas else "scores.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _read_run(text: str) -> int | None:
    """An id as somebody typed it; no run has a longer one, and a database would not even look for it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_ID else None
