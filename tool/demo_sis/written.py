"""What a sender wrote: its JSON checked against the shape it must have, and turned into records."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask import request

from tool.demo_sis.body_checks import Shape, find_flaws, read_day, read_moment
from tool.demo_sis.body_shapes import FLAGS
from tool.demo_sis.records import Column, Mark
from tool.demo_sis.refusals import Turned
from tool.demo_sis.replies import read_json
from tool.demo_sis.seed import SCHOOL_ID
from tool.demo_sis.sis import Sis

Sent = Mapping[str, Any]

USUAL_MAXIMUM = Decimal(100)
"""Where a line item says nothing of points, as 1.2 allows."""
NOON = time(12)


def read_body() -> object:
    """Raises Turned."""
    if request.mimetype != "application/json":
        raise Turned(400, "Content-Type must be application/json")
    try:
        return read_json(request.get_data())
    except ValueError:
        raise Turned(400, "The body is not JSON") from None


def open_envelope(body: object, name: str) -> Any:
    """Raises Turned unless it is an object that holds `name` alone."""
    if not isinstance(body, Mapping) or set(body) != {name}:
        raise Turned(422, f"validation exception: the body must be an object with “{name}” in it, and nothing else")
    return body[name]


def check_shape(sis: Sis, sent: object, shape: Shape, sourced_id: str) -> Sent:
    """`sourced_id`: what the address says; an SIS with ids of its own does not insist on one in the body.

    Raises Turned.
    """
    if sis.settings.ids == "theirs" and isinstance(sent, Mapping):
        sent = {"sourcedId": sourced_id, **sent}
    flaws = find_flaws(sent, shape)
    if flaws or not isinstance(sent, Mapping):
        raise Turned(422, f"validation exception: {'; '.join(flaws)}")
    if sent.get("sourcedId", sourced_id) != sourced_id:
        raise Turned(422, f"validation exception: the body's sourcedId is not {sourced_id}")
    return sent


def make_column(sis: Sis, sent: Sent, sourced_id: str, supplied_id: str) -> Column:
    """From a checked line item. Raises Turned for a class or school that is not there."""
    class_id = str(sent["class"]["sourcedId"])
    if class_id not in sis.school.classes:
        raise Turned(422, f"Gradebook section not found: class {class_id}")
    if sent.get("school", {"sourcedId": SCHOOL_ID})["sourcedId"] != SCHOOL_ID:
        raise Turned(422, f"School {sent['school']['sourcedId']} not found")
    period = sent.get("gradingPeriod")
    return Column(
        sourced_id=sourced_id,
        supplied_id=supplied_id,
        title=str(sent["title"]),
        class_id=class_id,
        category_id=str(sent["category"]["sourcedId"]),
        assigned_at=_moment(sis, sent["assignDate"], time.min),
        due_at=_moment(sis, sent["dueDate"], time(23, 59, 59)),
        maximum=Decimal(sent.get("resultValueMax", USUAL_MAXIMUM)),
        minimum=Decimal(sent.get("resultValueMin", 0)),
        period_id=None if period is None else str(period["sourcedId"]),
        description=str(sent.get("description", "")),
        metadata=sent.get("metadata", {}),
    )


def make_mark(sis: Sis, sent: Sent, column: Column, sourced_id: str, supplied_id: str) -> Mark:
    """From a checked result. Raises Turned where it names another class than its line item."""
    class_id = sent.get("class", {"sourcedId": column.class_id})["sourcedId"]
    if class_id != column.class_id:
        raise Turned(422, f"Assignment {column.sourced_id} does not belong to class {class_id}")
    status, score = str(sent["scoreStatus"]), Decimal(sent["score"]) if "score" in sent else None
    if status == "exempt" and not sis.settings.takes_exempt:
        # PowerSchool behind OneRoster 1.1 shows excused work as 0.
        status, score = "fully graded", Decimal(0)
    return Mark(
        sourced_id=sourced_id,
        supplied_id=supplied_id,
        column_id=column.sourced_id,
        student_id=str(sent["student"]["sourcedId"]),
        status=status,
        scored_on=_day(sis, sent["scoreDate"]),
        score=score,
        text_score=sent.get("textScore"),
        flags={name: sent[name] == "true" for name in FLAGS if name in sent},
        comment=str(sent.get("comment", "")),
        metadata=sent.get("metadata", {}),
    )


def _moment(sis: Sis, value: object, hour: time) -> datetime:
    """A bare date, which a lax SIS takes, is that hour in the district's time zone."""
    return read_moment(value) or datetime.combine(read_day(value) or date.min, hour, sis.zone)


def _day(sis: Sis, value: object) -> date:
    return read_day(value) or sis.local_day(_moment(sis, value, NOON))
