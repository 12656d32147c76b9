"""*View error* and *Why?*: the remedy of a row in words, what happens next and when, and a text for the help desk."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from tool.language import gettext, lazy_gettext, ngettext
from tool.passback.ledger.attempts import recent_attempts
from tool.passback.remedies import Remedy, explain_not_shown, find_remedy, strikes_everybody
from tool.passback.students import Link, Student
from tool.passback.ticket import read_place, write_ticket
from tool.passback.verdict import Verdict

WHO = {
    "you": lazy_gettext("You"),
    "admin": lazy_gettext("The administrator of the LMS"),
    "operator": lazy_gettext("The operator of Passback"),
    "nobody": lazy_gettext("Nobody needs to do anything"),
}


def read_trouble(
    connection: Connection, link: Link, students: Sequence[Student], verdict: Verdict, *, key_set_url: str
) -> dict[str, Any] | None:
    """The panel under a row that failed, or whose score was accepted and is not shown; None when nothing is wrong."""
    student = next(one for one in students if one.member_id == verdict.member_id)
    remedy = choose_remedy(link, students, verdict)
    if remedy is None:
        return None
    attempts = recent_attempts(connection, student.row.id)
    place = read_place(connection, link.placement_id, student.member_id)
    row = student.row
    return _words(link, student, remedy) | {
        "status": verdict.status,
        "button": remedy.button,
        "since": row.first_failed_at or link.stopped_at,
        "tried": ngettext("tried %(num)s time", "tried %(num)s times", row.tries) if row.tries else None,
        "next_try_at": row.next_try_at,
        "answer": _answer(attempts[0]) if attempts else None,
        "ticket": write_ticket(link, student, place, attempts, key_set_url=key_set_url),
    }


def choose_remedy(link: Link, students: Sequence[Student], verdict: Verdict) -> Remedy | None:
    """The entry for a row among the students of its placement; None when nothing is wrong with it."""
    if verdict.failure is not None:
        return find_remedy(verdict.failure, link.family, is_whole_class=_is_whole_class_unknown(students))
    return explain_not_shown(link.family) if verdict.status == "accepted_not_shown" else None


def _is_whole_class_unknown(students: Sequence[Student]) -> bool:
    rows = [one.row for one in students if one.row.left_at is None]
    tried = [row for row in rows if row.failure is not None or row.confirmed_version]
    return strikes_everybody(tried=len(tried), not_known=sum(row.failure == "not_enrolled" for row in tried))


def _words(link: Link, student: Student, remedy: Remedy) -> dict[str, str]:
    names = {"platform": link.platform_name, "student": student.name or gettext("this student")}
    return {
        "happened": str(remedy.happened) % names,
        "why": str(remedy.why) % names,
        "who": str(WHO[remedy.who]),
        "fix": str(remedy.fix) % names,
        "then": str(remedy.then) % names,
    }


def _answer(attempt: Any) -> str | None:
    if attempt.outcome == "delivered":
        return gettext("It accepted the score.")
    return f"{attempt.status or ''} {attempt.answer or ''}".strip() or None
