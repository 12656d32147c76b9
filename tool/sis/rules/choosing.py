"""Whether one student's score of one item goes, and what goes: the work and the person together."""

from datetime import date

from tool.sis.plain import Enrolled
from tool.sis.rules.dates import local_day
from tool.sis.rules.facts import ItemFacts, StudentFacts
from tool.sis.rules.status import Outgoing, Skipped, result_of

QUIET = frozenset({"student.left", "left_out", "pinned", "nothing_yet"})
"""Reasons that ask nobody to do anything."""


def choose(student: StudentFacts, facts: ItemFacts) -> Outgoing | Skipped:
    """What goes to the SIS for this student, or why nothing does: a quiet reason, or the code of a remedy."""
    reason = _exception(student)
    if reason is not None:
        return Skipped(reason)
    result = result_of(student.work, facts.profile)
    if isinstance(result, Skipped):
        return result
    doubt = _doubt(student, facts)
    return result if doubt is None else Skipped(doubt)


def _exception(student: StudentFacts) -> str | None:
    if student.has_left:
        return "student.left"
    if student.rule == "left_out":
        return "left_out"
    return "pinned" if student.is_pinned else None


def _doubt(student: StudentFacts, facts: ItemFacts) -> str | None:
    if student.suspended is not None:
        return "student.changed"
    if student.rule == "ambiguous":
        return "student.ambiguous"
    if student.student_id is None:
        return "student.unmatched"
    days = [local_day(facts.at, facts.zone)] + ([local_day(facts.due.at, facts.zone)] if facts.due else [])
    if student.enrolled is None or not any(_is_enrolled(student.enrolled, day) for day in days):
        return "student.not_in_class"
    if facts.profile.needs_email and not (student.enrolled.email or "").strip():
        return "privacy.email"
    return None


def _is_enrolled(enrolled: Enrolled, day: date) -> bool:
    """`begins_on` is the first day, `ends_on` the first that is not."""
    has_begun = enrolled.begins_on is None or enrolled.begins_on <= day
    return enrolled.is_active and has_begun and (enrolled.ends_on is None or day < enrolled.ends_on)
