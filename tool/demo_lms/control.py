"""Addresses for tests, all JSON: look at the gradebook and the journal, turn the mood, type a grade, begin a launch."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from flask import Blueprint, Response, request

from tool.demo_lms.gradebook import describe_cell, describe_every_column
from tool.demo_lms.launches import RESOURCE_LINK, PendingLaunch
from tool.demo_lms.lms import EVERY_SCOPE, Lms, Settings, this_lms
from tool.demo_lms.moods import MOOD_NAMES, TARGETS, Mood, Target
from tool.demo_lms.oidc import login_fields
from tool.demo_lms.records import Column, Course
from tool.demo_lms.registration import platform_entry
from tool.demo_lms.replies import as_json

control = Blueprint("control", __name__, url_prefix="/control")


class BadOrder(Exception):
    """What a test asked for makes no sense; the text says why."""


@control.errorhandler(BadOrder)
def answer_bad_order(problem: BadOrder) -> Response:
    return as_json({"error": str(problem)}, 400)


@control.get("/platform.json")
def show_platform() -> Response:
    lms = this_lms()
    return as_json(platform_entry(lms.base_url, lms.manner.family))


@control.get("/gradebook")
def show_gradebook() -> Response:
    return as_json(describe_every_column(this_lms()))


@control.get("/journal")
def show_journal() -> Response:
    return as_json(this_lms().journal.read())


@control.get("/mood")
def show_mood() -> Response:
    return _describe_mood(this_lms())


@control.post("/mood")
def change_mood() -> Response:
    lms = this_lms()
    lms.moods.change(read_mood(_read_order()))
    return _describe_mood(lms)


@control.post("/reset")
def reset() -> Response:
    """Back to the start, tokens and keys excepted: a tool that is running goes on working."""
    lms = this_lms()
    lms.world.reset()
    lms.launches.forget_all()
    lms.journal.clear()
    lms.moods.change(Mood())
    lms.settings = Settings()
    return as_json({"reset": True})


@control.post("/forget-tokens")
def forget_tokens() -> Response:
    """Every access token stops working at once."""
    this_lms().tokens.forget_all()
    return as_json({"forgotten": True})


@control.post("/type-grade")
def type_grade() -> Response:
    lms, order = this_lms(), _read_order()
    course = _find_course(lms, order)
    column = lms.column_at(course.course_id, str(order.get("line_item_url")))
    if column is None or order.get("user") not in course.people:
        raise BadOrder("no such column or person in that course")
    score = None if order.get("score") is None else read_points(order["score"])
    moves_timestamp = lms.manner.typed_score_moves_timestamp
    cell = lms.world.type_score(column, str(order["user"]), score, moves_timestamp=moves_timestamp)
    return as_json(describe_cell(cell))


@control.post("/column")
def change_column() -> Response:
    """A teacher gives an activity other points (its column is made when there is none), or takes its columns away."""
    lms, order = this_lms(), _read_order()
    course = _find_course(lms, order)
    activity = course.activities.get(str(order.get("link")))
    if activity is None:
        raise BadOrder("no such link in that course")
    bound = lms.world.bound_columns(course.course_id, activity.link_id)
    if order.get("delete") is True:
        for column in bound:
            lms.world.remove_column(column)
        return as_json({"line_item_url": None})
    points = read_points(order.get("points"))
    return as_json({"line_item_url": lms.line_item_url(_give_points(lms, course, activity.link_id, points))})


@control.post("/launch-form")
def begin_launch() -> Response:
    lms, order = this_lms(), _read_order()
    course = _find_course(lms, order)
    activity, person = (
        course.activities.get(str(order.get("link"))),
        course.people.get(str(order.get("person"))),
    )
    if activity is None or person is None:
        raise BadOrder("no such link or person in that course")
    claims = order.get("claims") or {}
    message_type = str(order.get("message_type") or RESOURCE_LINK)
    launch = PendingLaunch(course, activity, person, message_type=message_type, claims=claims)
    return as_json({"login_url": lms.login_url, "fields": login_fields(lms, launch)})


@control.post("/settings")
def change_settings() -> Response:
    lms, order = this_lms(), _read_order()
    known = {field.name for field in fields(Settings)}
    if unknown := set(order) - known:
        raise BadOrder(f"unknown setting {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    if "granted_scopes" in order:
        order = {**order, "granted_scopes": tuple(order["granted_scopes"] or EVERY_SCOPE)}
    lms.settings = replace(lms.settings, **order)
    return as_json({name: getattr(lms.settings, name) for name in known})


def read_mood(order: Mapping[str, Any]) -> Mood:
    """Raises BadOrder. What is not named has its default; *down* alone concerns all services by default."""
    name = order.get("mood")
    target = order.get("target") or ("services" if name == "down" else "scores")
    if name not in MOOD_NAMES or target not in TARGETS:
        raise BadOrder(f"mood is one of {', '.join(MOOD_NAMES)}; target one of {', '.join(TARGETS)}")
    try:
        count = order.get("for_requests")
        retry_after = order.get("retry_after", 2)
        return Mood(
            name=name,
            for_requests=None if count is None else max(int(count), 1),
            retry_after=None if retry_after is None else int(retry_after),
            delay_seconds=float(order.get("delay_seconds", 2)),
            target=cast(Target, target),
        )
    except (TypeError, ValueError):
        raise BadOrder("for_requests, retry_after and delay_seconds are numbers") from None


def read_points(value: object) -> Decimal:
    """Raises BadOrder unless it is a number of 0 or more."""
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        raise BadOrder("that is not a number") from None
    if not points.is_finite() or points < 0:
        raise BadOrder("points are a number of 0 or more")
    return points


def _give_points(lms: Lms, course: Course, link_id: str, points: Decimal) -> Column:
    bound = lms.world.bound_columns(course.course_id, link_id)
    if not bound:
        title = course.activities[link_id].title
        return lms.world.add_column(course.course_id, label=title, maximum=points, link_id=link_id, is_coupled=True)
    column = replace(bound[0], maximum=points)
    lms.world.change_column(column, keeps_percentages=False)
    return column


def _read_order() -> dict[str, Any]:
    order = request.get_json(force=True, silent=True)
    if not isinstance(order, dict):
        raise BadOrder("send a JSON object")
    return order


def _find_course(lms: Lms, order: Mapping[str, Any]) -> Course:
    course = lms.world.course(str(order.get("course")))
    if course is None:
        raise BadOrder("no such course")
    return course


def _describe_mood(lms: Lms) -> Response:
    mood = lms.moods.present
    names = ("for_requests", "retry_after", "delay_seconds", "target")
    return as_json({"mood": mood.name, **{name: getattr(mood, name) for name in names}})
