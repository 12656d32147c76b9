"""Runs and their lines as plain dictionaries for the templates."""

from typing import Any

from tool.language import gettext
from tool.sis.remedies import tell
from tool.sis.showing.runs import STAGES as IN_ORDER
from tool.sis.showing.runs import LineView, RunView
from tool.sis.showing.words import (
    KINDS,
    OUTCOME_ICONS,
    OUTCOMES,
    RUN_ICONS,
    RUN_STATUSES,
    STAGES,
    STEPS,
    by_text,
    word,
)
from tool.sis.words import STUDENT_REASONS


def describe_run(run: RunView, sis: str) -> dict[str, Any]:
    """One run: what of it is said in words, and its counts."""
    return {
        "id": run.id,
        "at": run.started_at or run.asked_at,
        "updated_at": run.updated_at,
        "by": by_text(run.by),
        "kind": word(KINDS, run.kind),
        "stage": word(STAGES, run.stage),
        "step": run.step,
        "steps": len(IN_ORDER),
        "status": word(RUN_STATUSES, run.status),
        "icon": RUN_ICONS.get(run.status, "queued"),
        "is_over": run.is_over,
        "is_bad": run.status in ("failed", "with_errors"),
        "because": reason(run.code, {"sis": sis}),
        "item_count": run.counts.items,
        "sent": run.counts.sent,
        "unchanged": run.counts.unchanged,
        "left_out": run.counts.left_out,
        "failed": run.counts.failed,
    }


def describe_line(line: LineView, sis: str) -> dict[str, Any]:
    """One line of a run."""
    student = line.student if line.student != "" else gettext("No name given")
    about = {"sis": sis, "title": line.item or "", "student": student or ""}
    return {
        "item": line.item,
        "student": student,
        "step": word(STEPS, line.step),
        "outcome": word(OUTCOMES, line.outcome),
        "icon": OUTCOME_ICONS.get(line.outcome, "queued"),
        "because": reason(line.code, about, of_a_student=line.student is not None),
        "score": line.score,
        "http_status": line.status,
        "at": line.at,
    }


def reason(code: str | None, about: dict[str, str], *, of_a_student: bool = False) -> str | None:
    """Why, in one sentence."""
    if code is None:
        return None
    if of_a_student and code in STUDENT_REASONS:
        return str(STUDENT_REASONS[code])
    return tell(code, about).happened
