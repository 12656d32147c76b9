"""Scores as CSV: everything the screen knows, or in the shape that Canvas's gradebook imports."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tool.passback.describing import status_word
from tool.passback.students import Link, Student
from tool.passback.verdict import Verdict

# A spreadsheet would run such a cell as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_scores(link: Link, students: Sequence[Student], verdicts: Sequence[Verdict]) -> str:
    """One row a student: ids, the tool's score, what would go, what was sent, what the LMS holds, the status."""
    head = ["Student", "User id", "SIS id", "Score", "Of", "To send", "Override", "Override reason"]
    head += ["Last sent", "Sent at (UTC)", f"In {link.platform_name}", "Of", "Read at (UTC)", "Status"]
    rows = [
        [
            student.name,
            student.row.subject,
            student.row.sourced_id or "",
            _number(one.earned),
            _number(one.earned_maximum),
            _number(one.to_send.score if one.to_send else None),
            _number(one.override),
            one.override_reason or "",
            _number(one.sent),
            _time(one.sent_at),
            _number(one.in_lms),
            _number(one.in_lms_maximum),
            _time(one.read_at),
            status_word(one.status),
        ]
        for student, one in zip(students, verdicts, strict=True)
    ]
    return _write([head, *rows])


def write_for_canvas(link: Link, students: Sequence[Student], verdicts: Sequence[Verdict]) -> str:
    """The import of Canvas's gradebook: two head rows, then a student a row. Canvas finds students by the SIS id;
    where the LMS never told it, the name is all there is and the teacher matches by hand."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", link.title]
    points = ["    Points Possible", "", "", "", "", _number(link.points)]
    rows = [
        [student.name, "", student.row.sourced_id or "", "", "", _number(one.to_send.score if one.to_send else None)]
        for student, one in zip(students, verdicts, strict=True)
    ]
    return _write([head, points, *rows])


def _write(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[_defused(cell) for cell in row] for row in rows])
    return text.getvalue()


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _number(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
