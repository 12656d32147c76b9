"""The pages of the pretend SIS: the gradebooks, the office (what a teacher or a secretary changes there), the moods."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tool.demo_sis.gradebook import own_id
from tool.demo_sis.moods import MOOD_NAMES, TARGETS
from tool.demo_sis.orders import BadOrder, read_mood, read_points
from tool.demo_sis.records import Mark
from tool.demo_sis.replies import as_json
from tool.demo_sis.seed import SCHOOL_NAME
from tool.demo_sis.sis import Sis, this_sis
from tool.demo_sis.tables import lay_out

pages = Blueprint("pages", __name__)

MOOD_TEXTS = {
    "fine": ("Fine", "Answers at once."),
    "refuse401": ("Locked out", "Answers 401: the token is not good."),
    "forbid403": ("Forbidding", "Answers 403: the teacher does not teach this section."),
    "rate403": ("Slow down", "Answers 403 and means: too many calls."),
    "locked409": ("Locked", "Answers 409: the assignment is locked."),
    "invalid422": ("Picky", "Answers 422: a field is refused."),
    "busy429": ("Too busy", "Answers 429 and says when to come back."),
    "error500": ("Broken", "Answers 500."),
    "html200": ("Sign-in page", "Answers 200 with a web page."),
    "slow": ("Slow", "Does it at once, answers late."),
    "lose_answer": ("Losing answers", "Keeps what was sent, never answers."),
    "down": ("Down", "Closes every connection of a sender."),
    "hang": ("Hanging", "Says nothing for up to a minute."),
}
TARGET_TEXTS = {
    "all": "everything",
    "token": "tokens",
    "rostering": "class lists and calendar",
    "gradebook": "the gradebook",
    "writes": "what is sent",
    "line_items": "columns that are sent",
    "results": "scores that are sent",
}


@pages.app_context_processor
def offer_to_pages() -> dict[str, object]:
    return {"mood": this_sis().moods.present, "mood_texts": MOOD_TEXTS, "target_texts": TARGET_TEXTS}


@pages.get("/")
def show_home() -> ResponseReturnValue:
    sis = this_sis()
    books = [lay_out(sis, one) for one in sis.school.classes.values()]
    return render_template("home.html", books=books, revision=_revision(sis), school=SCHOOL_NAME, settings=sis.settings)


@pages.get("/revision.json")
def tell_revision() -> ResponseReturnValue:
    """What the page asks for to notice that something has changed."""
    return as_json({"revision": _revision(this_sis())})


@pages.get("/office")
def show_office() -> ResponseReturnValue:
    return _render_office(this_sis())


@pages.post("/office/period")
def turn_period() -> ResponseReturnValue:
    sis, period = this_sis(), request.form.get("period", "")
    if period not in sis.school.sessions:
        abort(404)
    sis.school.close_period(period, is_closed=period not in sis.school.closed_periods)
    return _back_to_office()


@pages.post("/office/category")
def rename_category() -> ResponseReturnValue:
    sis, category = this_sis(), request.form.get("category", "")
    if category not in sis.school.categories:
        abort(404)
    title = request.form.get("title", "").strip()
    if not title:
        return _render_office(sis, "A category needs a name. Nothing was changed."), 400
    sis.school.rename_category(category, title)
    return _back_to_office()


@pages.post("/office/score")
def type_score() -> ResponseReturnValue:
    sis, typed = this_sis(), request.form.get("score", "").strip()
    column_id, student_id = request.form.get("column", ""), request.form.get("student", "")
    if sis.book.column(column_id) is None or student_id not in sis.school.people:
        abort(404)
    try:
        score = read_points(typed.replace(",", "."))
    except BadOrder:
        return _render_office(sis, f"“{typed}” is not a number of 0 or more. Nothing was changed."), 400
    fresh = Mark(own_id("hand"), "", column_id, student_id, "fully graded", sis.local_day())
    before = sis.book.mark_in(column_id, student_id) or fresh
    sis.book.put_mark(replace(before, status="fully graded", score=score, is_typed_by_hand=True))
    return _back_to_office()


@pages.post("/office/column")
def delete_column() -> ResponseReturnValue:
    sis, column_id = this_sis(), request.form.get("column", "")
    if sis.book.column(column_id) is None:
        abort(404)
    sis.book.remove_column(column_id)
    return _back_to_office()


@pages.get("/moods")
def show_moods() -> ResponseReturnValue:
    journal = list(reversed(this_sis().journal.read()[-20:]))
    return render_template("moods.html", names=MOOD_NAMES, targets=TARGETS, journal=journal)


@pages.post("/moods")
def change_mood() -> ResponseReturnValue:
    order = {name: value for name, value in request.form.items() if value.strip()}
    try:
        this_sis().moods.change(read_mood(order))
    except BadOrder:
        abort(400)
    return redirect(url_for(".show_moods"), 303)


def _render_office(sis: Sis, problem: str = "") -> str:
    books = [lay_out(sis, one) for one in sis.school.classes.values()]
    categories = {one.school_class.sourced_id: sis.school.categories_of(one.school_class.sourced_id) for one in books}
    periods = {period.sourced_id: (period, is_closed) for book in books for period, is_closed in book.periods}
    return render_template(
        "office.html", books=books, categories=categories, periods=list(periods.values()), problem=problem
    )


def _back_to_office() -> ResponseReturnValue:
    return redirect(url_for(".show_office"), 303)


def _revision(sis: Sis) -> str:
    return f"{sis.book.revision}.{sis.school.revision}"
