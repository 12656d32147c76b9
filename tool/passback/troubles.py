"""*View error*: the remedy of a failing row in words, what happens next and when, and a text for the help desk."""

import re
from datetime import datetime
from typing import Any

from tool.language import gettext, lazy_gettext, ngettext
from tool.passback.remedies import find_remedy
from tool.passback.students import Link, Student

WHO = {
    "you": lazy_gettext("You"),
    "admin": lazy_gettext("The administrator of the LMS"),
    "operator": lazy_gettext("The operator of Passback"),
    "nobody": lazy_gettext("Nobody needs to do anything"),
}
EMAIL = re.compile(r"[^\s@\"<>]+@[^\s@\"<>]+")


def describe_trouble(link: Link, student: Student, attempt: Any) -> dict[str, Any]:
    """The panel under a failing row; `attempt` is the row's newest one, or None."""
    row = student.row
    remedy = find_remedy(row.failure, link.family)
    names = {"platform": link.platform_name, "student": student.name or gettext("this student")}
    return {
        "happened": str(remedy.happened) % names,
        "why": str(remedy.why) % names,
        "who": str(WHO[remedy.who]),
        "fix": str(remedy.fix) % names,
        "button": remedy.button,
        "since": row.first_failed_at,
        "tried": ngettext("tried %(num)s time", "tried %(num)s times", row.tries),
        "next_try_at": row.next_try_at,
        "answer": _answer(attempt),
        "ticket": ticket(link, student, attempt),
    }


def ticket(link: Link, student: Student, attempt: Any) -> str:
    """What a vendor's help desk asks for: ids, addresses and times; no token, no name, no e-mail."""
    row = student.row
    lines = [
        "LTI AGS score passback",
        f"platform: {link.platform_name} ({link.family})",
        f"course: {link.course_id}  placement: {link.placement_id}  passback: {row.id}",
        f"line item: {row.own_line_item_url or link.line_item_url or '-'}",
        f"user id: {row.subject}",
        f"reason: {row.failure}  tries: {row.tries}  since: {_time(row.first_failed_at)}",
    ]
    if attempt is not None:
        lines += [
            f"request: POST {attempt.line_item_url or '-'} (/scores)  at: {_time(attempt.started_at)}",
            f"sent: {attempt.score} of {attempt.maximum}  timestamp: {_time(attempt.timestamp)}",
            f"status: {attempt.status or '-'}",
            f"answer: {_without_names(attempt.answer or '-', student.name)}",
        ]
    return "\n".join(lines)


def _answer(attempt: Any) -> str | None:
    if attempt is None or not (attempt.status or attempt.answer):
        return None
    return f"{attempt.status or ''} {attempt.answer or ''}".strip()


def _without_names(text: str, name: str) -> str:
    for part in name.split():
        if len(part) > 1:
            text = re.sub(re.escape(part), "…", text, flags=re.IGNORECASE)
    return EMAIL.sub("…", text)


def _time(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds") if moment else "-"
