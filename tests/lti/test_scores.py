"""A score on the wire, and what each LMS's answer to it means."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from tests.lti.sent_scores import BENS, NINE, send
from tests.lti.service_desk import ServiceDesk
from tool.lti.errors import ServiceError
from tool.lti.scores import add_to_path, post_score
from tool.lti.vocabulary import CANVAS_SUBMISSION


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


@pytest.mark.parametrize("points", ["NaN", "sNaN", "Infinity", "-Infinity", "-1", "1e12", "1e999999", "1e-999999"])
@pytest.mark.parametrize("field", ["given", "maximum"])
def test_points_that_are_no_points_are_never_sent(desk: ServiceDesk, field: str, points: str) -> None:
    with pytest.raises(ServiceError) as caught:
        post_score(desk.connector(), desk.server.url + "/item", replace(BENS, **{field: Decimal(points)}))  # type: ignore[arg-type]

    assert (caught.value.kind, caught.value.reason) == ("needs_person", "bad_request")
    assert desk.server.received == []


def test_a_number_without_a_maximum_is_never_sent(desk: ServiceDesk) -> None:
    """It would go out without either, and a score without a number erases the grade."""
    with pytest.raises(ServiceError) as caught:
        send(desk, "moodle", maximum=None)

    assert caught.value.reason == "bad_request"
    assert desk.server.received == []


@pytest.mark.parametrize("family", ["canvas", "moodle"])
def test_undo_to_an_empty_cell_is_the_one_score_without_a_number(desk: ServiceDesk, family: str) -> None:
    sent = send(desk, family, given=None)

    assert "scoreGiven" not in sent
    assert "scoreMaximum" not in sent
    assert sent["gradingProgress"] == "FullyGraded"


@pytest.mark.parametrize("family", ["openedx", "schoology", "unknown"])
def test_where_clearing_is_not_known_to_work_it_is_left_to_a_person(desk: ServiceDesk, family: str) -> None:
    with pytest.raises(ServiceError) as caught:
        post_score(desk.connector(family), desk.server.url + "/item", replace(BENS, given=None))

    assert (caught.value.kind, caught.value.reason) == ("needs_person", "cannot_clear")
    assert desk.server.received == []


def test_the_body_is_one_line_whatever_the_comment(desk: ServiceDesk) -> None:
    """Moodle answers 200 to a score it refuses when the body has a line break."""
    comment = 'Well done!\nNext: "½ + ¼"\r\n\u2028 \ud83d\ude00'
    sent = send(desk, comment=comment.encode("utf-16", "surrogatepass").decode("utf-16"))

    assert sent["comment"].startswith("Well done!\nNext")
    assert len(desk.server.received[0].body.splitlines()) == 1
    assert b"\n" not in desk.server.received[0].body
    assert b": " not in desk.server.received[0].body.replace(b"Next: ", b"")


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
