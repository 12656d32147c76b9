"""Scores as Open edX takes them, and as the standard reads (which stands in for Schoology)."""

from typing import Any


def test_open_edx_answers_201_with_the_score(tell: Any) -> None:
    story = tell("openedx")

    answer = story.post_score(given=15)

    assert (answer.status_code, answer.get_json()["scoreGiven"]) == (201, 15)
    assert story.cell()["score"] == 15


def test_open_edx_takes_one_score_for_a_timestamp_and_none_older(tell: Any) -> None:
    story = tell("openedx")
    story.post_score(given=15)

    equal = story.post_score(given=16)
    older = story.post_score(given=16, timestamp="2026-03-02T09:00:00Z")

    assert (equal.status_code, equal.get_json()["error"]) == (
        400,
        "Score already exists for the provided timestamp.",
    )
    assert older.status_code == 400
    assert story.cell()["score"] == 15


def test_open_edx_never_shows_a_zero_and_caps_the_rest(tell: Any) -> None:
    story = tell("openedx")

    assert story.post_score("ben", 0).status_code == 201
    story.post_score("cleo", 25)

    assert story.cell("ben")["score"] is None
    assert story.cell("cleo")["score"] == 20


def test_open_edx_stores_what_is_not_final_without_showing_it(tell: Any) -> None:
    story = tell("openedx")
    story.post_score(given=15)

    story.post_score(given=3, gradingProgress="Pending", timestamp="2026-03-02T10:00:01Z")

    assert (story.cell()["score"], story.cell()["given"]) == (15, 3)


def test_open_edx_wants_a_maximum_and_no_negative_numbers(tell: Any) -> None:
    story = tell("openedx")

    assert story.post_score(scoreMaximum=None).status_code == 400
    assert story.post_score(given=-1).status_code == 400


def test_the_standard_refuses_what_is_older_and_clears_what_is_not_final(tell: Any) -> None:
    story = tell("schoology")
    assert story.post_score(given=15).status_code == 200
    assert story.post_score(given=16, timestamp="2026-03-02T09:00:00Z").status_code == 409
    assert story.cell()["score"] == 15

    assert story.post_score(gradingProgress="Pending", timestamp="2026-03-02T10:00:01Z").status_code == 200
    assert story.cell()["score"] is None


def test_the_standard_refuses_a_stranger_and_nonsense(tell: Any) -> None:
    story = tell("schoology")

    assert story.post_score("dan").status_code == 403
    assert story.post_score(scoreMaximum=None).status_code == 400
    assert story.post_score(given=-1).status_code == 400
    assert story.cell() == {}
