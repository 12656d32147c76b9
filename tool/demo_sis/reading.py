"""The gradebook addresses that are read: categories, line items, results, score scales."""

from flask import Blueprint, Response

from tool.demo_sis.book_words import describe_category, describe_column, describe_mark
from tool.demo_sis.lists import answer_list
from tool.demo_sis.reception import admit, no_route
from tool.demo_sis.records import Mark
from tool.demo_sis.refusals import Turned
from tool.demo_sis.replies import as_json
from tool.demo_sis.rostering import find_class
from tool.demo_sis.settings import READ, READ_CORE
from tool.demo_sis.sis import Sis

reading = Blueprint("reading", __name__)


@reading.get("/categories")
def list_categories() -> Response:
    sis = admit(READ, READ_CORE, is_gradebook=True)
    return answer_list(sis, "categories", [describe_category(sis, one) for one in sis.school.categories.values()])


@reading.get("/categories/<sourced_id>")
def read_category(sourced_id: str) -> Response:
    sis = admit(READ, READ_CORE, is_gradebook=True)
    found = sis.school.categories.get(sourced_id)
    if found is None:
        raise Turned(404, f"Category {sourced_id} not found")
    return as_json({"category": describe_category(sis, found)})


@reading.get("/classes/<class_id>/categories")
def list_categories_of_class(class_id: str) -> Response:
    """1.2 only."""
    sis = admit(READ, is_gradebook=True)
    if sis.is_old:
        raise no_route()
    find_class(sis, class_id)
    found = sis.school.categories_of(class_id)
    return answer_list(sis, "categories", [describe_category(sis, one) for one in found])


@reading.get("/lineItems")
def list_line_items() -> Response:
    sis = admit(READ, READ_CORE, is_gradebook=True)
    return answer_list(sis, "lineItems", [describe_column(sis, one) for one in sis.book.columns()])


@reading.get("/lineItems/<sourced_id>")
def read_line_item(sourced_id: str) -> Response:
    sis = admit(READ, READ_CORE, is_gradebook=True)
    found = sis.book.column(sourced_id)
    if found is None:
        raise Turned(404, f"Line item {sourced_id} not found")
    return as_json({"lineItem": describe_column(sis, found)})


@reading.get("/classes/<class_id>/lineItems")
def list_line_items_of_class(class_id: str) -> Response:
    sis = admit(READ, is_gradebook=True)
    find_class(sis, class_id)
    return answer_list(sis, "lineItems", [describe_column(sis, one) for one in sis.book.columns(class_id)])


@reading.get("/results")
def list_results() -> Response:
    sis = admit(READ, READ_CORE, is_gradebook=True)
    return _answer_marks(sis, sis.book.marks())


@reading.get("/results/<sourced_id>")
def read_result(sourced_id: str) -> Response:
    sis = admit(READ, READ_CORE, is_gradebook=True)
    found = sis.book.mark(sourced_id)
    if found is None:
        raise Turned(404, f"Result {sourced_id} not found")
    return as_json({"result": describe_mark(sis, found)})


@reading.get("/classes/<class_id>/results")
def list_results_of_class(class_id: str) -> Response:
    sis = admit(READ, is_gradebook=True)
    find_class(sis, class_id)
    return _answer_marks(sis, sis.book.marks(class_id))


@reading.get("/classes/<class_id>/lineItems/<column_id>/results")
def list_results_of_line_item(class_id: str, column_id: str) -> Response:
    sis = admit(READ, is_gradebook=True)
    find_class(sis, class_id)
    column = sis.book.column(column_id)
    if column is None or column.class_id != class_id:
        raise Turned(404, f"Line item {column_id} not found in class {class_id}")
    return _answer_marks(sis, [one for one in sis.book.marks(class_id) if one.column_id == column_id])


@reading.get("/classes/<class_id>/students/<student_id>/results")
def list_results_of_student(class_id: str, student_id: str) -> Response:
    sis = admit(READ, is_gradebook=True)
    find_class(sis, class_id)
    if student_id not in sis.school.people:
        raise Turned(404, f"Student {student_id} not found")
    return _answer_marks(sis, [one for one in sis.book.marks(class_id) if one.student_id == student_id])


@reading.get("/classes/<class_id>/scoreScales")
def list_score_scales_of_class(class_id: str) -> Response:
    """1.2 only. None: every class of this school gives points."""
    sis = admit(READ, is_gradebook=True)
    if sis.is_old:
        raise no_route()
    find_class(sis, class_id)
    return answer_list(sis, "scoreScales", [])


def _answer_marks(sis: Sis, marks: list[Mark]) -> Response:
    return answer_list(sis, "results", [describe_mark(sis, one) for one in marks])
