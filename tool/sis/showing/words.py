"""States, stages and kinds in a teacher's words; what a newer version writes is shown as it stands."""

from collections.abc import Mapping

from tool.language import gettext, lazy_gettext
from tool.sis.words import ITEM_STATUSES, STUDENT_STATES

KINDS = {
    "changes": lazy_gettext("Sync changes"),
    "selected": lazy_gettext("Sync selected"),
    "nightly": lazy_gettext("At night"),
    "remaster": lazy_gettext("Remaster"),
    "check": lazy_gettext("Check only"),
}
STAGES = {
    "queued": lazy_gettext("Waiting to begin"),
    "refreshing": lazy_gettext("Refreshing"),
    "checking": lazy_gettext("Checking"),
    "items": lazy_gettext("Sending assignments"),
    "scores": lazy_gettext("Sending scores"),
    "verifying": lazy_gettext("Verifying"),
    "done": lazy_gettext("Done"),
}
RUN_STATUSES = {
    "queued": lazy_gettext("Queued"),
    "running": lazy_gettext("Running"),
    "completed": lazy_gettext("Completed"),
    "with_errors": lazy_gettext("Completed with errors"),
    "failed": lazy_gettext("Failed"),
    "cancelled": lazy_gettext("Cancelled"),
}
RUN_ICONS = {"completed": "successful", "with_errors": "changed_in_lms", "failed": "error", "cancelled": "opted_out"}
STEPS = {
    "check": lazy_gettext("Checked before sending"),
    "item": lazy_gettext("The column"),
    "score": lazy_gettext("The score"),
    "verify": lazy_gettext("Read back"),
}
OUTCOMES = {
    "sent": lazy_gettext("Sent"),
    "unchanged": lazy_gettext("Unchanged, not sent again"),
    "blocked": lazy_gettext("Left out"),
    "warned": lazy_gettext("Good to know"),
    "skipped": lazy_gettext("Skipped"),
    "failed": lazy_gettext("Failed"),
}
OUTCOME_ICONS = {
    "sent": "successful",
    "unchanged": "successful",
    "blocked": "changed_in_lms",
    "warned": "info",
    "skipped": "opted_out",
    "failed": "error",
}


ITEM_LOOKS = {
    "attention": ("changed_in_lms", "ask"),
    "error": ("error", "bad"),
    "queued": ("queued", "busy"),
    "not_yet": ("not_sent", "act"),
    "waiting": ("in_progress", "calm"),
    "noted": ("info", "ask"),
    "successful": ("successful", "good"),
    "term_closed": ("lock", "calm"),
    "opted_out": ("opted_out", "calm"),
}
"""Icon and tone; in the order of the filters, what waits for the teacher first."""
STUDENT_LOOKS = {
    "new": ("not_sent", "act"),
    "waiting": ("in_progress", "calm"),
    "sent": ("successful", "good"),
    "unchanged": ("successful", "good"),
    "skipped": ("opted_out", "calm"),
    "failed": ("error", "bad"),
}


def word(table: Mapping[str, object], key: str) -> str:
    return str(table.get(key, key))


def item_look(status: str) -> dict[str, str]:
    """{word, icon, tone} of an item's status."""
    icon, tone = ITEM_LOOKS.get(status, ("info", "calm"))
    return {"word": word(ITEM_STATUSES, status), "icon": icon, "tone": tone}


def student_look(state: str) -> dict[str, str]:
    icon, tone = STUDENT_LOOKS.get(state, ("info", "calm"))
    return {"word": word(STUDENT_STATES, state), "icon": icon, "tone": tone}


def by_text(by: str | None) -> str:
    """Who started a run."""
    return by or gettext("By itself")
