"""What goes out: line items and results in the full, strict form of the standard, as 1.2 and as 1.1 want them.

Real SIS take less than the standard asks, but none is known to refuse the whole of it. The traps: flags are texts,
`scoreDate` is a bare day while the other times never are, references have all three parts, a school's type is `org`,
numbers are numbers. [OR 1.2 gradebook; the 1.1 form has neither schools nor flags and always a period and a score]
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from tool.sis.oneroster.json_text import write_json
from tool.sis.plain import Access, LineItem, Result, SisError

Body = Mapping[str, object]


def write_line_item(item: LineItem, access: Access, modified_at: datetime) -> bytes:
    """The body of a column's PUT. Raises SisError where 1.1 needs a grading period and there is none."""
    profile = access.profile
    is_old = access.version == "1.1"
    body: dict[str, object] = _base(item.sourced_id, modified_at) | {
        "title": item.title,
        "assignDate": write_moment(item.assigned_at),
        "dueDate": write_moment(item.due_at),
        "class": _refer(access.rostering_url, "classes", item.class_id, "class"),
        "category": _refer(access.gradebook_url, "categories", item.category_id, "category"),
        "resultValueMin": item.minimum,
        "resultValueMax": item.maximum,
    }
    if not is_old:
        body["school"] = _refer(access.rostering_url, "orgs", item.school_id, "org")
    if profile.sends_grading_period:
        if item.period_id is not None:
            body["gradingPeriod"] = _refer(access.rostering_url, "academicSessions", item.period_id, "academicSession")
        elif is_old:
            raise SisError("permanent", "due.outside_period")
    if metadata := {**profile.line_item_metadata, **item.metadata}:
        body["metadata"] = metadata
    return write_json({"lineItem": body}).encode()


def write_result(result: Result, access: Access, modified_at: datetime) -> bytes:
    """The body of a score's PUT. Raises SisError where 1.1 needs a number and there is none."""
    is_old = access.version == "1.1"
    body: dict[str, object] = _base(result.sourced_id, modified_at) | {
        "lineItem": _refer(access.gradebook_url, "lineItems", result.line_item_id, "lineItem"),
        "student": _refer(access.rostering_url, "users", result.student_id, "user"),
        "scoreStatus": result.status,
        "scoreDate": result.scored_on.isoformat(),
    }
    if result.score is not None:
        body["score"] = result.score
    elif is_old:
        raise SisError("permanent", "score.entry_point")
    if not is_old:
        body["class"] = _refer(access.rostering_url, "classes", result.class_id, "class")
        if access.profile.sends_flags:
            body |= _write_flags(result)
    return write_json({"result": body}).encode()


def write_moment(moment: datetime) -> str:
    """A date-time as the standard writes it: UTC, milliseconds, Z. Raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_id(sourced_id: str) -> str:
    """An id as one segment of an address."""
    return quote(sourced_id, safe="")


def _base(sourced_id: str, modified_at: datetime) -> dict[str, object]:
    return {"sourcedId": sourced_id, "status": "active", "dateLastModified": write_moment(modified_at)}


def _refer(base_url: str, collection: str, sourced_id: str, kind: str) -> Body:
    href = f"{base_url.rstrip('/')}/{collection}/{write_id(sourced_id)}"
    return {"href": href, "sourcedId": sourced_id, "type": kind}


def _write_flags(result: Result) -> Body:
    flags = {
        "late": result.is_late,
        "missing": result.is_missing,
        "incomplete": result.is_incomplete,
        "inProgress": result.is_in_progress,
    }
    return {name: "true" if is_set else "false" for name, is_set in flags.items()}
