"""A course as its teacher sets it up: content from the tool, a link by hand, a copy for next term, a learner's work."""

from secrets import token_hex
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tool.demo_lms import seed
from tool.demo_lms.content_requests import LINE_ITEM_WORDS, Wishes, make_offer
from tool.demo_lms.finding import find_column, find_course, find_person
from tool.demo_lms.launches import DEEP_LINKING, PendingLaunch
from tool.demo_lms.lms import this_lms
from tool.demo_lms.oidc import login_fields
from tool.demo_lms.orders import BadOrder, read_points
from tool.demo_lms.records import Activity, Course, Person
from tool.demo_lms.reviews import review_launch

course_pages = Blueprint("course_pages", __name__, url_prefix="/courses/<course_id>")


@course_pages.get("")
def show_course(course_id: str) -> ResponseReturnValue:
    return _render_course(find_course(course_id))


@course_pages.get("/add")
def add_content(course_id: str) -> ResponseReturnValue:
    """The tool in a frame, asked for content; `window` leads past the frame."""
    course = find_course(course_id)
    wishes = {name: request.args[name] for name in ("line_item", "several", "types", "data") if request.args.get(name)}
    person = _find_viewer(course)
    query = urlencode({"as": person.sub, **wishes})
    start_url = f"{url_for('.start_content', course_id=course_id)}?{query}"
    if request.args.get("window"):
        return redirect(start_url)
    return render_template(
        "framed.html", course=course, person=person, title="Add from the tool", start_url=start_url, leads_to="course"
    )


@course_pages.get("/add/start")
def start_content(course_id: str) -> ResponseReturnValue:
    lms, course = this_lms(), find_course(course_id)
    offer = make_offer(lms, course_id, _read_wishes())
    return _start(PendingLaunch(course, None, _find_viewer(course), message_type=DEEP_LINKING, offer=offer))


@course_pages.post("/links")
def add_link(course_id: str) -> ResponseReturnValue:
    """A link made by hand: nobody told it which assignment it opens. Without points it has no column."""
    course, typed = find_course(course_id), request.form.get("points", "").strip()
    title = request.form.get("title", "").strip()
    try:
        points = read_points(typed.replace(",", ".")) if typed else None
    except BadOrder:
        return _render_course(course, f"“{typed}” is not a number of 0 or more. Nothing was added."), 400
    if not title:
        return _render_course(course, "A link needs a title. Nothing was added."), 400
    this_lms().world.add_activity(course_id, Activity(f"link-{token_hex(6)}", title), points)
    return redirect(url_for(".show_course", course_id=course_id), 303)


@course_pages.post("/copy")
def copy_course(course_id: str) -> ResponseReturnValue:
    lms, course = this_lms(), find_course(course_id)
    students = seed.next_terms_learners() if request.form.get("people") == "new" else None
    copied = lms.world.copy_course(course.course_id, lms.manner.copy_rules, students)
    return redirect(url_for(".show_course", course_id=copied.course_id), 303)


@course_pages.get("/review")
def review_work(course_id: str) -> ResponseReturnValue:
    """A learner's work in a frame, as the gradebook opens it for the teacher."""
    course = find_course(course_id)
    column, learner, viewer = find_column(course), find_person(course, "learner"), _find_viewer(course)
    query = urlencode({"as": viewer.sub, "learner": learner.sub, "column": column.number})
    start_url = f"{url_for('.start_review', course_id=course_id)}?{query}"
    title = f"{learner.name}: {column.label}"
    return render_template(
        "framed.html", course=course, person=viewer, title=title, start_url=start_url, leads_to="gradebook"
    )


@course_pages.get("/review/start")
def start_review(course_id: str) -> ResponseReturnValue:
    course = find_course(course_id)
    found = review_launch(this_lms(), course, find_column(course), find_person(course, "learner"), _find_viewer(course))
    return _start(found or abort(404))


def _start(launch: PendingLaunch) -> str:
    """The content of the frame: a form which sends itself to the tool's login address."""
    lms = this_lms()
    return render_template(
        "post_form.html",
        title="Opening the tool",
        action=lms.login_url,
        method="post",
        fields=login_fields(lms, launch),
    )


def _render_course(course: Course, problem: str = "") -> str:
    manner = this_lms().manner
    return render_template("course.html", course=course, manner=manner, problem=problem, typed=request.form)


def _find_viewer(course: Course) -> Person:
    """The teacher, unless the address names somebody else of the course."""
    return find_person(course) if request.args.get("as") else course.teacher


def _read_wishes() -> Wishes:
    word = request.args.get("line_item", "")
    answers = {"yes": True, "no": False}
    return Wishes(
        accept_types=tuple(request.args.get("types", "").replace(",", " ").split()) or None,
        accepts_several=answers.get(request.args.get("several", "")),
        accepts_line_item=next((one for one in LINE_ITEM_WORDS if one == word), None),
        sends_data=answers.get(request.args.get("data", "")),
    )
