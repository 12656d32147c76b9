"""Addresses for tests, all JSON: look at gradebooks and journal, turn mood and settings, start again."""

from flask import Blueprint, Response

from tool.demo_sis.connecting import describe_connection
from tool.demo_sis.moods import Mood
from tool.demo_sis.orders import BadOrder, ordered_day, read_mood, read_order
from tool.demo_sis.replies import as_json
from tool.demo_sis.settings import EVERY_SCOPE, SisSettings, change_settings
from tool.demo_sis.sis import Sis, this_sis
from tool.demo_sis.tables import describe_gradebook

control = Blueprint("control", __name__, url_prefix="/control")


@control.get("/connection.json")
def show_connection() -> Response:
    return as_json(describe_connection(this_sis()))


@control.get("/gradebook")
def show_gradebook() -> Response:
    return as_json(describe_gradebook(this_sis()))


@control.get("/journal")
def show_journal() -> Response:
    return as_json(this_sis().journal.read())


@control.get("/mood")
def show_mood() -> Response:
    return _describe_mood(this_sis())


@control.post("/mood")
def change_mood() -> Response:
    sis = this_sis()
    sis.moods.change(read_mood(read_order()))
    return _describe_mood(sis)


@control.get("/settings")
def show_settings() -> Response:
    return _describe_settings(this_sis().settings)


@control.post("/settings")
def turn_settings() -> Response:
    sis, order = this_sis(), read_order()
    if "granted_scopes" in order:
        order["granted_scopes"] = order["granted_scopes"] or EVERY_SCOPE
    try:
        sis.settings = change_settings(sis.settings, order)
    except (TypeError, ValueError) as problem:
        raise BadOrder(str(problem)) from None
    return _describe_settings(sis.settings)


@control.post("/reset")
def reset() -> Response:
    """Back to the start, tokens excepted. `today`, if given, is the day around which the periods lie."""
    sis, order = this_sis(), read_order()
    today = ordered_day(order, "today", sis.local_day())
    sis.settings = sis.first_settings
    start_again(sis)
    sis.school.reset(today)
    return as_json({"reset": True, "today": today.isoformat()})


@control.post("/forget-tokens")
def forget_tokens() -> Response:
    """Every access token stops working at once."""
    this_sis().tokens.forget_all()
    return as_json({"forgotten": True})


def start_again(sis: Sis) -> None:
    sis.book.reset()
    sis.journal.clear()
    sis.moods.change(Mood())


def _describe_settings(settings: SisSettings) -> Response:
    return as_json({name: getattr(settings, name) for name in SisSettings.__slots__})


def _describe_mood(sis: Sis) -> Response:
    mood = sis.moods.present
    names = ("for_requests", "after_requests", "retry_after", "delay_seconds", "target", "text")
    return as_json({"mood": mood.name, **{name: getattr(mood, name) for name in names}})
