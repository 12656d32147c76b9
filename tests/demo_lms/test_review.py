"""A teacher opens a learner's work from the gradebook."""

import re
from typing import Any

import pytest

from tests.demo_lms.conftest import LINE_ITEM, Story
from tests.demo_lms.picking import LTI, answer, ask, new_columns, quiz

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
CANVAS = "https://canvas.instructure.com/lti/submission"
WORK = "http://tool.example/work/7?who=ben&try=2"
BOOK = "/courses/course-math/gradebook"


def open_work(story: Story, learner: str = "ben", column: int = 1) -> dict[str, Any]:
    """The claims of the launch that the gradebook's link leads to."""
    path = f"/courses/course-math/review?learner={learner}&column={column}"
    framed = story.client.get(path).get_data(as_text=True)
    found = re.search(r'<iframe[^>]* src="([^"]+)"', framed)
    assert found
    return story.follow(story.client.get(found[1].replace("&amp;", "&")))


def hand_in(story: Story, **extension: object) -> None:
    usual = {"new_submission": True, "submission_type": "basic_lti_launch", "submission_data": WORK}
    assert story.post_score("ben", 15, **{CANVAS: {**usual, **extension}}).status_code == 200


def offers_work(story: Story, learner: str = "ben") -> bool:
    shown: bool = story.client.get(f"{BOOK}.json").get_json()["cells"][f"1-{learner}"]["work"]
    page = story.client.get(BOOK).get_data(as_text=True)
    link = re.search(rf'<a class="work" href="[^"]*learner={learner}&amp;column=1"[^>]*>', page)
    assert link
    assert ("hidden" in link[0]) is not shown
    return shown


def test_moodle_sends_a_review_request_for_the_learner(tell: Any) -> None:
    story = tell("moodle")
    assert not offers_work(story)
    story.post_score("ben", 15)

    launched = open_work(story)

    assert offers_work(story)
    assert launched[f"{LTI}message_type"] == "LtiSubmissionReviewRequest"
    assert (launched["sub"], launched[f"{LTI}for_user"]["user_id"]) == ("ada", "ben")
    assert launched[f"{LTI}for_user"]["name"] == "Ben Carter"
    assert launched[f"{LTI}resource_link"]["id"] == "link-fractions"
    assert launched[AGS]["lineitem"] == story.column_url()
    assert launched[f"{LTI}custom"]["assignment"] == "fractions-quiz"


def test_a_review_request_may_lack_the_column_and_names(tell: Any) -> None:
    story = tell("moodle")
    story.order("settings", review_names_column=False, shares_names=False)

    launched = open_work(story)

    assert "lineitem" not in launched[AGS]
    assert set(launched[f"{LTI}for_user"]) == {"user_id", "roles"}


def test_a_review_goes_where_the_column_says(tell: Any) -> None:
    story = tell("moodle")
    review = {"url": "http://tool.example/review", "custom": {"view": "work"}}
    answer(story, ask(story), quiz(lineItem={"scoreMaximum": 20, "submissionReview": review}))
    url = new_columns(story)[0]["line_item_url"]
    number = int(url.partition("?")[0].rpartition("/")[2])

    launched = open_work(story, column=number)

    assert launched[f"{LTI}target_link_uri"] == "http://tool.example/review"
    assert launched[f"{LTI}custom"]["view"] == "work"
    assert launched[f"{LTI}custom"]["assignment"] == "fractions-quiz"
    assert story.call("GET", url).get_json()["submissionReview"] == review


def test_a_column_made_by_the_tool_may_have_a_review(tell: Any) -> None:
    story = tell("moodle")
    path = "/api/lti/courses/course-math/line_items"
    body = {"label": "Extra", "scoreMaximum": 5, "submissionReview": {"url": "http://tool.example/review"}}

    made = story.call("POST", path, json=body, content_type=LINE_ITEM)
    wrong = story.call("POST", path, json={**body, "submissionReview": "x"}, content_type=LINE_ITEM)

    assert made.get_json()["submissionReview"] == {"url": "http://tool.example/review"}
    assert wrong.status_code == 400
    kept = story.call("PUT", made.get_json()["id"], json={"label": "E", "scoreMaximum": 5}, content_type=LINE_ITEM)
    assert kept.get_json()["submissionReview"] == {"url": "http://tool.example/review"}


def test_canvas_launches_the_address_that_came_with_the_score(story: Story) -> None:
    story.post_score("ben", 10, timestamp="2026-03-01T10:00:00Z")
    assert not offers_work(story)
    assert story.client.get("/courses/course-math/review/start?learner=ben&column=1").status_code == 404
    hand_in(story)

    launched = open_work(story)

    assert offers_work(story)
    assert launched[f"{LTI}message_type"] == "LtiResourceLinkRequest"
    assert launched[f"{LTI}target_link_uri"] == WORK
    assert launched["sub"] == "ada"
    assert f"{LTI}for_user" not in launched
    assert launched[f"{LTI}resource_link"]["id"] == "link-fractions"
    assert story.cell()["submission_url"] == WORK


@pytest.mark.parametrize("extension", [{"new_submission": False}, {"submission_type": "online_url"}])
def test_canvas_keeps_the_address_of_launchable_hand_ins_alone(story: Story, extension: dict[str, object]) -> None:
    hand_in(story, **extension)

    assert not offers_work(story)


@pytest.mark.parametrize("manner", ["schoology", "openedx"])
def test_others_have_no_way_to_open_work(tell: Any, manner: str) -> None:
    story = tell(manner)
    story.post_score("ben", 15)

    assert not offers_work(story)
    assert story.client.get("/courses/course-math/review/start?learner=ben&column=1").status_code == 404


@pytest.mark.parametrize("query", ["learner=dan&column=1", "learner=ben&column=99", "learner=ben&column=1&as=dan"])
def test_work_that_is_not_there_is_not_found(story: Story, query: str) -> None:
    assert story.client.get(f"/courses/course-math/review?{query}").status_code == 404


def test_a_test_orders_a_review_of_anyone_at_any_address(story: Story) -> None:
    order = {"person": "ada", "message_type": "LtiSubmissionReviewRequest"}

    launched = story.launch(**order, for_user="cleo", target="http://tool.example/elsewhere")

    assert launched[f"{LTI}for_user"]["user_id"] == "cleo"
    assert launched[f"{LTI}target_link_uri"] == "http://tool.example/elsewhere"
    assert launched[AGS]["lineitem"] == story.column_url()
    wrong = {**order, "course": "course-math", "link": "link-fractions", "for_user": "dan"}
    assert story.client.post("/control/launch-form", json=wrong).status_code == 400
