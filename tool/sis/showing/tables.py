"""The history as a file, for whoever keeps the books."""

from collections.abc import Sequence

from tool.language import gettext
from tool.passback.tables import write_points, write_table, write_time
from tool.sis.showing.runs import LineView, RunView
from tool.sis.showing.words import KINDS, OUTCOMES, STEPS, by_text, word


def write_history(runs: Sequence[RunView], lines: Sequence[LineView]) -> str:
    """A row for each line of these runs: who sent, what, which value, when, and how it ended. Times are UTC."""
    by_id = {run.id: run for run in runs}
    head = ["Run", "Kind", "Started at (UTC)", "Started by", "Assignment", "Student", "Step", "Outcome", "Score"]
    head += ["Code", "HTTP status", "At (UTC)"]
    rows = [[*_of_run(by_id[line.run_id]), *_of_line(line)] for line in lines if line.run_id in by_id]
    return write_table([head, *rows])


def _of_run(run: RunView) -> list[str]:
    return [str(run.id), word(KINDS, run.kind), write_time(run.started_at or run.asked_at), by_text(run.by)]


def _of_line(line: LineView) -> list[str]:
    return [
        line.item or "",
        gettext("No name given") if line.student == "" else line.student or "",
        word(STEPS, line.step),
        word(OUTCOMES, line.outcome),
        write_points(line.score),
        line.code or "",
        "" if line.status is None else str(line.status),
        write_time(line.at),
    ]
