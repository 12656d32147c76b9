"""At the door of every service address: is there a good token, does it allow this, is the media type right."""

from flask import Response, request

from tool.demo_lms.lms import Lms, this_lms
from tool.demo_lms.manners.base import Complaint, Refusal
from tool.demo_lms.records import Column, Course
from tool.demo_lms.replies import as_response


class Turned(Exception):
    """The request ends here with this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def turn_away(complaint: Complaint, message: str) -> Turned:
    refusal = Refusal(complaint, message, request.method, request.path, request.get_data(cache=True))
    return Turned(as_response(this_lms().manner.refuse(refusal)))


def admit(*scopes: str) -> Lms:
    """One of `scopes` must be on the token. Raises Turned."""
    lms = this_lms()
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    if word.lower() != "bearer" or not token:
        raise turn_away("unauthorized", "Missing access token")
    granted = lms.tokens.scopes_of(token)
    if granted is None:
        raise turn_away("unauthorized", "Access token expired or unknown")
    if not granted.intersection(scopes):
        raise turn_away("insufficient_scope", "Insufficient scope")
    if request.args.get("type_id", "1") != "1" and lms.manner.line_item_query:
        raise turn_away("unauthorized", "")
    return lms


def check_accept(media_type: str, *, takes_anything: bool = True) -> None:
    """Moodle compares the whole header with one media type; most others do not look. Raises Turned."""
    accept = request.headers.get("Accept", "*/*")
    is_good = accept == media_type or (takes_anything and (not accept or "*/*" in accept))
    if this_lms().manner.compares_accept_exactly and not is_good:
        raise turn_away("not_acceptable", "No handler found for the media type asked for")


def check_content_type(media_type: str) -> None:
    if request.mimetype != media_type:
        raise turn_away("media_type", f"No handler found for {request.method} with this Content-Type")


def find_course(course_id: str) -> Course:
    course = this_lms().world.course(course_id)
    if course is None:
        raise turn_away("gone", "Course doesn't exist")
    return course


def find_column(course_id: str, number: int) -> Column:
    find_course(course_id)
    column = this_lms().world.column(course_id, number)
    if column is None:
        raise turn_away("gone", f"Grade item {number} doesn't exist")
    return column
