"""The addresses that tests use: they are trusted, so they are tested."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import tool.demo_lms
from tests.demo_lms.conftest import LINE_ITEM, LMS_URL, Story
from tool.demo_lms.server import create_lms, platform_entry

ASSIGNMENTS = Path(tool.demo_lms.__file__).parent / "assignments"


def test_the_gradebook_shows_every_column_and_cell(story: Story) -> None:
    story.post_score("ben", 15)

    first, *others = story.gradebook()

    assert [column["label"] for column in others] == ["My number story", "Fractions quiz"]
    del first["line_item_url"]
    assert first.pop("scores").keys() == {"ben"}
    assert first == {
        "course_id": "course-math",
        "label": "Fractions quiz",
        "maximum": 20,
        "resource_link_id": "link-fractions",
        "tag": "",
        "resource_id": "",
    }
    assert set(story.cell("ben")) == {
        "score",
        "given",
        "maximum",
        "timestamp",
        "comment",
        "comments",
        "received_at",
        "attempts",
        "submitted_at",
        "typed_by_hand",
        "submission_url",
    }


def test_the_journal_names_every_request_and_no_secret(story: Story) -> None:
    assertion = story.assertion()
    story.ask_token(assertion)
    story.post_score("ben", 15)
    story.call("GET", f"{LMS_URL}/api/lti/courses/course-math/line_items?tag=a")
    story.order("mood", mood="error500")
    story.post_score("cleo", 12)

    entries = [(entry["method"], entry["path"].rpartition("/")[2], entry["status"]) for entry in story.journal()]
    score = next(entry for entry in story.journal() if entry["path"].endswith("/scores"))

    assert entries[0] == ("POST", "token", 200)
    assert entries[-3:] == [("POST", "scores", 200), ("GET", "line_items", 200), ("POST", "scores", 500)]
    assert (score["body"]["userId"], score["body"]["scoreGiven"]) == ("ben", 15)
    assert json.loads(score["text"]) == score["body"]
    assert story.journal()[-2]["query"] == "tag=a"
    assert story.journal()[-1]["mood"] == "error500"
    whole = json.dumps(story.journal())
    assert story.token not in whole
    assert assertion not in whole
    assert "Bearer" not in whole


def test_only_scores_are_kept_whole(story: Story) -> None:
    path = f"{LMS_URL}/api/lti/courses/course-math/line_items"
    story.call("POST", path, json={"label": "Warm-up", "scoreMaximum": 5}, content_type=LINE_ITEM)

    entry = story.journal()[-1]
    assert (entry["status"], entry["body"], entry["text"]) == (201, None, None)


def test_a_lost_answer_has_no_status_in_the_journal(story: Story) -> None:
    story.order("mood", mood="lose_answer")
    with pytest.raises(ConnectionError):
        story.post_score()

    assert (story.journal()[-1]["status"], story.journal()[-1]["mood"]) == (None, "lose_answer")


def test_reset_brings_back_the_start(story: Story) -> None:
    story.post_score()
    made = story.order("column", course="course-math", link="link-warmup", points=5)["line_item_url"]
    story.order("mood", mood="down")
    story.order("settings", page_size=1)
    old_url = story.column_url()

    story.order("reset")

    assert story.journal() == []
    assert story.client.get("/control/mood").get_json()["mood"] == "fine"
    assert [column["maximum"] for column in story.gradebook()] == [20, 10, 20]
    assert (story.column_url(), story.cell()) == (old_url, {})
    made_later = story.order("column", course="course-math", link="link-warmup", points=5)["line_item_url"]
    assert made_later != made


@pytest.mark.parametrize(
    "order", [{"user": "dan"}, {"line_item_url": "x"}, {"score": "A"}, {"score": -1}, {"course": "x"}]
)
def test_a_senseless_grade_is_not_typed(story: Story, order: dict[str, object]) -> None:
    usual = {"course": "course-math", "line_item_url": story.column_url(), "user": "ben", "score": 3}

    assert story.client.post("/control/type-grade", json={**usual, **order}).status_code == 400
    assert story.cell() == {}


def test_a_typed_grade_can_be_emptied(story: Story) -> None:
    order = {"course": "course-math", "line_item_url": story.column_url(), "user": "ben"}
    assert story.order("type-grade", **order, score=19.5)["score"] == 19.5

    assert story.order("type-grade", **order, score=None)["score"] is None


def test_a_teacher_changes_points_makes_and_removes_columns(story: Story) -> None:
    story.post_score(given=15)
    changed = story.order("column", course="course-math", link="link-fractions", points=40)["line_item_url"]
    assert story.gradebook()[0]["maximum"] == 40
    assert story.cell(url=changed)["score"] == 15

    made = story.order("column", course="course-math", link="link-warmup", points="2.5")["line_item_url"]
    assert story.gradebook()[2]["line_item_url"] == made
    assert story.gradebook()[2]["maximum"] == 2.5

    story.order("column", course="course-math", link="link-warmup", delete=True)
    assert len(story.gradebook()) == 3
    assert (
        story.client.post("/control/column", json={"course": "course-math", "link": "x", "points": 1}).status_code
        == 400
    )


def test_orders_that_make_no_sense_are_refused(story: Story) -> None:
    assert story.client.post("/control/settings", json={"colour": "red"}).status_code == 400
    assert story.client.post("/control/settings", data="[]").status_code == 400
    for person, link in (("dan", "link-fractions"), ("ben", "link-fractions-science")):
        order = {"course": "course-math", "person": person, "link": link}
        assert story.client.post("/control/launch-form", json=order).status_code == 400


@pytest.mark.parametrize(
    "order", [{"link": "x"}, {"person": "dan"}, {"due_at": "soon"}, {"due_at": 7}, {"course": "x"}]
)
def test_a_senseless_due_date_is_refused(story: Story, order: dict[str, object]) -> None:
    usual = {"course": "course-math", "link": "link-fractions", "due_at": "2026-03-02T12:00:00Z"}

    assert story.client.post("/control/due-date", json={**usual, **order}).status_code == 400
    assert story.order("due-date", **usual)["due_dates"] == ["2026-03-02T12:00:00.000Z"]
    story.order("reset")
    assert story.order("due-date", **{**usual, "due_at": None})["due_dates"] == []


def test_the_launch_form_is_what_a_browser_would_send(story: Story) -> None:
    form = story.order("launch-form", course="course-science", link="link-fractions-science", person="dan")

    assert form["login_url"] == f"{story.tool_url}/lti/login"
    assert set(form["fields"]) == {
        "iss", "login_hint", "target_link_uri", "lti_message_hint", "client_id", "lti_deployment_id",
    }  # fmt: skip
    assert form["fields"]["iss"] == LMS_URL


def test_the_id_token_life_can_be_set(story: Story) -> None:
    story.order("settings", id_token_seconds=5)

    claims = story.launch()

    assert claims["exp"] - claims["iat"] == 5


@pytest.mark.parametrize("manner", ["canvas", "moodle", "schoology", "openedx"])
def test_the_registration_is_served_as_the_tool_wants_it(tell: Any, manner: str) -> None:
    entry = tell(manner).client.get("/control/platform.json").get_json()

    assert entry == platform_entry(f"{LMS_URL}/", manner)
    (registration,) = entry[LMS_URL]
    assert registration["family"] == manner
    assert registration["auth_token_url"] == f"{LMS_URL}/lti/token"
    assert registration["deployment_ids"] == ["1"]


def test_an_unknown_manner_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown manner"):
        create_lms(base_url=LMS_URL, tool_url="http://localhost:8000", manner="paper")


def test_the_assignment_files_fit_the_activities(story: Story) -> None:
    world = story.app.extensions["demo_lms"]
    points: dict[str, Decimal | None] = {}
    for course in world.courses():
        for activity in course.activities.values():
            bound = world.bound_columns(course.course_id, activity.link_id)
            points[activity.custom["assignment"]] = bound[0].maximum if bound else None

    for assignment_id, maximum in points.items():
        file = json.loads((ASSIGNMENTS / f"{assignment_id}.json").read_text(encoding="utf-8"))
        assert file["id"] == assignment_id
        assert maximum in (None, sum(Decimal(str(question["points"])) for question in file["questions"]))
    assert set(points) == {"fractions-quiz", "my-number-story", "warm-up"}
