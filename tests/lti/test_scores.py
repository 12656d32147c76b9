"""A score on the wire, and what each LMS's answer to it means."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from tests.lti.rough_server import Behaviour, reply
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.errors import ServiceError
from tool.lti.scores import Score, add_to_path, post_score
from tool.lti.vocabulary import CANVAS_SUBMISSION, SCOPE_SCORE

NINE = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
BENS = Score(
    user_id="ben",
    given=Decimal("7.50"),
    maximum=Decimal(10),
    timestamp=NINE,
    submitted_at=None,
    comment=None,
    is_new_submission=False,
    keeps_hand_typed_grade=False,
)
ACCEPTED: Mapping[str, Behaviour] = {
    "canvas": reply_json({"resultUrl": "https://lms.example/r/1"}),
    "openedx": reply_json({"timestamp": "x"}, 201),
    "moodle": reply(200),
    "unknown": reply(204),
}


def send(desk: ServiceDesk, family: str = "unknown", **changes: Any) -> Any:
    desk.server.on("/item/scores", ACCEPTED[family])
    post_score(desk.connector(family), desk.server.url + "/item", replace(BENS, **changes))
    return desk.sent_json("/item/scores")


def refused(desk: ServiceDesk, family: str, behaviour: Behaviour) -> ServiceError:
    desk.server.on("/item/scores", behaviour)
    with pytest.raises(ServiceError) as caught:
        post_score(desk.connector(family), desk.server.url + "/item", BENS)
    return caught.value


def test_a_score_is_complete_and_final(desk: ServiceDesk) -> None:
    assert send(desk) == {
        "userId": "ben",
        "scoreGiven": 7.5,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-03-02T09:00:00.123Z",
    }
    sent = desk.server.received[0]
    assert sent.method == "POST"
    assert sent.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert desk.tokens.asked == [frozenset({SCOPE_SCORE})]
    assert len(desk.server.received) == 1


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("0.1", "0.1"),
        ("0.30", "0.3"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0", "0"),
        ("-0", "0"),
        ("0.00", "0"),
        ("33.33", "33.33"),
        ("12345678901.123456789012345", "12345678901.123456789012345"),
        ("1e-17", "0.00000000000000001"),
        ("12", "12"),
    ],
)
def test_decimals_go_out_exactly(desk: ServiceDesk, given: str, written: str) -> None:
    send(desk, given=Decimal(given))

    assert f'"scoreGiven":{written},'.encode() in desk.server.received[0].body


@pytest.mark.parametrize("points", ["NaN", "sNaN", "Infinity", "-Infinity", "-1", "1e12", "1e999999"])
@pytest.mark.parametrize("field", ["given", "maximum"])
def test_points_that_are_no_points_are_never_sent(desk: ServiceDesk, field: str, points: str) -> None:
    with pytest.raises(ServiceError) as caught:
        send(desk, **{field: Decimal(points)})

    assert (caught.value.kind, caught.value.reason) == ("needs_person", "bad_request")
    assert desk.server.received == []


def test_the_body_is_one_line_whatever_the_comment(desk: ServiceDesk) -> None:
    """Moodle answers 200 to a score it refuses when the body has a line break."""
    comment = 'Well done!\nNext: "½ + ¼"\r\n\u2028 \ud83d\ude00'
    sent = send(desk, comment=comment.encode("utf-16", "surrogatepass").decode("utf-16"))

    assert sent["comment"].startswith("Well done!\nNext")
    assert len(desk.server.received[0].body.splitlines()) == 1
    assert b"\n" not in desk.server.received[0].body
    assert b": " not in desk.server.received[0].body.replace(b"Next: ", b"")


def test_times_are_utc_with_milliseconds(desk: ServiceDesk) -> None:
    berlin = timezone(timedelta(hours=1))
    sent = send(desk, timestamp=datetime(2026, 3, 2, 10, 0, tzinfo=berlin), submitted_at=NINE)

    assert sent["timestamp"] == "2026-03-02T09:00:00.000Z"
    assert sent["submission"] == {"submittedAt": "2026-03-02T09:00:00.123Z"}


def test_a_first_hand_in_to_canvas_is_a_submission_at_its_own_time(desk: ServiceDesk) -> None:
    with time_machine.travel(NINE + timedelta(days=1), tick=False):
        sent = send(desk, "canvas", submitted_at=NINE, is_new_submission=True, keeps_hand_typed_grade=True)

    assert sent[CANVAS_SUBMISSION] == {
        "new_submission": True,
        "submitted_at": "2026-03-02T09:00:00.123Z",
        "prioritize_non_tool_grade": True,
    }


def test_a_regrade_uses_up_no_attempt_in_canvas(desk: ServiceDesk) -> None:
    assert send(desk, "canvas", submitted_at=NINE)[CANVAS_SUBMISSION] == {"new_submission": False}


@pytest.mark.parametrize("family", ["moodle", "openedx", "unknown"])
def test_only_canvas_is_told_in_canvas_words(desk: ServiceDesk, family: str) -> None:
    assert CANVAS_SUBMISSION not in send(desk, family, is_new_submission=True, keeps_hand_typed_grade=True)


def test_a_hand_in_is_never_in_the_future(desk: ServiceDesk) -> None:
    with time_machine.travel(NINE, tick=False):
        sent = send(desk, "canvas", submitted_at=NINE + timedelta(minutes=5), is_new_submission=True)

    assert sent["submission"]["submittedAt"] == "2026-03-02T09:00:00.123Z"


@pytest.mark.parametrize(
    ("line_item", "scores"),
    [
        ("https://a/2/lineitem?type_id=1", "https://a/2/lineitem/scores?type_id=1"),
        ("https://a/2/lineitem/?type_id=1&x=?", "https://a/2/lineitem/scores?type_id=1&x=?"),
        ("https://a/2/lineitem/", "https://a/2/lineitem/scores"),
        ("https://a/2/lineitem", "https://a/2/lineitem/scores"),
        ("https://a/2//lineitem#x", "https://a/2//lineitem/scores"),
        ("https://a", "https://a/scores"),
    ],
)
def test_scores_go_before_the_query(line_item: str, scores: str) -> None:
    assert add_to_path(line_item, "scores") == scores


def test_the_line_items_query_is_kept(desk: ServiceDesk) -> None:
    desk.server.on("/item/scores", reply(200))
    post_score(desk.connector("moodle"), desk.server.url + "/item?type_id=7", BENS)

    assert desk.server.received[0].path == "/item/scores?type_id=7"


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
    desk.server.on("/item/scores", behaviour)

    post_score(desk.connector(family), desk.server.url + "/item", BENS)

    assert len(desk.server.received) == 1


def canvas(message: str) -> str:
    return json.dumps({"errors": {"type": "unprocessable_entity", "message": message}})


HTML = "<html>Please sign in</html>"


@pytest.mark.parametrize(
    ("family", "behaviour", "outcome"),
    [
        pytest.param("canvas", reply(200, HTML), "later unreadable", id="Canvas, a login page"),
        pytest.param("canvas", reply(200), "later unreadable", id="Canvas, nothing"),
        pytest.param("canvas", reply_json([]), "later unreadable", id="Canvas, a list"),
        pytest.param("canvas", reply(200, '{"resultUrl'), "later unreadable", id="Canvas, half an answer"),
        pytest.param("openedx", reply(201), "later unreadable", id="Open edX, nothing"),
        pytest.param("moodle", reply(200, "[]"), "needs_person not_enrolled", id="Moodle, a refusal under 200"),
        pytest.param("moodle", reply(200, HTML), "later unreadable", id="Moodle, a login page"),
        pytest.param("moodle", reply(200, '{"x":1}'), "later unreadable", id="Moodle, something else"),
        pytest.param("moodle", reply(400, "[]"), "needs_person not_enrolled", id="Moodle, not enrolled"),
        pytest.param("moodle", reply_json({"reason": "No handler found"}, 400), "needs_person bad_request", id="Moodle, 400"),
        pytest.param("moodle", reply(403, '{"reason":"Not allowed in context"}'), "needs_person tool_not_in_course", id="Moodle, 403"),
        pytest.param("moodle", reply(403, '{"reason":"Invalid LTI id supplied."}'), "needs_person tool_not_in_course", id="Moodle, another tool's"),
        pytest.param("moodle", reply_json({"status": 404}, 404), "needs_person column_gone", id="Moodle, gone"),
        pytest.param("moodle", reply(404, HTML), "later unreadable", id="Moodle, a page under 404"),
        pytest.param("moodle", reply(409, "[]"), "already_there stale_timestamp", id="Moodle, 409"),
        pytest.param("moodle", reply(500, "[]"), "later locked_or_deleting", id="Moodle, locked"),
        pytest.param("moodle", reply(502, HTML), "later server_error", id="Moodle, 502"),
        pytest.param("canvas", reply(400, canvas("Provided timestamp of x before last updated timestamp of y")), "already_there stale_timestamp", id="Canvas, older"),
        pytest.param("canvas", reply(400, canvas("submitted_at cannot be in the future")), "later clock", id="Canvas, future"),
        pytest.param("canvas", reply(400, canvas("userId is missing")), "needs_person bad_request", id="Canvas, 400"),
        pytest.param("canvas", reply(403, "403 Forbidden (Rate Limit Exceeded)"), "throttled rate_limited", id="Canvas, its limit by text"),
        pytest.param("canvas", reply(403, "", {"X-Rate-Limit-Remaining": "0.0"}), "throttled rate_limited", id="Canvas, its limit by header"),
        pytest.param("canvas", reply(403, "", {"X-Rate-Limit-Remaining": "nonsense"}), "needs_person forbidden", id="Canvas, 403"),
        pytest.param("canvas", reply(404, '{"errors":[{"message":"The specified resource does not exist."}]}'), "needs_person column_gone", id="Canvas, gone"),
        pytest.param("canvas", reply(412, canvas("Tool does not have permission to view line_item")), "needs_person tool_not_in_course", id="Canvas, 412"),
        pytest.param("canvas", reply(422, canvas("This assignment is still unpublished")), "later unpublished", id="Canvas, unpublished"),
        pytest.param("canvas", reply(422, canvas("User not found in course or is not a student")), "needs_person not_enrolled", id="Canvas, not a student"),
        pytest.param("canvas", reply(422, canvas("This course has concluded.")), "needs_person concluded", id="Canvas, concluded"),
        pytest.param("canvas", reply(422, canvas("The maximum number of allowed attempts has been reached")), "needs_person attempts_used_up", id="Canvas, attempts"),
        pytest.param("canvas", reply(422, canvas("ScoreMaximum must be greater than 0")), "needs_person column_maximum", id="Canvas, maximum"),
        pytest.param("canvas", reply(422, canvas("Cannot grade this submission at this time")), "needs_person grading_closed", id="Canvas, closed"),
        pytest.param("canvas", reply(422, canvas("something new")), "needs_person bad_request", id="Canvas, unheard of"),
        pytest.param("openedx", reply_json({"error": "Score already exists for the provided timestamp."}, 400), "already_there stale_timestamp", id="Open edX, older"),
        pytest.param("brightspace", reply(403, "User in requested score is not enrolled in the org unit"), "needs_person not_enrolled", id="D2L, not enrolled"),
        pytest.param("brightspace", reply(404, "User in requested score does not exist"), "needs_person not_enrolled", id="D2L, no such user"),
        pytest.param("blackboard", reply(400, "User could not be found: x"), "needs_person not_enrolled", id="Blackboard, no such user"),
        pytest.param("unknown", reply(200, HTML), "later unreadable", id="a login page"),
        pytest.param("unknown", reply(200, "Please sign in", {"Content-Type": "text/html"}), "later unreadable", id="a page without tags"),
        pytest.param("unknown", reply(302, "", {"Location": "/login"}), "later redirected", id="a redirect"),
        pytest.param("unknown", reply(409), "already_there stale_timestamp", id="409"),
        pytest.param("unknown", reply(410), "needs_person column_gone", id="410"),
        pytest.param("unknown", reply(405), "needs_person bad_request", id="405"),
        pytest.param("unknown", reply(429), "throttled rate_limited", id="429"),
        pytest.param("unknown", reply(500, "[]"), "later server_error", id="500"),
        pytest.param("unknown", reply(599), "later server_error", id="599"),
    ],
)  # fmt: skip
def test_every_refusal_has_its_meaning(
    desk: ServiceDesk, family: str, behaviour: Behaviour, outcome: str
) -> None:
    error = refused(desk, family, behaviour)

    assert f"{error.kind} {error.reason}" == outcome
    assert error.message
    assert error.hint
    assert len(desk.server.received) == 1


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
def test_the_lms_may_say_when_to_come_back(
    desk: ServiceDesk, status: int, text: str, seconds: float | None
) -> None:
    with time_machine.travel(NINE, tick=False):
        error = refused(desk, "unknown", reply(status, "", {"Retry-After": text}))

    assert error.kind == ("throttled" if status == 429 else "later")
    assert error.retry_at == (None if seconds is None else NINE + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("behaviour", "is_unknown"),
    [(reply(500), True), (reply(502), True), (reply(504), True), (reply(200, HTML), True), (reply(422), False)],
)
def test_it_is_said_when_the_score_may_have_arrived(
    desk: ServiceDesk, behaviour: Behaviour, is_unknown: bool
) -> None:
    assert refused(desk, "canvas", behaviour).outcome_unknown is is_unknown


def test_the_excerpt_is_one_short_line_without_secrets(desk: ServiceDesk) -> None:
    body = "First\r\n\tsecond \x00\x1b[31m Authorization: Bearer secret-1 " + "x" * 10_000
    excerpt = refused(desk, "unknown", reply(400, body)).excerpt

    assert excerpt.startswith("First second")
    assert "secret-1" not in excerpt
    assert excerpt.isprintable()
    assert len(excerpt) == 500


def test_a_score_is_posted_by_one_request_even_when_the_answer_is_lost(desk: ServiceDesk) -> None:
    error = refused(desk, "moodle", lambda handler: handler.connection.close())

    assert error.outcome_unknown
    assert len(desk.server.received) == 1
