"""*Copy for the help desk*: what a vendor's ticket asks for, filled in — the problem, since when, who, where, what was
tried.

It holds no secret: addresses lose their query. And no names: students stand there by their ids in the SIS, without
which nobody finds them in its log; names and e-mail addresses are taken out of what the SIS said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

_EMAIL = re.compile(r"[^\s@\"<>]+@[^\s@\"<>]+")
STUDENTS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Try:
    """One line of a run: what was asked of the SIS and how it ended. `step` and `outcome` as in the runs' lines."""

    at: datetime
    step: str
    outcome: str
    code: str | None
    status: int | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is known of one item that does not get through."""

    happened: str
    """The problem in one sentence, as the teacher reads it."""
    code: str
    sis: str
    vendor: str
    version: str
    gradebook_url: str
    class_title: str
    class_id: str
    school_id: str
    term: str | None
    item_title: str
    line_item_id: str | None
    category: str | None
    due_at: datetime | None
    page_url: str
    """Where the teacher sees it."""
    course_url: str | None
    since: datetime | None
    succeeded_at: datetime | None
    student_ids: tuple[str, ...]
    """Those in the SIS whose score did not get through."""
    students: int
    """How many have a score for the item at all."""
    other_items: int
    """How many other items of the class fail with the same code."""
    tries: Sequence[Try]
    """Newest first."""
    answer: str | None
    personal: tuple[str, ...] = ()
    """What must not stand in the ticket: names of students and their parts."""


def write_ticket(trouble: Trouble) -> str:
    """The text, in the order of the usual template. In English: it goes to a vendor."""
    lines = [
        f"Grade sync to {trouble.sis} by OneRoster {trouble.version} ({trouble.vendor})",
        "",
        "What is the problem?",
        f"{_without(trouble.happened, trouble.personal)} [{trouble.code}]",
        f"last answer of the SIS: {_without(trouble.answer or '-', trouble.personal)}",
        "When did this issue begin?",
        f"{_time(trouble.since)}; last successful sync: {_time(trouble.succeeded_at)}",
        "",
        "Who is affected?",
        *_who(trouble),
        "",
        "Where can it be seen?",
        f"page: {_page(trouble.page_url)}",
        f"course: {_page(trouble.course_url)}",
        f"gradebook service: {_address(trouble.gradebook_url)}",
        f"assignment: {trouble.item_title}  line item: {trouble.line_item_id or '-'}  "
        f"category: {trouble.category or '-'}  due: {_time(trouble.due_at)}",
        "",
        "Troubleshooting done (newest first; the browser has no part in it, servers talk to each other):",
        *([_line(one) for one in trouble.tries] or ["- nothing was sent yet: the check before sending found it"]),
        "",
        "Screenshot: please add one of the gradebook of the SIS, if it shows the problem.",
    ]
    return _EMAIL.sub("…", "\n".join(lines))


def _who(trouble: Trouble) -> list[str]:
    shown = ", ".join(trouble.student_ids[:STUDENTS_AT_MOST])
    more = len(trouble.student_ids) - STUDENTS_AT_MOST
    return [
        f"class: {trouble.class_title} ({trouble.class_id})  school: {trouble.school_id}  term: {trouble.term or '-'}",
        f"{len(trouble.student_ids)} of {trouble.students} students"
        + (f": {shown}" if shown else "")
        + (f" and {more} more" if more > 0 else ""),
        f"other assignments of the class with the same error: {trouble.other_items}",
    ]


def _line(one: Try) -> str:
    ending = " ".join(str(part) for part in (one.status or "no status", one.outcome, one.code) if part)
    return f"- {_time(one.at)} {one.step}: {ending}"


def _page(url: str | None) -> str:
    """An address with its scheme, to be opened; a query or a fragment may carry a secret."""
    if url is None:
        return "-"
    return f"{urlsplit(url).scheme}://{_address(url)}"


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def _without(text: str, personal: Sequence[str]) -> str:
    """Longest first, so that no half of a name is left; whole words only, for “Li” is part of “line”."""
    for part in sorted((part for part in personal if len(part) > 1), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else "-"
