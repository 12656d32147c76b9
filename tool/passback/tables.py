"""Scores as CSV: everything the screen knows, or in the shape that Canvas's gradebook imports."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tool.passback.describing import status_word
from tool.passback.students import Link, Student
from tool.passback.verdict import Verdict

# A spreadsheet would run such a cell as a formula; some read the wide signs of East Asia like the others.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_scores(link: Link, students: Sequence[Student], verdicts: Sequence[Verdict]) -> str:
    """One row a student: ids, the tool's score, what would go, what was sent, what the LMS holds, the status."""
    head = ["Student", "User id", "SIS id", "Score", "Of", "To send", "Override", "Override reason"]
    head += ["Last sent", "Sent at (UTC)", f"In {link.platform_name}", "Of", "Read at (UTC)", "Status"]
    rows = [
        [
            student.name,
            student.row.subject,
            student.row.sourced_id or "",
            write_points(one.earned),
            write_points(one.earned_maximum),
            write_points(one.to_send.score if one.to_send else None),
            write_points(one.override),
            one.override_reason or "",
            write_points(one.sent),
            write_time(one.sent_at),
            write_points(one.in_lms),
            write_points(one.in_lms_maximum),
            write_time(one.read_at),
            status_word(one.status),
        ]
        for student, one in zip(students, verdicts, strict=True)
    ]
    return write_table([head, *rows])


def write_for_canvas(link: Link, students: Sequence[Student], verdicts: Sequence[Verdict]) -> str:
    """The import of Canvas's gradebook: two head rows, then a student a row. Canvas finds students by the SIS id;
    where the LMS never told it, the name is all there is and the teacher matches by hand."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", link.title]
    points = ["    Points Possible", "", "", "", "", write_points(link.points)]
    rows = [
        [
            student.name,
            "",
            student.row.sourced_id or "",
            "",
            "",
            write_points(one.to_send.score if one.to_send else None),
        ]
        for student, one in zip(students, verdicts, strict=True)
    ]
    return write_table([head, points, *rows])


def write_table(rows: list[list[str]]) -> str:
    """Rows as CSV; a cell that a spreadsheet would run as a formula is made a text."""
    text = io.StringIO()
    csv.writer(text).writerows([[_defused(cell) for cell in row] for row in rows])
    return text.getvalue()


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def write_points(value: Decimal | None) -> str:
    """Points without trailing zeros; nothing where there are none."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_time(moment: datetime | None) -> str:
    """UTC, to the second."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
