"""Line items: what the tool may list, make, change and take away."""

from typing import Any

import pytest

from tests.demo_lms.conftest import LINE_ITEM, LINE_ITEMS, LMS_URL, Story

LIST = f"{LMS_URL}/api/lti/courses/course-math/line_items"


def create(story: Story, **fields: object) -> Any:
    path = f"{LIST}?type_id=1" if story.column_url().endswith("type_id=1") else LIST
    usual = {"label": "Warm-up", "scoreMaximum": 5, "resourceId": "warm-up", "tag": "passback"}
    sent = {name: value for name, value in {**usual, **fields}.items() if value is not None}
    return story.call("POST", path, json=sent, content_type=LINE_ITEM)


def test_the_activities_columns_are_listed(story: Story) -> None:
    answer = story.call("GET", LIST)

    assert answer.content_type == LINE_ITEMS
    assert answer.get_json() == [
        {"id": f"{LIST}/1", "label": "Fractions quiz", "scoreMaximum": 20, "resourceLinkId": "link-fractions"},
        {"id": f"{LIST}/2", "label": "My number story", "scoreMaximum": 10, "resourceLinkId": "link-essay"},
    ]


def test_a_column_made_by_the_tool_can_be_found_again(story: Story) -> None:
    made = create(story, resourceLinkId="link-warmup")
    assert (made.status_code, made.content_type) == (201, LINE_ITEM)

    url = made.get_json()["id"]
    assert story.call("GET", url).get_json() == made.get_json()
    for query in (
        "resource_id=warm-up",
        "tag=passback",
        "resource_link_id=link-warmup",
        "tag=passback&resource_id=warm-up",
    ):
        found = story.call("GET", f"{LIST}?{query}").get_json()
        assert [item["id"] for item in found] == [url]
    assert story.call("GET", f"{LIST}?tag=passback&resource_id=other").get_json() == []


def test_the_same_column_twice_is_two_columns(story: Story) -> None:
    assert create(story).get_json()["id"] != create(story).get_json()["id"]


@pytest.mark.parametrize(
    "fields", [{"label": " "}, {"scoreMaximum": None}, {"scoreMaximum": "many"}, {"scoreMaximum": -5}]
)
def test_a_column_wants_a_label_and_a_maximum(story: Story, fields: dict[str, object]) -> None:
    assert create(story, **fields).status_code == 400
    assert len(story.gradebook()) == 3


@pytest.mark.parametrize(("manner", "status"), [("canvas", 404), ("moodle", 403)])
def test_a_link_of_another_course_is_refused(tell: Any, manner: str, status: int) -> None:
    assert create(tell(manner), resourceLinkId="link-fractions-science").status_code == status


@pytest.mark.parametrize(("manner", "score"), [("canvas", 15), ("moodle", 30)])
def test_a_new_maximum_rescales_only_in_moodle(tell: Any, manner: str, score: int) -> None:
    story = tell(manner)
    story.post_score(given=15)
    sent = {"label": "Fractions", "scoreMaximum": 40}

    changed = story.call("PUT", story.column_url(), json=sent, content_type=LINE_ITEM).get_json()

    assert (changed["label"], changed["scoreMaximum"]) == ("Fractions", 40)
    assert story.cell(url=changed["id"])["score"] == score


def test_canvas_takes_a_part_and_moodle_wants_the_whole(tell: Any) -> None:
    canvas, moodle = tell("canvas"), tell("moodle")
    part = {"tag": "passback"}

    changed = canvas.call("PUT", canvas.column_url(), json=part, content_type=LINE_ITEM)
    refused = moodle.call("PUT", moodle.column_url(), json=part, content_type=LINE_ITEM)

    assert (changed.get_json()["tag"], changed.get_json()["label"]) == ("passback", "Fractions quiz")
    assert refused.status_code == 400


def test_canvas_keeps_an_activitys_own_column(story: Story) -> None:
    own = create(story).get_json()["id"]

    assert story.call("DELETE", own).status_code == 204
    assert story.call("DELETE", own).status_code == 404
    refused = story.call("DELETE", story.column_url())
    assert (refused.status_code, refused.get_data()) == (401, b"")


def test_moodle_lets_it_go_with_its_grades(tell: Any) -> None:
    story = tell("moodle")
    url = story.column_url()
    story.post_score()

    assert story.call("DELETE", url).status_code == 204
    assert story.call("GET", url).status_code == 404


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (LINE_ITEMS, 200),
        ("*/*", 400),
        ("application/json", 400),
        (f"{LINE_ITEMS}, */*", 400),
        (f"{LINE_ITEMS},a/b", 400),
    ],
)
def test_moodle_compares_the_accept_header_as_it_stands(tell: Any, accept: str, status: int) -> None:
    assert tell("moodle").call("GET", f"{LIST}?type_id=1", headers={"Accept": accept}).status_code == status


def test_moodle_reads_one_line_item_for_anything(tell: Any) -> None:
    story = tell("moodle")

    assert story.call("GET", story.column_url(), headers={"Accept": "*/*"}).status_code == 200
    assert story.call("GET", story.column_url(), headers={"Accept": LINE_ITEM}).status_code == 200
    assert story.call("GET", story.column_url(), headers={"Accept": "application/json"}).status_code == 400


def test_another_course_and_other_media_types_are_refused(story: Story) -> None:
    assert story.call("GET", f"{LMS_URL}/api/lti/courses/nowhere/line_items").status_code == 404
    assert story.call("GET", f"{LMS_URL}/api/lti/courses/course-science/line_items/1").status_code == 404
    assert story.call("POST", LIST, json={"label": "A", "scoreMaximum": 1}).status_code == 415
    assert story.call("POST", LIST, data="[]", content_type=LINE_ITEM).status_code == 400


@pytest.mark.parametrize(("manner", "is_told"), [("canvas", True), ("openedx", True), ("moodle", False)])
def test_a_column_carries_the_due_date_of_its_activity(tell: Any, manner: str, is_told: bool) -> None:
    story = tell(manner)
    assert "endDateTime" not in story.call("GET", story.column_url()).get_json()

    story.order("due-date", course="course-math", link="link-fractions", due_at="2026-03-02T12:00:00Z")

    told = story.call("GET", story.column_url()).get_json().get("endDateTime")
    assert told == ("2026-03-02T12:00:00.000Z" if is_told else None)
    assert "endDateTime" not in story.call("GET", story.column_url("My number story")).get_json()
