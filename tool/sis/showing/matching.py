"""One learner's match in a teacher's words."""

from collections.abc import Mapping
from typing import Any

from tool.language import gettext, lazy_gettext
from tool.sis.linking.students import MatchView

RULES: Mapping[str, object] = {
    "sis_id": lazy_gettext("by SIS id"),
    "email": lazy_gettext("by e-mail"),
    "by_hand": lazy_gettext("by hand"),
    "nobody": lazy_gettext("not matched"),
    "ambiguous": lazy_gettext("not matched"),
    "left_out": lazy_gettext("left out"),
}
SUSPENDED: Mapping[str, object] = {
    "sis_id": lazy_gettext("The id that the LMS tells now is another’s. Nothing goes until you say who it is."),
    "email": lazy_gettext("The e-mail address is another’s now. Nothing goes until you say who it is."),
}
LOOKS: Mapping[str, tuple[str, str]] = {
    "needs": ("changed_in_lms", "ask"),
    "matched": ("successful", "good"),
    "quiet": ("opted_out", "calm"),
}
"""Icon and tone."""


def describe_match(row: MatchView) -> dict[str, Any]:
    """For the template: names, the rule as a word, why where something is to be said, and what can be done."""
    icon, tone = LOOKS["needs" if row.needs_person else "matched" if row.student is not None else "quiet"]
    return {
        "member_id": row.member_id,
        "name": row.name or gettext("No name given"),
        "email": row.email,
        "student": row.student,
        "rule": row.rule,
        "word": _word(row),
        "icon": icon,
        "tone": tone,
        "because": _because(row),
        "needs_person": row.needs_person,
        "is_said": row.rule in ("by_hand", "left_out"),
    }


def _word(row: MatchView) -> str:
    if row.suspended is not None:
        return gettext("suspended (was %(rule)s)", rule=RULES.get(row.rule, row.rule))
    return (
        gettext("in another class") if row.elsewhere and row.rule != "left_out" else str(RULES.get(row.rule, row.rule))
    )


def _because(row: MatchView) -> str | None:
    if row.suspended is not None:
        return str(SUSPENDED.get(row.suspended, row.suspended))
    if row.rule == "left_out":
        return gettext("Nothing goes for this student.")
    if row.student is not None and not row.is_enrolled:
        return gettext("Not in the class there any more. Nothing goes for this student.")
    if row.elsewhere:
        return row.elsewhere
    if row.rule == "ambiguous":
        return gettext("More than one fits. Passback never guesses.")
    return None
