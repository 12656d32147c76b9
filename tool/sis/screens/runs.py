"""The history: every run with its stage and its counts, each opening to its lines; what was decided; and a file."""

from flask import Response, render_template, request

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.sis.screens.room import SECTION, blueprint, find_section, frame
from tool.sis.showing.acts import list_acts
from tool.sis.showing.describing import describe_line, describe_run
from tool.sis.showing.runs import SHOWN_AT_MOST, list_lines, list_runs
from tool.sis.showing.tables import write_history

LONGEST_ID = 10


@opens(blueprint, f"{SECTION}/history", to=TEACHER)
def history(visitor: Visitor, section_id: int) -> str:
    """Every run of a section; `?run=` opens one."""
    wanted = _read_run(request.args.get("run", ""))
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        runs = list_runs(connection, section.id)
        lines = [] if wanted is None else list_lines(connection, section.id, wanted)
        acts = list_acts(connection, section.id)
        page = frame(connection, visitor, "history", section)
    return render_template(
        "sis/history.html",
        **page,
        runs=[describe_run(run, section.sis_name) for run in runs],
        open_run=wanted,
        lines=[describe_line(line, section.sis_name) for line in lines],
        acts=acts,
        shown_at_most=SHOWN_AT_MOST,
    )


@opens(blueprint, f"{SECTION}/history.csv", to=TEACHER)
def history_csv(visitor: Visitor, section_id: int) -> Response:
    """The lines of all runs as a file; `?run=` takes one."""
    wanted = _read_run(request.args.get("run", ""))
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        runs, lines = list_runs(connection, section.id), list_lines(connection, section.id, wanted)
    answer = Response(write_history(runs, lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="sync-history.csv"'
    return answer


def _read_run(text: str) -> int | None:
    """An id as somebody typed it; no run has a longer one, and a database would not even look for it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_ID else None
