"""The address that a content answer comes to: a page inside the frame says what became of it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tool.demo_lms.content_answers import Answer, AnswerRefused, Expected, read_answer
from tool.demo_lms.content_desk import ContentOffer
from tool.demo_lms.content_items import ItemRefused
from tool.demo_lms.content_placing import Placed, place_items
from tool.demo_lms.lms import Lms, this_lms
from tool.demo_lms.records import as_number

content_return = Blueprint("content_return", __name__)


@content_return.post("/lti/content")
def take_answer() -> ResponseReturnValue:
    lms = this_lms()
    key = request.args.get(lms.manner.return_key, "")
    offer = lms.contents.look_at(key)
    course = lms.world.course(request.args.get("course", ""))
    if offer is None or course is None or offer.course_id != course.course_id:
        reason = "this request for content is not open. It was answered before, is too old, or its address was changed."
        return render_template("content_refused.html", course=course, reason=reason), 400
    try:
        answer, placed = _take(lms, key, offer)
    except (AnswerRefused, ItemRefused) as problem:
        lms.contents.write_down({"course_id": course.course_id, "refused": str(problem), "items": None, "placed": []})
        return render_template("content_refused.html", course=course, reason=str(problem)), 400
    lms.contents.write_down(
        {
            "course_id": course.course_id,
            "refused": None,
            "items": answer.sent,
            "placed": [{"title": one.title, "link": one.link_id, "points": as_number(one.points)} for one in placed],
            "message": answer.message,
            "error": answer.error,
        }
    )
    return render_template("content_taken.html", course=course, placed=placed, answer=answer)


def _take(lms: Lms, key: str, offer: ContentOffer) -> tuple[Answer, list[Placed]]:
    """Raises AnswerRefused or ItemRefused; the request stays open then."""
    token = request.form.get("JWT", "")
    if not token:
        raise AnswerRefused("the form has no field JWT")
    expected = Expected(lms.tool.client_id, lms.base_url, lms.tool.deployment_id)
    answer = read_answer(token, lms.tokens.tool_keys, expected, offer)
    if not lms.contents.use_nonce(answer.nonce):
        raise AnswerRefused("nonce was used before")
    placed = place_items(lms, answer.items, offer)
    lms.contents.spend(key)
    return answer, placed
