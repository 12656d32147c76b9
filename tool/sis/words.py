"""States and reasons of items, students and categories in a teacher's words; those of runs are in `showing.words`.

Only screens import it: it speaks by gettext, which the sender does not load.
"""

from collections.abc import Mapping

from tool.language import gettext, lazy_gettext, ngettext

ITEM_STATUSES: Mapping[str, object] = {
    "not_yet": lazy_gettext("Not yet synced"),
    "queued": lazy_gettext("Queued"),
    "successful": lazy_gettext("Successful"),
    "noted": lazy_gettext("Successful with notes"),
    "error": lazy_gettext("Error"),
    "attention": lazy_gettext("Needs attention"),
    "opted_out": lazy_gettext("Opted out"),
    "waiting": lazy_gettext("Waiting"),
    "term_closed": lazy_gettext("Term closed"),
}
ITEM_EXPLANATIONS: Mapping[str, object] = {
    "not_yet": lazy_gettext("Nothing was sent for it so far. Sync, or wait for the night."),
    "queued": lazy_gettext("It is on its way. Nothing has to be done; you may leave this page."),
    "successful": lazy_gettext("The last sync sent everything."),
    "noted": lazy_gettext("The last sync sent it, but some students were left out. Open it to see who and why."),
    "error": lazy_gettext("The last sync failed. Open it to see why, and what mends it."),
    "attention": lazy_gettext("The check before sending found something you can mend. Nothing was sent for it."),
    "opted_out": lazy_gettext("Sync to SIS is off for it. What was sent before stays in the SIS."),
    "waiting": lazy_gettext("Not all is graded and the due date is ahead. It goes by itself later."),
    "term_closed": lazy_gettext("Its grading period is closed in the SIS, or was switched off here."),
}
STUDENT_STATES: Mapping[str, object] = {
    "new": lazy_gettext("Not yet sent"),
    "waiting": lazy_gettext("Waiting"),
    "sent": lazy_gettext("Sent"),
    "unchanged": lazy_gettext("Unchanged"),
    "skipped": lazy_gettext("Skipped"),
    "failed": lazy_gettext("Failed"),
}
SCORE_STATUSES: Mapping[str, object] = {
    "fully graded": lazy_gettext("graded"),
    "partially graded": lazy_gettext("partly graded"),
    "submitted": lazy_gettext("handed in, not graded"),
    "not submitted": lazy_gettext("not handed in"),
    "exempt": lazy_gettext("excused"),
}
STUDENT_REASONS: Mapping[str, object] = {
    "nothing_yet": lazy_gettext("nothing to send yet"),
    "left_out": lazy_gettext("left out by you"),
    "pinned": lazy_gettext("you keep the score of the SIS"),
    "student.left": lazy_gettext("left the course"),
    "student.unmatched": lazy_gettext("not matched with a student of the SIS"),
    "student.ambiguous": lazy_gettext("more than one student could be meant"),
    "student.changed": lazy_gettext("no longer sure who it is in the SIS"),
    "student.not_in_class": lazy_gettext("not in the class in the SIS"),
    "privacy.email": lazy_gettext("no e-mail address in the SIS"),
    "score.range": lazy_gettext("the score is above the maximum or below 0"),
    "score.entry_point": lazy_gettext("graded without a number"),
    "score.exempt": lazy_gettext("excused, which the SIS would show as 0"),
    "overwritten": lazy_gettext("changed in the SIS since it was sent"),
}
"""Short, for a list; the whole story is the remedy's."""
MATCH_RULES: Mapping[str, object] = {
    "by_hand": lazy_gettext("Matched by hand"),
    "sis_id": lazy_gettext("Matched by the id of the SIS"),
    "email": lazy_gettext("Matched by e-mail address"),
    "nobody": lazy_gettext("Not matched"),
    "ambiguous": lazy_gettext("Not matched: several fit"),
    "left_out": lazy_gettext("Left out"),
}
PREFLIGHT_LEVELS: Mapping[str, object] = {
    "connection": lazy_gettext("The connection"),
    "section": lazy_gettext("The class"),
    "item": lazy_gettext("The assignment"),
    "student": lazy_gettext("Students"),
}
WHO: Mapping[str, object] = {
    "teacher": lazy_gettext("You"),
    "office": lazy_gettext("The school's office, or whoever looks after the SIS"),
    "lms_admin": lazy_gettext("The administrator of your LMS"),
    "operator": lazy_gettext("Whoever runs Passback for your school"),
    "nobody": lazy_gettext("Nobody has to do anything"),
}


def say_student_reason(code: str | None) -> str:
    """Why one score did not go; what is not in the list is said in general."""
    return str(STUDENT_REASONS.get(code or "", gettext("the SIS did not take it")))


def say_categories(changed: int, unassociated: int) -> str:
    """How the categories of a section stand: *Synchronized*, or how many were changed and how many are missing."""
    parts = []
    if changed:
        parts.append(ngettext("%(num)s Changed", "%(num)s Changed", changed))
    if unassociated:
        parts.append(ngettext("%(num)s Unassociated", "%(num)s Unassociated", unassociated))
    return " · ".join(parts) or gettext("Synchronized")
