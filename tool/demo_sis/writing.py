"""The gradebook addresses that are written to. A refused request changes nothing; a PUT may be repeated."""

from flask import Blueprint, Response

from tool.demo_sis.body_shapes import shape_of_line_item, shape_of_result
from tool.demo_sis.book_words import describe_column, describe_mark
from tool.demo_sis.gradebook import own_id
from tool.demo_sis.lists import Described
from tool.demo_sis.office_rules import check_column, check_mark, check_open
from tool.demo_sis.reception import admit, no_route
from tool.demo_sis.records import Column, Mark
from tool.demo_sis.refusals import Turned
from tool.demo_sis.replies import as_json
from tool.demo_sis.rostering import find_class
from tool.demo_sis.settings import DELETE, POST, PUT
from tool.demo_sis.sis import Sis
from tool.demo_sis.written import check_shape, make_column, make_mark, open_envelope, read_body

writing = Blueprint("writing", __name__)


@writing.put("/lineItems/<sourced_id>")
def put_line_item(sourced_id: str) -> Response:
    sis = admit(PUT, is_gradebook=True)
    sent = open_envelope(read_body(), "lineItem")
    with sis.book.lock:
        is_known = _find_column(sis, sourced_id) is not None
        column = _store_column(sis, sent, sourced_id)
        described = describe_column(sis, column)
    return _answer_put(sis, "lineItem", described, sourced_id, is_known=is_known)


@writing.put("/results/<sourced_id>")
def put_result(sourced_id: str) -> Response:
    sis = admit(PUT, is_gradebook=True)
    sent = open_envelope(read_body(), "result")
    with sis.book.lock:
        before = len(sis.book.marks())
        mark = _store_mark(sis, sent, sourced_id)
        is_known, described = before == len(sis.book.marks()), describe_mark(sis, mark)
    return _answer_put(sis, "result", described, sourced_id, is_known=is_known)


@writing.delete("/lineItems/<sourced_id>")
def delete_line_item(sourced_id: str) -> Response:
    sis = admit(DELETE, is_gradebook=True)
    with sis.book.lock:
        column = sis.book.column(sourced_id)
        if column is None:
            raise Turned(404, f"Line item {sourced_id} not found")
        check_open(sis, column)
        sis.book.remove_column(sourced_id)
    return _without_body(204)


@writing.delete("/results/<sourced_id>")
def delete_result(sourced_id: str) -> Response:
    sis = admit(DELETE, is_gradebook=True)
    with sis.book.lock:
        mark = sis.book.mark(sourced_id)
        column = sis.book.column(mark.column_id) if mark else None
        if mark is None or column is None:
            raise Turned(404, f"Result {sourced_id} not found")
        check_open(sis, column)
        sis.book.remove_mark(mark)
    return _without_body(204)


@writing.post("/classes/<class_id>/lineItems")
def post_line_items(class_id: str) -> Response:
    """1.2 only: several at once, all with ids of the SIS's own. All are stored or none."""
    sis = admit(POST, is_gradebook=True)
    if sis.is_old:
        raise no_route()
    find_class(sis, class_id)
    sent = open_envelope(read_body(), "lineItems")
    with sis.book.lock:
        columns = [_read_column(sis, one, str(one.get("sourcedId")), own_id("li")) for one in _read_list(sent)]
        if any(column.class_id != class_id for column in columns):
            raise Turned(422, f"validation exception: a line item names another class than {class_id}")
        for column in columns:
            sis.book.put_column(column)
    return _answer_pairs([(column.supplied_id, column.sourced_id) for column in columns])


@writing.post("/lineItems/<column_id>/results")
def post_results(column_id: str) -> Response:
    """1.2 only: several at once, all with ids of the SIS's own. All are stored or none."""
    sis = admit(POST, is_gradebook=True)
    if sis.is_old:
        raise no_route()
    sent = open_envelope(read_body(), "results")
    with sis.book.lock:
        marks = [_read_mark(sis, one, str(one.get("sourcedId")), own_id("res")) for one in _read_list(sent)]
        if any(mark.column_id != column_id for mark in marks):
            raise Turned(422, f"validation exception: a result names another line item than {column_id}")
        for mark in marks:
            sis.book.put_mark(mark)
    return _answer_pairs([(mark.supplied_id, mark.sourced_id) for mark in marks])


def _find_column(sis: Sis, sent_id: str) -> Column | None:
    by_supplied = sis.settings.ids == "theirs" and sis.settings.remembers_ids
    return sis.book.column_of(sent_id, by_supplied=by_supplied)


def _store_column(sis: Sis, sent: object, sourced_id: str) -> Column:
    before = _find_column(sis, sourced_id)
    new_id = own_id("li") if sis.settings.ids == "theirs" else sourced_id
    column = _read_column(sis, sent, sourced_id, before.sourced_id if before else new_id)
    sis.book.put_column(column)
    return sis.book.column(column.sourced_id) or column


def _store_mark(sis: Sis, sent: object, sourced_id: str) -> Mark:
    mark = _read_mark(sis, sent, sourced_id, own_id("res") if sis.settings.ids == "theirs" else sourced_id)
    sis.book.put_mark(mark)
    return sis.book.mark_in(mark.column_id, mark.student_id) or mark


def _read_column(sis: Sis, sent: object, sent_id: str, own: str) -> Column:
    checked = check_shape(sis, sent, shape_of_line_item(sis), sent_id)
    before = sis.book.column(own)
    column = make_column(sis, checked, own, before.supplied_id if before else sent_id)
    check_column(sis, column, before)
    return column


def _read_mark(sis: Sis, sent: object, sent_id: str, own: str) -> Mark:
    checked = check_shape(sis, sent, shape_of_result(sis), sent_id)
    column = sis.book.column(str(checked["lineItem"]["sourcedId"]))
    if column is None:
        raise Turned(404, f"Invalid assignment id: line item {checked['lineItem']['sourcedId']} not found")
    before = sis.book.mark_in(column.sourced_id, str(checked["student"]["sourcedId"]))
    if before is not None and own != sent_id:
        own = before.sourced_id
    mark = make_mark(sis, checked, column, own, sent_id)
    check_mark(sis, mark, column)
    return mark


def _read_list(sent: object) -> list[dict[str, object]]:
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise Turned(422, "validation exception: a list of objects is expected")
    return sent


def _answer_put(sis: Sis, name: str, described: Described, sent_id: str, *, is_known: bool) -> Response:
    """201, as the official file has it; 1.1 and whoever passes Google's suite answer 200 for what was there."""
    status = 200 if is_known and (sis.is_old or not sis.settings.is_strict) else 201
    if sis.settings.ids == "ours" or sis.settings.tells_ids == "nothing":
        return _without_body(status)
    if sis.settings.tells_ids == "object":
        return as_json({name: described}, status)
    return _answer_pairs([(sent_id, str(described["sourcedId"]))], status)


def _answer_pairs(pairs: list[tuple[str, str]], status: int = 201) -> Response:
    told = [{"suppliedSourcedId": supplied, "allocatedSourcedId": allocated} for supplied, allocated in pairs]
    return as_json({"sourcedIdPairs": told}, status)


def _without_body(status: int) -> Response:
    response = Response(b"", status)
    del response.headers["Content-Type"]
    return response
