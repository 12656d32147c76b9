"""Line items: list, create, read, change, delete [AGS §3.2]."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from flask import Blueprint, Response, request

from tool.demo_lms.content_items import ItemRefused, read_review
from tool.demo_lms.lms import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, Lms
from tool.demo_lms.paging import cut_page, with_links
from tool.demo_lms.reception import (
    admit,
    check_accept,
    check_content_type,
    find_column,
    find_course,
    turn_away,
)
from tool.demo_lms.records import Column, SubmissionReview, as_iso, as_number
from tool.demo_lms.replies import as_json

LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEM_LIST = "application/vnd.ims.lis.v2.lineitemcontainer+json"
FILTERS = {"resource_link_id": "link_id", "resource_id": "resource_id", "tag": "tag"}

line_items = Blueprint("line_items", __name__, url_prefix="/api/lti/courses/<course_id>/line_items")


@line_items.get("")
def list_line_items(course_id: str) -> Response:
    lms = admit(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE)
    find_course(course_id)
    check_accept(LINE_ITEM_LIST, takes_anything=False)
    columns = [column for column in lms.world.columns(course_id) if _passes_filters(column)]
    page = cut_page(lms, columns, lms.manner.line_items_a_page)
    response = as_json([describe(lms, column) for column in page.items], content_type=LINE_ITEM_LIST)
    return with_links(response, page.links, lms.manner.link_header)


@line_items.post("")
def create_line_item(course_id: str) -> Response:
    lms = admit(LINE_ITEM_SCOPE)
    course = find_course(course_id)
    check_content_type(LINE_ITEM)
    sent = _read_sent()
    label, maximum = _read_label(sent), _read_maximum(sent)
    link_id = sent.get("resourceLinkId") or None
    if link_id is not None and link_id not in course.activities:
        raise turn_away("wrong_link", "Invalid LTI id supplied.")
    texts = {"resource_id": _read_text(sent, "resourceId"), "tag": _read_text(sent, "tag")}
    review = _read_review(lms, sent)
    column = lms.world.add_column(course_id, label=label, maximum=maximum, link_id=link_id, review=review, **texts)
    return as_json(describe(lms, column), 201, LINE_ITEM)


@line_items.get("/<int:number>")
def read_line_item(course_id: str, number: int) -> Response:
    lms = admit(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE)
    check_accept(LINE_ITEM)
    return as_json(describe(lms, find_column(course_id, number)), content_type=LINE_ITEM)


@line_items.put("/<int:number>")
def change_line_item(course_id: str, number: int) -> Response:
    lms = admit(LINE_ITEM_SCOPE)
    column = find_column(course_id, number)
    check_content_type(LINE_ITEM)
    sent = _read_sent()
    is_whole = lms.manner.needs_whole_line_item_on_update
    changed = replace(
        column,
        label=_read_label(sent) if is_whole or "label" in sent else column.label,
        maximum=_read_maximum(sent) if is_whole or "scoreMaximum" in sent else column.maximum,
        resource_id=_read_text(sent, "resourceId") if is_whole or "resourceId" in sent else column.resource_id,
        tag=_read_text(sent, "tag") if is_whole or "tag" in sent else column.tag,
        review=_read_review(lms, sent) if "submissionReview" in sent else column.review,
    )
    lms.world.change_column(changed, keeps_percentages=lms.manner.rescales_on_column_update)
    return as_json(describe(lms, changed), content_type=LINE_ITEM)


@line_items.delete("/<int:number>")
def delete_line_item(course_id: str, number: int) -> Response:
    lms = admit(LINE_ITEM_SCOPE)
    column = find_column(course_id, number)
    if column.is_coupled and not lms.manner.may_delete_coupled_column:
        return Response(b"", 401)
    lms.world.remove_column(column)
    return Response(b"", 204)


def describe(lms: Lms, column: Column) -> dict[str, object]:
    """The line item as JSON; what it is not bound to is left out."""
    described: dict[str, object] = {
        "id": lms.line_item_url(column),
        "label": column.label,
        "scoreMaximum": as_number(column.maximum),
        "resourceId": column.resource_id,
        "tag": column.tag,
        "resourceLinkId": column.link_id,
        "endDateTime": _find_due_date(lms, column),
        "submissionReview": _describe_review(column),
    }
    return {name: value for name, value in described.items() if value not in ("", None)}


def _find_due_date(lms: Lms, column: Column) -> str | None:
    course = lms.world.course(column.course_id)
    activity = course.activities.get(column.link_id or "") if course else None
    return as_iso(activity.due_at) if activity and lms.manner.tells_due_date_in_column else None


def _passes_filters(column: Column) -> bool:
    wanted = {attribute: request.args.get(name) for name, attribute in FILTERS.items()}
    return all(value is None or getattr(column, attribute) == value for attribute, value in wanted.items())


def _read_review(lms: Lms, sent: dict[str, object]) -> SubmissionReview | None:
    try:
        return read_review(sent) if lms.manner.keeps_submission_review else None
    except ItemRefused as problem:
        raise turn_away("malformed", str(problem)) from None


def _describe_review(column: Column) -> dict[str, object] | None:
    if column.review is None:
        return None
    described = {"url": column.review.url, "custom": dict(column.review.custom)}
    return {name: value for name, value in described.items() if value}


def _read_sent() -> dict[str, object]:
    sent = request.get_json(force=True, silent=True)
    if not isinstance(sent, dict):
        raise turn_away("malformed", "the body is not a JSON object")
    return sent


def _read_text(sent: dict[str, object], name: str) -> str:
    return str(sent.get(name) or "")


def _read_label(sent: dict[str, object]) -> str:
    if not _read_text(sent, "label").strip():
        raise turn_away("malformed", "label is missing")
    return _read_text(sent, "label")


def _read_maximum(sent: dict[str, object]) -> Decimal:
    value = sent.get("scoreMaximum")
    try:
        maximum = None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        maximum = None
    if maximum is None or not maximum.is_finite() or maximum < 0:
        raise turn_away("malformed", "scoreMaximum is missing or not a number of 0 or more")
    return maximum
