"""Addresses for tests, all JSON: what a course holds, a copy of it, a link by hand, and any launch one can think of."""

from collections.abc import Mapping
from dataclasses import fields
from secrets import token_hex
from typing import Any

from flask import Blueprint, Response

from tool.demo_lms import seed
from tool.demo_lms.content_desk import ContentOffer
from tool.demo_lms.content_requests import LINE_ITEM_WORDS, Wishes, make_offer
from tool.demo_lms.launches import DEEP_LINKING, RESOURCE_LINK, SUBMISSION_REVIEW, PendingLaunch
from tool.demo_lms.lms import Lms, this_lms
from tool.demo_lms.oidc import login_fields
from tool.demo_lms.orders import BadOrder, ordered_activity, ordered_course, ordered_person, read_order, read_points
from tool.demo_lms.records import Activity, Course, as_iso
from tool.demo_lms.replies import as_json

course_control = Blueprint("course_control", __name__, url_prefix="/control")


@course_control.get("/activities")
def show_activities() -> Response:
    return as_json(
        [_describe(course, one) for course in this_lms().world.courses() for one in course.activities.values()]
    )


@course_control.get("/contents")
def show_contents() -> Response:
    """What came of every answer to a request for content, oldest first."""
    return as_json(this_lms().contents.read_answers())


@course_control.post("/copy-course")
def copy_course() -> Response:
    """`people`: "same", or "new" learners with the same teacher. Answers the new course and each link's new name."""
    lms, order = this_lms(), read_order()
    course = ordered_course(lms, order)
    if order.get("people", "same") not in ("same", "new"):
        raise BadOrder("people are same or new")
    students = seed.next_terms_learners() if order.get("people") == "new" else None
    copied = lms.world.copy_course(course.course_id, lms.manner.copy_rules, students)
    links = {one.copied_from[1]: link_id for link_id, one in copied.activities.items() if one.copied_from}
    return as_json({"course": copied.course_id, "links": links})


@course_control.post("/add-link")
def add_link() -> Response:
    """A link by hand: `title`, `points` (null: no column), and if a test wants them `custom` and `url`."""
    lms, order = this_lms(), read_order()
    course, custom = ordered_course(lms, order), order.get("custom") or {}
    if not isinstance(custom, dict) or not order.get("title"):
        raise BadOrder("a link needs a title, and custom is an object")
    points = None if order.get("points") is None else read_points(order["points"])
    activity = Activity(f"link-{token_hex(6)}", str(order["title"]), custom, str(order.get("url") or ""))
    lms.world.add_activity(course.course_id, activity, points)
    bound = lms.world.bound_columns(course.course_id, activity.link_id)
    return as_json({"link": activity.link_id, "line_item_url": lms.line_item_url(bound[0]) if bound else None})


@course_control.post("/launch-form")
def begin_launch() -> Response:
    """The form a browser would send to the tool, for `person` in `course`.

    `link` is needed but for deep linking; `message_type` is any word; `claims` go over the usual ones (null takes one
    away); `target` is another target_link_uri; `deep_linking` holds Wishes; `for_user` names the learner of a review.
    """
    lms, order = this_lms(), read_order()
    course = ordered_course(lms, order)
    message_type = str(order.get("message_type") or lms.settings.message_type or RESOURCE_LINK)
    is_for_content = message_type == DEEP_LINKING
    activity = None if is_for_content else ordered_activity(course, order)
    is_review = message_type == SUBMISSION_REVIEW
    learners = course.gradable_people
    launch = PendingLaunch(
        course,
        activity,
        ordered_person(course, order),
        message_type=message_type,
        offer=_order_content(lms, course, order) if is_for_content else None,
        target=str(order.get("target") or ""),
        work=(ordered_person(course, order, "for_user") if "for_user" in order else learners[0]) if is_review else None,
        work_column=next(iter(lms.world.bound_columns(course.course_id, activity.link_id)), None) if activity else None,
        claims=order.get("claims") or {},
    )
    return as_json({"login_url": lms.login_url, "fields": login_fields(lms, launch)})


def _order_content(lms: Lms, course: Course, order: Mapping[str, Any]) -> ContentOffer:
    wanted = order.get("deep_linking") or {}
    known = {field.name for field in fields(Wishes)}
    if not isinstance(wanted, dict) or set(wanted) - known:
        raise BadOrder(f"deep_linking knows {', '.join(sorted(known))}")
    word = wanted.get("accepts_line_item")
    if word is not None and word not in LINE_ITEM_WORDS:
        raise BadOrder(f"accepts_line_item is one of {', '.join(LINE_ITEM_WORDS)}")
    wishes = Wishes(
        accept_types=tuple(wanted.get("accept_types") or ()) or None,
        accepts_several=wanted.get("accepts_several"),
        accepts_line_item=word,
        sends_data=wanted.get("sends_data"),
    )
    return make_offer(lms, course.course_id, wishes)


def _describe(course: Course, activity: Activity) -> dict[str, object]:
    return {
        "course_id": course.course_id,
        "link": activity.link_id,
        "title": activity.title,
        "custom": dict(activity.custom),
        "url": activity.url,
        "due_at": as_iso(activity.due_at),
        "deep_linked": activity.is_deep_linked,
        "copied_from": activity.copied_from and list(activity.copied_from),
    }
