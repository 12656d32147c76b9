"""What each LMS's answer to a score means."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from tests.lti.rough_server import Behaviour, reply, reset
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.errors import ServiceError
from tool.lti.scores import Score, post_score

NINE = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
HTML = "<html>Please sign in</html>"


def post(desk: ServiceDesk, family: str, behaviour: Behaviour) -> None:
    """Ada's grade for Ben goes to an LMS that answers so."""
    desk.server.on("/item/scores", behaviour)
    score = Score("ben", Decimal("7.5"), Decimal(10), NINE, None, None, False, False)
    post_score(desk.connector(family), desk.server.url + "/item", score)


def refused(desk: ServiceDesk, family: str, behaviour: Behaviour) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        post(desk, family, behaviour)
    return caught.value


@pytest.mark.parametrize(
    ("family", "behaviour"),
    [
        ("canvas", reply_json({"resultUrl": "https://x"})),
        ("openedx", reply_json({"a": 1}, 201)),
        ("openedx", reply_json({"a": 1}, 200)),
        ("moodle", reply(200, "", {"Content-Type": "text/html"})),
        ("moodle", reply(204)),
        ("schoology", reply_json({}, 201)),
        ("blackboard", reply(200, "OK")),
        ("brightspace", reply(200)),
        ("unknown", reply(202, "[]")),
        ("unknown", reply(200, "", {"Content-Type": "text/html; charset=utf-8"})),
    ],
)
def test_what_each_lms_calls_accepted(desk: ServiceDesk, family: str, behaviour: Behaviour) -> None:
    post(desk, family, behaviour)

    assert len(desk.server.received) == 1


def canvas(message: str) -> str:
    return json.dumps({"errors": {"type": "unprocessable_entity", "message": message}})


def edx(message: str) -> str:
    return json.dumps({"error": message})


# The status and body of a refusal, and the kind and reason it must be read as.
REFUSALS: Mapping[str, list[tuple[int, str, str]]] = {
    "canvas": [
        (200, HTML, "later unreadable"),
        (200, "", "later unreadable"),
        (200, "[]", "later unreadable"),
        (200, '{"resultUrl', "later unreadable"),
        (201, '{"errors": []}', "later unreadable"),
        (400, canvas("Provided timestamp of 1 before last updated timestamp of 2"), "already_there stale_timestamp"),
        (400, canvas("submitted_at cannot be in the future"), "later clock"),
        (400, canvas("userId is missing"), "needs_person bad_request"),
        (403, "403 Forbidden (Rate Limit Exceeded)", "throttled rate_limited"),
        (403, canvas("no"), "needs_person forbidden"),
        (404, '{"errors":[{"message":"The specified resource does not exist."}]}', "needs_person column_gone"),
        (412, canvas("Tool does not have permission to view line_item"), "needs_person tool_not_in_course"),
        (422, canvas("This assignment is still unpublished"), "later unpublished"),
        (422, canvas("User not found in course or is not a student"), "needs_person not_enrolled"),
        (422, canvas("This course has concluded."), "needs_person concluded"),
        (422, canvas("The maximum number of allowed attempts is reached"), "needs_person attempts_used_up"),
        (422, canvas("ScoreMaximum must be greater than 0"), "needs_person column_maximum"),
        (422, canvas("Cannot grade this submission at this time"), "needs_person grading_closed"),
        (422, canvas("something new"), "needs_person bad_request"),
    ],
    "moodle": [
        (200, "[]", "needs_person not_enrolled"),
        (200, HTML, "later unreadable"),
        (200, '{"x": 1}', "later unreadable"),
        (400, "[]", "needs_person not_enrolled"),
        (400, "", "needs_person bad_request"),
        (400, '{"reason": "No handler found"}', "needs_person bad_request"),
        (403, '{"reason": "Not allowed in context"}', "needs_person tool_not_in_course"),
        (403, '{"reason": "Invalid LTI id supplied."}', "needs_person tool_not_in_course"),
        (404, '{"status": 404, "reason": "Not Found: Grade item 7"}', "needs_person column_gone"),
        (404, HTML, "later unreadable"),
        (409, "[]", "already_there stale_timestamp"),
        (500, "[]", "later locked_or_deleting"),
        (500, "", "later locked_or_deleting"),
        (500, HTML, "later server_error"),
        (502, HTML, "later server_error"),
    ],
    "openedx": [
        (201, "", "later unreadable"),
        (204, "", "later unreadable"),
        (400, edx("Score already exists for the provided timestamp."), "already_there stale_timestamp"),
    ],
    "brightspace": [
        (403, "User in requested score is not enrolled in the org unit", "needs_person not_enrolled"),
        (404, "User in requested score does not exist", "needs_person not_enrolled"),
    ],
    "blackboard": [(400, "User could not be found: x", "needs_person not_enrolled")],
    "unknown": [
        (200, HTML, "later unreadable"),
        (302, "", "later redirected"),
        (405, "", "needs_person bad_request"),
        (408, "", "later timeout"),
        (409, "", "already_there stale_timestamp"),
        (410, "", "needs_person column_gone"),
        (425, "", "later rate_limited"),
        (429, "", "throttled rate_limited"),
        (500, "[]", "later server_error"),
        (599, "", "later server_error"),
    ],
}
ROWS = [
    pytest.param(family, status, body, outcome, id=f"{family}, {status} {body[:60]}")
    for family, rows in REFUSALS.items()
    for status, body, outcome in rows
]


@pytest.mark.parametrize(("family", "status", "body", "outcome"), ROWS)
def test_every_refusal_has_its_meaning(desk: ServiceDesk, family: str, status: int, body: str, outcome: str) -> None:
    error = refused(desk, family, reply(status, body))

    assert f"{error.kind} {error.reason}" == outcome
    assert error.status == status
    assert error.message
    assert error.hint
    assert len(desk.server.received) == 1


@pytest.mark.parametrize(("left", "reason"), [("0.0", "rate_limited"), ("12", "forbidden"), ("nonsense", "forbidden")])
def test_canvas_may_say_only_in_a_header_that_it_is_too_much(desk: ServiceDesk, left: str, reason: str) -> None:
    assert refused(desk, "canvas", reply(403, "", {"X-Rate-Limit-Remaining": left})).reason == reason


def test_a_page_without_tags_is_a_page(desk: ServiceDesk) -> None:
    error = refused(desk, "unknown", reply(200, "Please sign in", {"Content-Type": "text/html"}))

    assert (error.kind, error.reason) == ("later", "unreadable")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Mon, 02 Mar 2026 09:01:40 GMT", 99.876544),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0),
        ("Mon, 02 Mar 2026 09:01:40", 99.876544),
        ("99999999999999999999", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("soon", None),
        ("-5", None),
        ("１２", None),
        ("", None),
    ],
)
def test_the_lms_may_say_when_to_come_back(desk: ServiceDesk, status: int, text: str, seconds: float | None) -> None:
    with time_machine.travel(NINE, tick=False):
        error = refused(desk, "unknown", reply(status, "", {"Retry-After": text}))

    assert error.kind == ("throttled" if status == 429 else "later")
    assert error.retry_at == (None if seconds is None else NINE + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("behaviour", "is_unknown"),
    [(reply(500), True), (reply(502), True), (reply(504), True), (reply(200, HTML), True), (reply(422), False)],
)
def test_it_is_said_when_the_score_may_have_arrived(desk: ServiceDesk, behaviour: Behaviour, is_unknown: bool) -> None:
    assert refused(desk, "canvas", behaviour).outcome_unknown is is_unknown


def test_the_excerpt_is_one_short_line_without_secrets(desk: ServiceDesk) -> None:
    body = "First\r\n\tsecond \x00\x1b[31m Authorization: Bearer secret-1 " + "x" * 10_000
    excerpt = refused(desk, "unknown", reply(400, body)).excerpt

    assert excerpt.startswith("First second")
    assert "secret-1" not in excerpt
    assert excerpt.isprintable()
    assert len(excerpt) == 500


def test_a_score_is_posted_by_one_request_even_when_the_answer_is_lost(desk: ServiceDesk) -> None:
    error = refused(desk, "moodle", reset)

    assert error.outcome_unknown
    assert len(desk.server.received) == 1
