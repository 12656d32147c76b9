"""The pages of the pretend LMS: courses, an activity with the tool in its frame, the gradebook, the moods."""

import json
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tool.demo_lms.control import read_mood
from tool.demo_lms.finding import find_activity, find_course, find_person
from tool.demo_lms.gradebook import describe_columns, lay_out, show_points
from tool.demo_lms.launches import PendingLaunch
from tool.demo_lms.lms import this_lms
from tool.demo_lms.moods import MOOD_NAMES
from tool.demo_lms.oidc import login_fields
from tool.demo_lms.orders import BadOrder, read_points
from tool.demo_lms.records import Course, as_iso
from tool.demo_lms.replies import as_json

pages = Blueprint("pages", __name__)

MOOD_TEXTS = {
    "fine": ("Fine", "Answers at once."),
    "slow": ("Slow", "Does it at once, answers late."),
    "error500": ("Broken", "Answers 500."),
    "busy429": ("Too busy", "Answers 429 and says when to come back."),
    "refuse": ("Refusing", "Says the student is not in the course."),
    "lose_answer": ("Losing answers", "Keeps the score, never answers."),
    "down": ("Down", "Closes every connection of the tool's server."),
    "hang": ("Hanging", "Says nothing for up to a minute."),
}


@pages.app_context_processor
def offer_to_pages() -> dict[str, object]:
    lms = this_lms()
    return {
        "mood": lms.moods.present,
        "mood_texts": MOOD_TEXTS,
        "show_points": show_points,
        "bound_columns": lms.world.bound_columns,
    }


@pages.get("/")
def show_home() -> ResponseReturnValue:
    lms = this_lms()
    courses = lms.world.courses()
    return render_template("home.html", courses=courses, tool_url=lms.tool_url, manner_name=lms.manner.name)


@pages.get("/courses/<course_id>/open")
def open_chosen(course_id: str) -> ResponseReturnValue:
    """The form of the first page: a person and an activity become the activity's own address."""
    course = find_course(course_id)
    query = {name: request.args[name] for name in ("as", "window") if request.args.get(name)}
    activity = find_activity(course, request.args.get("link", ""))
    return redirect(f"{url_for('.show_activity', course_id=course_id, link_id=activity.link_id)}?{urlencode(query)}")


@pages.get("/courses/<course_id>/activities/<link_id>")
def show_activity(course_id: str, link_id: str) -> ResponseReturnValue:
    course = find_course(course_id)
    activity, person = find_activity(course, link_id), find_person(course)
    query = {"as": person.sub, **({"login": "get"} if request.args.get("login") == "get" else {})}
    start_url = f"{url_for('.start_launch', course_id=course_id, link_id=link_id)}?{urlencode(query)}"
    if request.args.get("window"):
        return redirect(start_url)
    return render_template("activity.html", course=course, activity=activity, person=person, start_url=start_url)


@pages.get("/courses/<course_id>/activities/<link_id>/start")
def start_launch(course_id: str, link_id: str) -> ResponseReturnValue:
    """The content of the frame: a form which sends itself to the tool's login address."""
    lms, course = this_lms(), find_course(course_id)
    launch = PendingLaunch(course, find_activity(course, link_id), find_person(course))
    if lms.settings.message_type:
        launch = replace(launch, message_type=lms.settings.message_type)
    fields = login_fields(lms, launch)
    method = "get" if request.args.get("login") == "get" else "post"
    return render_template(
        "post_form.html", title="Opening the tool", action=lms.login_url, method=method, fields=fields
    )


@pages.get("/courses/<course_id>/gradebook")
def show_gradebook(course_id: str) -> ResponseReturnValue:
    course = find_course(course_id)
    return _render_gradebook(course, request.args.get("learner", ""), request.args.get("column", 0, type=int))


@pages.get("/courses/<course_id>/gradebook.json")
def poll_gradebook(course_id: str) -> ResponseReturnValue:
    lms, course = this_lms(), find_course(course_id)
    cells = {
        cell.key: {
            "score": cell.score,
            "received_at": as_iso(cell.received_at),
            "received": cell.received_local,
            "typed": cell.is_typed_by_hand,
            "work": cell.has_work,
        }
        for _, row in lay_out(lms, course)
        for cell in row
    }
    return as_json({"columns": describe_columns(lms.world.columns(course_id)), "cells": cells})


@pages.post("/courses/<course_id>/gradebook")
def type_score(course_id: str) -> ResponseReturnValue:
    lms, course = this_lms(), find_course(course_id)
    column = lms.world.column(course_id, request.form.get("column", 0, type=int))
    person = course.people.get(request.form.get("learner", ""))
    if column is None or person is None or not person.is_gradable:
        abort(404)
    typed = request.form.get("score", "").strip()
    try:
        score = read_points(typed.replace(",", ".")) if typed else None
    except BadOrder:
        problem = f"“{typed}” is not a number of 0 or more. Nothing was changed."
        return _render_gradebook(course, person.sub, column.number, problem), 400
    lms.world.type_score(column, person.sub, score, moves_timestamp=lms.manner.typed_score_moves_timestamp)
    return redirect(url_for(".show_gradebook", course_id=course_id), 303)


@pages.get("/moods")
def show_moods() -> ResponseReturnValue:
    return render_template("moods.html", names=MOOD_NAMES, journal=list(reversed(this_lms().journal.read()[-20:])))


@pages.post("/moods")
def change_mood() -> ResponseReturnValue:
    order = {name: value for name, value in request.form.items() if value.strip()}
    try:
        this_lms().moods.change(read_mood(order))
    except BadOrder:
        abort(400)
    return redirect(url_for(".show_moods"), 303)


def _render_gradebook(course: Course, sub: str, column_number: int, problem: str = "") -> str:
    """`sub` and `column_number`: the cell that a score is being typed for."""
    lms = this_lms()
    columns = lms.world.columns(course.course_id)
    return render_template(
        "gradebook.html",
        course=course,
        columns=columns,
        columns_text=json.dumps(describe_columns(columns), ensure_ascii=False, separators=(",", ":")),
        rows=lay_out(lms, course),
        chosen={"sub": sub, "column": column_number},
        problem=problem,
    )
