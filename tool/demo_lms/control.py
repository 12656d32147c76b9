"""Addresses for tests, all JSON: look at gradebook and journal, turn mood and settings, type a grade."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, cast, get_args

from flask import Blueprint, Response

from tool.demo_lms.gradebook import describe_cell, describe_every_column
from tool.demo_lms.lms import EVERY_SCOPE, Grading, LineItemWord, Lms, Settings, StorageWord, this_lms
from tool.demo_lms.moods import MOOD_NAMES, TARGETS, Mood, Target
from tool.demo_lms.orders import BadOrder, ordered_activity, ordered_course, read_order, read_points
from tool.demo_lms.records import Column, Course, as_iso
from tool.demo_lms.registration import platform_entry
from tool.demo_lms.replies import as_json
from tool.demo_lms.score_message import MalformedScore, read_moment
from tool.demo_lms.tool_registration import start_address

control = Blueprint("control", __name__, url_prefix="/control")

WORDS: dict[str, tuple[str | None, ...]] = {
    "grading": get_args(Grading),
    "accepts_line_item": (None, *get_args(LineItemWord)),
    "storage": get_args(StorageWord),
}
"""Settings that are one of a few words."""


@control.get("/platform.json")
def show_platform() -> Response:
    lms = this_lms()
    return as_json(platform_entry(lms.base_url, lms.manner.family))


@control.post("/ids")
def change_ids() -> Response:
    """The tool was set up by hand under {client_id, deployment_id}: each LMS has a form of its own for them."""
    order, lms = read_order(), this_lms()
    lms.registered = replace(lms.tool, client_id=str(order["client_id"]), deployment_id=str(order["deployment_id"]))
    return as_json(order)


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
    lms.moods.change(read_mood(read_order()))
    return _describe_mood(lms)


@control.post("/reset")
def reset() -> Response:
    """Back to the start, tokens and keys excepted: a tool that is running goes on working."""
    lms = this_lms()
    lms.world.reset()
    lms.launches.forget_all()
    lms.contents.forget_all()
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
    lms, order = this_lms(), read_order()
    course = ordered_course(lms, order)
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
    lms, order = this_lms(), read_order()
    course = ordered_course(lms, order)
    activity = ordered_activity(course, order)
    bound = lms.world.bound_columns(course.course_id, activity.link_id)
    if order.get("delete") is True:
        for column in bound:
            lms.world.remove_column(column)
        return as_json({"line_item_url": None})
    points = read_points(order.get("points"))
    return as_json({"line_item_url": lms.line_item_url(_give_points(lms, course, activity.link_id, points))})


@control.post("/due-date")
def change_due_date() -> Response:
    """A teacher gives an activity a due date, or one `person` alone another; `due_at` null takes it away."""
    lms, order = this_lms(), read_order()
    course = ordered_course(lms, order)
    link_id, person = str(order.get("link")), order.get("person")
    if link_id not in course.activities or (person is not None and person not in course.people):
        raise BadOrder("no such link or person in that course")
    try:
        due_at = None if order.get("due_at") is None else read_moment(order["due_at"], "due_at")
    except MalformedScore as problem:
        raise BadOrder(str(problem)) from None
    lms.world.set_due_date(course.course_id, link_id, due_at, person)
    return as_json({"due_dates": [as_iso(one) for one in course.due_dates(course.activities[link_id])]})


@control.post("/start-registration")
def start_registration() -> Response:
    """What the admin's browser opens once a tool's registration address was typed in."""
    return as_json({"url": start_address(this_lms(), str(read_order().get("url")))})


@control.post("/settings")
def change_settings() -> Response:
    lms, order = this_lms(), read_order()
    known = {field.name for field in fields(Settings)}
    if unknown := set(order) - known:
        raise BadOrder(f"unknown setting {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    order = {name: tuple(value) if isinstance(value, list) else value for name, value in order.items()}
    if "granted_scopes" in order:
        order["granted_scopes"] = order["granted_scopes"] or EVERY_SCOPE
    for name, words in WORDS.items():
        if name in order and order[name] not in words:
            raise BadOrder(f"{name} is one of {', '.join(map(str, words))}")
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


def _give_points(lms: Lms, course: Course, link_id: str, points: Decimal) -> Column:
    bound = lms.world.bound_columns(course.course_id, link_id)
    if not bound:
        title = course.activities[link_id].title
        return lms.world.add_column(course.course_id, label=title, maximum=points, link_id=link_id, is_coupled=True)
    column = replace(bound[0], maximum=points)
    lms.world.change_column(column, keeps_percentages=False)
    return column


def _describe_mood(lms: Lms) -> Response:
    mood = lms.moods.present
    names = ("for_requests", "retry_after", "delay_seconds", "target")
    return as_json({"mood": mood.name, **{name: getattr(mood, name) for name in names}})
