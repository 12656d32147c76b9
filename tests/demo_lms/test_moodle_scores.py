"""Scores as Moodle takes them: whole seconds, empty answers, and a teacher's grade that stays."""

from typing import Any

import pytest

from tests.demo_lms.conftest import LINE_ITEM, SCORE, Story


@pytest.fixture
def moodle(tell: Any) -> Story:
    story: Story = tell("moodle")
    return story


def test_accepted_is_200_with_nothing_in_it(moodle: Story) -> None:
    answer = moodle.post_score(given=4, scoreMaximum=5)

    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert moodle.column_url().endswith("?type_id=1")
    assert moodle.cell()["score"] == 16


@pytest.mark.parametrize("timestamp", ["2026-03-02T10:00:05.900Z", "2026-03-02T10:00:05Z", "2026-03-02T10:00:04Z"])
def test_a_score_of_the_same_second_or_older_is_refused(moodle: Story, timestamp: str) -> None:
    moodle.post_score(given=10, timestamp="2026-03-02T10:00:05.100Z")

    answer = moodle.post_score(given=12, timestamp=timestamp)

    assert (answer.status_code, answer.get_json()) == (409, [])
    assert moodle.cell()["score"] == 10


@pytest.mark.parametrize("user", ["nobody", "ada", "dan"])
def test_an_unknown_user_looks_like_a_malformed_score(moodle: Story, user: str) -> None:
    answer = moodle.post_score(user)

    assert (answer.status_code, answer.get_json()) == (400, [])


def test_a_refused_score_with_a_line_break_answers_200(moodle: Story) -> None:
    answer = moodle.post_raw_score('{"userId":\n"nobody"}')

    assert (answer.status_code, answer.get_data()) == (200, b"[]")


@pytest.mark.parametrize("progress", ["Pending", "PendingManual", "Failed", "NotReady", "Invented"])
def test_anything_but_fully_graded_erases_score_and_comment(moodle: Story, progress: str) -> None:
    moodle.post_score(given=10, comment="Good")

    answer = moodle.post_score(gradingProgress=progress, timestamp="2026-03-02T10:00:01Z", comment="Later")

    assert answer.status_code == 200
    assert (moodle.cell()["score"], moodle.cell()["comment"]) == (None, None)


def test_after_an_erasing_score_an_older_one_is_accepted_in_the_activitys_own_column(moodle: Story) -> None:
    moodle.post_score(given=10, timestamp="2026-03-02T10:00:05Z")
    moodle.post_score(given=None, timestamp="2026-03-02T10:00:06Z")

    assert moodle.post_score(given=9, timestamp="2026-03-02T10:00:01Z").status_code == 200
    assert moodle.cell()["score"] == 9


def test_in_a_column_made_by_the_tool_it_is_not(moodle: Story) -> None:
    path = "/api/lti/courses/course-math/line_items?type_id=1"
    url = moodle.call("POST", path, json={"label": "Own", "scoreMaximum": 20}, content_type=LINE_ITEM).get_json()["id"]
    moodle.post_score(given=10, timestamp="2026-03-02T10:00:05Z", url=url)
    moodle.post_score(given=None, timestamp="2026-03-02T10:00:06Z", url=url)

    assert moodle.post_score(given=9, timestamp="2026-03-02T10:00:01Z", url=url).status_code == 409
    assert moodle.cell(url=url)["score"] is None


def test_a_score_without_comment_deletes_the_earlier_one(moodle: Story) -> None:
    moodle.post_score(comment="Good")
    moodle.post_score(timestamp="2026-03-02T10:00:01Z")

    assert moodle.cell()["comment"] is None


@pytest.mark.parametrize(
    ("given", "maximum", "shown"), [(30, 20, 20), (-1, 20, 0), (5, 0, 5), ("8", 20, 8), (1 / 3, 1, 6.6666)]
)
def test_numbers_are_bounded_and_rounded(moodle: Story, given: object, maximum: int, shown: float) -> None:
    assert moodle.post_score(given=given, scoreMaximum=maximum).status_code == 200
    assert moodle.cell()["score"] == shown


def test_a_grade_typed_by_the_teacher_stays_and_hides_what_comes(moodle: Story) -> None:
    moodle.order("type-grade", course="course-math", line_item_url=moodle.column_url(), user="ben", score=19)

    older = moodle.post_score(given=10, timestamp="2026-03-02T10:00:00Z")
    newer = moodle.post_score(given=10, timestamp="2199-01-01T00:00:00Z")

    assert older.status_code == 409
    assert newer.status_code == 200
    assert (moodle.cell()["score"], moodle.cell()["given"]) == (19, 10)
    assert moodle.cell()["typed_by_hand"] is True


@pytest.mark.parametrize("end", ["1/scores/?type_id=1", "1?type_id=1/scores"])
def test_a_wrongly_built_address_is_400_in_words(moodle: Story, end: str) -> None:
    answer = moodle.call("POST", f"/api/lti/courses/course-math/line_items/{end}", data="{}", content_type=SCORE)

    assert answer.status_code == 400
    assert answer.get_json()["reason"].startswith("No handler found")


def test_a_wrong_media_type_is_400_and_a_wrong_method_405(moodle: Story) -> None:
    by_type = moodle.post_raw_score("{}", content_type="application/json")
    by_method = moodle.call("GET", "/api/lti/courses/course-math/line_items/1/scores?type_id=1")

    assert (by_type.status_code, by_method.status_code) == (400, 405)
    assert by_type.get_json()["reason"].startswith("No handler found")


def test_the_type_id_may_be_left_out_but_not_be_another(moodle: Story) -> None:
    bare = "/api/lti/courses/course-math/line_items/1"

    assert moodle.post_score(url=bare).status_code == 200
    assert moodle.post_score(url=f"{bare}?type_id=2", timestamp="2026-03-02T10:00:01Z").status_code == 401


def test_a_deleted_column_is_404_in_json(moodle: Story) -> None:
    url = moodle.column_url()
    moodle.order("column", course="course-math", link="link-fractions", delete=True)

    answer = moodle.post_score(url=url)

    assert (answer.status_code, answer.get_json()["reason"]) == (404, "Not Found: Grade item 1 doesn't exist")
