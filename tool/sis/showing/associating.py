"""One association of categories in a teacher's words: *Synchronized*, *Changed* or *Unassociated*, and why."""

from collections.abc import Mapping
from typing import Any

from tool.language import gettext, lazy_gettext
from tool.sis.linking.categories import Association

STATES: Mapping[str, tuple[object, str, str]] = {
    "synchronized": (lazy_gettext("Synchronized"), "successful", "good"),
    "changed": (lazy_gettext("Changed"), "changed_in_lms", "ask"),
    "unassociated": (lazy_gettext("Unassociated"), "not_launched", "calm"),
}
"""Word, icon, tone."""


def describe_association(row: Association, titles: Mapping[str, str]) -> dict[str, Any]:
    """For the template. `selected` is what the list shows: what holds, else what is suggested. `titles`: by the SIS's
    id, of what it offers now."""
    word, icon, tone = STATES[row.state]
    return {
        "category": row.category,
        "name": row.category or gettext("Without a category"),
        "assignments": row.assignments,
        "selected": row.chosen or row.suggested,
        "is_suggested": row.suggested is not None,
        "state": row.state,
        "word": str(word),
        "icon": icon,
        "tone": tone,
        "because": _because(row, titles),
        "confirmed_at": row.confirmed_at if row.state == "synchronized" else None,
        "confirmed_by": row.confirmed_by,
    }


def _because(row: Association, titles: Mapping[str, str]) -> str | None:
    before = row.before or ""
    if row.because == "renamed":
        now = titles.get(row.chosen or "", "")
        return gettext("“%(before)s” is called “%(now)s” there now. Save if that is right.", before=before, now=now)
    if row.because == "gone":
        return gettext("“%(before)s” is no longer there.", before=before)
    if row.because == "reset":
        return gettext("It was “%(before)s” before this term, or before another class was linked.", before=before)
    return None
