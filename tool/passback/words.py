"""Reasons in a teacher's words."""

from collections.abc import Sequence

from tool.course.columns import has_column_or_can_make_one
from tool.language import gettext, lazy_gettext, ngettext

REASONS = {
    "automatic_off": lazy_gettext("automatic passback is off"),
    "changed": lazy_gettext("changed after it was sent"),
    "other_assignment": lazy_gettext("this link had another assignment before"),
    "changed_in_lms": lazy_gettext("somebody changed the grade in the LMS"),
    "no_column": lazy_gettext("this link has no gradebook column"),
    "column_missing": lazy_gettext("this link has no gradebook column"),
    "column_gone": lazy_gettext("the gradebook column was deleted"),
    "column_of_another_course": lazy_gettext("the LMS named a gradebook column of another course"),
    "column_without_points": lazy_gettext("the gradebook column is worth 0 points"),
    "no_score_scope": lazy_gettext("the LMS does not let Passback send scores"),
    "not_enrolled": lazy_gettext("the LMS does not list this student in the course"),
    "not_a_learner": lazy_gettext("not a student of this course"),
    "overridden": lazy_gettext("the score to send was overridden"),
    "opted_out": lazy_gettext("passback is switched off for this link"),
    "needs_grading": lazy_gettext("waits for your grading"),
    "unpublished": lazy_gettext("the assignment is not published in the LMS yet"),
    "concluded": lazy_gettext("the course has ended in the LMS"),
    "key_refused": lazy_gettext("the LMS refuses Passback's key"),
    "scope_missing": lazy_gettext("the LMS does not let Passback send scores"),
    "column_refused": lazy_gettext("the LMS did not make a gradebook column"),
    "column_maximum": lazy_gettext("the points of the gradebook column do not allow it"),
    "course_gone": lazy_gettext("the course was deleted in the LMS"),
    "tool_not_in_course": lazy_gettext("the assignment is no longer associated with this tool"),
    "attempts_used_up": lazy_gettext("the LMS allows no further attempt"),
    "grading_closed": lazy_gettext("the LMS takes no grade for it at this time"),
    "checkpoints": lazy_gettext("the LMS takes no score for this kind of assignment"),
    "locked_or_deleting": lazy_gettext("the grade or the column is locked in the LMS"),
    "cannot_clear": lazy_gettext("the LMS cannot empty a grade when asked"),
    "token_refused": lazy_gettext("the LMS does not let Passback in"),
    "platform_cannot_read_our_keys": lazy_gettext("the LMS cannot read Passback's keys"),
    "clock": lazy_gettext("the clocks of the LMS and of Passback differ"),
    "forbidden": lazy_gettext("the LMS forbids it"),
    "certificate": lazy_gettext("the certificate of the LMS was not accepted"),
    "course_ended": lazy_gettext("it waited when the course was ended in Passback"),
    "platform_off": lazy_gettext("the LMS is switched off in Passback"),
    "host_not_allowed": lazy_gettext("the LMS named a server that is not known here"),
    "address_refused": lazy_gettext("the LMS named an address that may not be opened"),
    "bad_request": lazy_gettext("the LMS did not understand it"),
    "stale_timestamp": lazy_gettext("the LMS holds a newer score; it is looked at again by itself"),
    "rate_limited": lazy_gettext("the LMS is busy; it is tried again by itself"),
    "server_error": lazy_gettext("the LMS has trouble; it is tried again by itself"),
    "timeout": lazy_gettext("the LMS does not answer; it is tried again by itself"),
    "connection": lazy_gettext("the LMS cannot be reached; it is tried again by itself"),
}


def reason_text(code: str | None, questions: Sequence[int]) -> str | None:
    """Why a score waits; a code nobody has words for is shown as a try that goes on by itself."""
    if code is None:
        return None
    numbers = ", ".join(str(number) for number in questions)
    if code == "unanswered":
        return ngettext(
            "not sent automatically: question %(numbers)s is unanswered",
            "not sent automatically: questions %(numbers)s are unanswered",
            len(questions),
            numbers=numbers,
        )
    if code in ("needs_person", "needs_grading") and questions:
        return ngettext(
            "question %(numbers)s needs you",
            "questions %(numbers)s need you",
            len(questions),
            numbers=numbers,
        )
    return str(REASONS.get(code, gettext("the LMS did not take it; it is tried again by itself")))


def automatic_text(person_needed_because: Sequence[Sequence[object]]) -> str | None:
    """Why automatic passback cannot work for an assignment, if it cannot."""
    if not person_needed_because:
        return None
    number, kind = person_needed_because[0]
    if kind == "rubric":
        return gettext("Question %(number)s is graded by a rubric, so you send the scores.", number=number)
    return gettext("Question %(number)s is an essay, so you send the scores.", number=number)


def column_text(line_items_url: str | None, scopes: str | None) -> str:
    """What becomes of a link without a column."""
    if has_column_or_can_make_one(None, line_items_url, frozenset((scopes or "").split())):
        return gettext("It is looked for, and made if need be, when the first score goes.")
    return gettext("The LMS offers none for this link. Add it as a graded assignment, or ask your LMS's administrator.")
