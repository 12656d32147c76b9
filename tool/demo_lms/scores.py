"""Scores come in [AGS §3.4]; what becomes of one is the manner's decision."""

from urllib.parse import quote

from flask import Blueprint, Response, request

from tool.demo_lms.lms import SCORE_SCOPE
from tool.demo_lms.manners.base import Arrival
from tool.demo_lms.reception import admit, check_content_type, find_column, turn_away
from tool.demo_lms.records import utc_now
from tool.demo_lms.replies import as_response
from tool.demo_lms.score_message import MalformedScore, read_score

SCORE = "application/vnd.ims.lis.v1.score+json"

scores = Blueprint("scores", __name__)


@scores.post("/api/lti/courses/<course_id>/line_items/<int:number>/scores")
def take_score(course_id: str, number: int) -> Response:
    lms = admit(SCORE_SCOPE)
    column = find_column(course_id, number)
    check_content_type(SCORE)
    try:
        message = read_score(request.get_data(cache=True))
    except MalformedScore as problem:
        raise turn_away("malformed", str(problem)) from None
    course = lms.world.course(course_id)
    person = course.people.get(message.user_id) if course else None
    if person is None or not person.is_gradable:
        raise turn_away("not_gradable", "User not found in course or is not a student")
    results_url = lms.results_url(column)
    joint = "&" if "?" in results_url else "?"
    arrival = Arrival(utc_now(), f"{results_url}{joint}user_id={quote(person.sub)}")
    verdict = lms.world.take_score(
        column, person.sub, lambda present, cell: lms.manner.judge_score(message, present, cell, arrival)
    )
    if verdict is None:
        raise turn_away("gone", f"Grade item {number} doesn't exist")
    return as_response(verdict.reply)
