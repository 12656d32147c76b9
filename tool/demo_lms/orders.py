"""What a test orders at a control address: read, or refused with a sentence."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response, request

from tool.demo_lms.lms import Lms
from tool.demo_lms.records import Activity, Course, Person
from tool.demo_lms.replies import as_json


class BadOrder(Exception):
    """What a test asked for makes no sense; the text says why."""


def answer_bad_order(problem: BadOrder) -> Response:
    return as_json({"error": str(problem)}, 400)


def read_order() -> dict[str, Any]:
    order = request.get_json(force=True, silent=True)
    if not isinstance(order, dict):
        raise BadOrder("send a JSON object")
    return order


def ordered_course(lms: Lms, order: Mapping[str, Any]) -> Course:
    course = lms.world.course(str(order.get("course")))
    if course is None:
        raise BadOrder("no such course")
    return course


def ordered_activity(course: Course, order: Mapping[str, Any]) -> Activity:
    activity = course.activities.get(str(order.get("link")))
    if activity is None:
        raise BadOrder("no such link or person in that course")
    return activity


def ordered_person(course: Course, order: Mapping[str, Any], name: str = "person") -> Person:
    person = course.people.get(str(order.get(name)))
    if person is None:
        raise BadOrder("no such link or person in that course")
    return person


def read_points(value: object) -> Decimal:
    """Raises BadOrder unless it is a number of 0 or more."""
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        raise BadOrder("that is not a number") from None
    if not points.is_finite() or points < 0:
        raise BadOrder("points are a number of 0 or more")
    return points
