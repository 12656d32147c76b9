"""Scores as Canvas takes them."""

from typing import Any

import pytest

from tests.demo_lms.conftest import Story


def extension(**said: object) -> dict[str, Any]:
    return {"https://canvas.instructure.com/lti/submission": said}


def test_a_score_lands_in_the_gradebook_on_the_columns_scale(story: Story) -> None:
    answer = story.post_score("ben", 7.5, scoreMaximum=10, comment="Well reasoned")

    assert answer.status_code == 200
    assert answer.get_json()["resultUrl"].endswith("/line_items/1/results?user_id=ben")
    cell = story.cell("ben")
    assert (cell["score"], cell["given"], cell["maximum"]) == (15, 7.5, 10)
    assert cell["comment"] == "Well reasoned"
    assert cell["timestamp"] == "2026-03-02T10:00:00.000Z"
    assert cell["typed_by_hand"] is False


def test_an_older_timestamp_is_refused_and_an_equal_one_is_not(story: Story) -> None:
    story.post_score(given=10, timestamp="2026-03-02T10:00:00.500Z")

    older = story.post_score(given=11, timestamp="2026-03-02T10:00:00.400Z")
    equal = story.post_score(given=12, timestamp="2026-03-02T10:00:00.500Z")

    assert older.status_code == 400
    assert older.get_json()["errors"]["type"] == "bad_request"
    message = older.get_json()["errors"]["message"]
    assert message.startswith("Provided timestamp 2026-03-02T10:00:00.400Z before last updated timestamp")
    assert equal.status_code == 200
    assert story.cell()["score"] == 12


@pytest.mark.parametrize("user", ["nobody", "ada", "dan"])
def test_a_score_for_someone_who_is_no_learner_here_is_refused(story: Story, user: str) -> None:
    answer = story.post_score(user)

    assert answer.status_code == 422
    assert answer.get_json()["errors"]["message"] == "User not found in course or is not a student"


def test_the_test_student_can_be_graded(story: Story) -> None:
    assert story.post_score("test-student").status_code == 200


@pytest.mark.parametrize("progress", ["Pending", "Failed", "NotReady"])
def test_a_score_that_is_not_final_clears_the_cell(story: Story, progress: str) -> None:
    story.post_score(given=10)

    story.post_score(given=10, gradingProgress=progress)

    assert story.cell()["score"] is None


def test_a_score_that_waits_for_a_person_is_written_all_the_same(story: Story) -> None:
    story.post_score(given=10, gradingProgress="PendingManual")

    assert story.cell()["score"] == 10


def test_a_missing_number_clears_unless_the_score_is_to_be_kept(story: Story) -> None:
    story.post_score(given=10)
    story.post_score(given=None, **extension(preserve_score=True))
    assert story.cell()["score"] == 10

    story.post_score(given=None)
    assert story.cell()["score"] is None


def test_attempts_count_hand_ins_and_nothing_else(story: Story) -> None:
    story.post_score(submission={"submittedAt": "2026-03-02T09:58:00Z"})
    story.post_score(submission={"submittedAt": "2026-03-02T09:58:00Z"})
    assert (story.cell()["attempts"], story.cell()["submitted_at"]) == (1, "2026-03-02T09:58:00.000Z")

    story.post_score(**extension(new_submission=False))
    story.post_score(activityProgress="InProgress")
    story.post_score(**extension(submission_type="none"))
    assert story.cell()["attempts"] == 1

    story.post_score(submission={"submittedAt": "2026-03-02T10:05:00Z"})
    assert (story.cell()["attempts"], story.cell()["submitted_at"]) == (2, "2026-03-02T10:05:00.000Z")


def test_a_hand_in_from_the_future_is_refused(story: Story) -> None:
    assert story.post_score(submission={"submittedAt": "2199-01-01T00:00:00Z"}).status_code == 400


def test_a_typed_grade_is_kept_only_when_asked(story: Story) -> None:
    story.order("type-grade", course="course-math", line_item_url=story.column_url(), user="ben", score=19)
    assert story.cell()["typed_by_hand"] is True

    story.post_score(given=11, **extension(prioritize_non_tool_grade=True))
    assert (story.cell()["score"], story.cell()["typed_by_hand"]) == (19, True)

    story.post_score(given=12)
    assert (story.cell()["score"], story.cell()["typed_by_hand"]) == (12, False)


def test_comments_pile_up(story: Story) -> None:
    story.post_score(comment="First")
    story.post_score()
    story.post_score(comment="Second")

    assert story.cell()["comments"] == ["First", "Second"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"scoreMaximum": None}, 422),
        ({"given": -1}, 422),
        ({"scoreMaximum": 0}, 422),
        ({"timestamp": None}, 400),
        ({"timestamp": "yesterday"}, 400),
        ({"activityProgress": None}, 400),
        ({"gradingProgress": "Finished"}, 400),
        ({"given": "eight"}, 400),
        ({"given": True}, 400),
        ({"userId": None}, 400),
    ],
)
def test_a_malformed_score_changes_nothing(story: Story, changes: dict[str, Any], status: int) -> None:
    assert story.post_score(**changes).status_code == status
    assert story.cell() == {}


def test_what_is_not_sent_as_a_score_is_not_taken_as_one(story: Story) -> None:
    assert story.post_raw_score("{}", content_type="application/json").status_code == 415
    assert story.post_raw_score("not json").status_code == 400
    assert story.post_raw_score("[]").status_code == 400
    assert story.post_score(given=float("nan")).status_code == 400
    assert story.post_score(extra=float("nan")).status_code == 400


def test_a_column_that_is_gone_is_not_found(story: Story) -> None:
    url = story.column_url()
    story.order("column", course="course-math", link="link-fractions", delete=True)

    answer = story.post_score(url=url)

    assert answer.status_code == 404
    assert answer.get_json() == {"errors": [{"message": "The specified resource does not exist."}]}


def test_extra_credit_is_kept_as_it_is(story: Story) -> None:
    story.post_score(given=23)

    assert story.cell()["score"] == 23


def test_numbers_stay_exact(story: Story) -> None:
    story.post_raw_score(
        '{"userId":"ben","scoreGiven":16.67,"scoreMaximum":20.00,"activityProgress":"Completed",'
        '"gradingProgress":"FullyGraded","timestamp":"2026-03-02T10:00:00Z"}'
    )

    assert story.cell()["score"] == 16.67
