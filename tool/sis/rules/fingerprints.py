"""Whether something would look otherwise in the SIS than what was sent last: a short print of what is seen there.

Not in it: the thing's own id, and the day a score carries, which a repeated grading moves without changing anything.
"""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal

from tool.sis.plain import LineItem, Result


def of_line_item(item: LineItem) -> str:
    """SHA-256, hexadecimal."""
    return _print(
        "line item",
        item.title,
        _moment(item.assigned_at),
        _moment(item.due_at),
        item.class_id,
        item.school_id,
        item.category_id,
        item.period_id,
        _number(item.minimum),
        _number(item.maximum),
        sorted(item.metadata.items()),
    )


def of_result(result: Result) -> str:
    """SHA-256, hexadecimal. In it too: the column and the student it is for; a score in another place is another."""
    return _print(
        "result",
        result.line_item_id,
        result.student_id,
        result.class_id,
        result.status,
        None if result.score is None else _number(result.score),
        [result.is_late, result.is_missing, result.is_incomplete, result.is_in_progress],
    )


def _print(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode("ascii")).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _number(value: Decimal) -> str:
    """17.5 and 17.50 are one number."""
    return f"{value.normalize() + 0:f}"
