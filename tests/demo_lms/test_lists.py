"""Results and members, and how long lists come in pages."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.demo_lms.conftest import LMS_URL, Story

MEMBERS = f"{LMS_URL}/api/lti/courses/course-math/names_and_roles"
LINE_ITEMS = f"{LMS_URL}/api/lti/courses/course-math/line_items"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


def results(story: Story, query: str = "") -> TestResponse:
    address, _, type_id = story.column_url().partition("?")
    joined = "&".join(part for part in (type_id, query) if part)
    return story.call("GET", f"{address}/results?{joined}")


def next_url(answer: TestResponse) -> str | None:
    found = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
    return found[1] if found else None


def test_canvas_shows_results_on_the_scale_the_tool_sent(story: Story) -> None:
    story.post_score("ben", 8, scoreMaximum=10, comment="Good")
    story.order("type-grade", course="course-math", line_item_url=story.column_url(), user="ben", score=18)
    story.order("type-grade", course="course-math", line_item_url=story.column_url(), user="cleo", score=5)

    (entry,) = results(story).get_json()

    assert entry["id"] == f"{story.column_url()}/results/ben"
    assert (entry["userId"], entry["resultScore"], entry["resultMaximum"]) == ("ben", 9, 10)
    assert entry["comment"] == "Good"
    assert entry["scoreOf"] == story.column_url()


def test_results_can_be_of_one_person(story: Story) -> None:
    story.post_score("ben")
    story.post_score("cleo")

    assert [entry["userId"] for entry in results(story, "user_id=cleo").get_json()] == ["cleo"]
    assert results(story, "user_id=nobody").get_json() == []


def test_moodle_shows_the_items_scale_and_breaks_on_a_limit(tell: Any) -> None:
    story = tell("moodle")
    story.post_score("ben", 8, scoreMaximum=10)
    story.post_score("cleo", 8)
    story.post_score("cleo", None, gradingProgress="FullyGraded", comment="Absent", timestamp="2026-03-02T10:00:01Z")

    (entry,) = results(story).get_json()

    assert (entry["userId"], entry["resultScore"], entry["resultMaximum"]) == ("ben", 16, 20)
    broken = results(story, "limit=5")
    assert (broken.status_code, broken.mimetype) == (404, "text/html")


def test_a_real_zero_is_a_result(tell: Any) -> None:
    for manner in ("canvas", "moodle", "schoology"):
        story = tell(manner)
        story.post_score("ben", 0)
        assert [entry["resultScore"] for entry in results(story).get_json()] == [0]


def test_members_have_names_and_roles(story: Story) -> None:
    answer = story.call("GET", MEMBERS).get_json()

    assert answer["context"]["id"] == "course-math"
    ada, ben = answer["members"][:2]
    assert ada["roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]
    assert ben == {
        "user_id": "ben",
        "status": "Active",
        "roles": [LEARNER],
        "name": "Ben Carter",
        "given_name": "Ben",
        "family_name": "Carter",
        "email": "ben@school.example",
        "lis_person_sourcedid": "SIS-00100",
    }


def test_the_test_student_is_missing_from_canvas_only(tell: Any) -> None:
    canvas = [member["user_id"] for member in tell("canvas").call("GET", MEMBERS).get_json()["members"]]
    moodle = [member["user_id"] for member in tell("moodle").call("GET", MEMBERS).get_json()["members"]]

    assert (len(canvas), "test-student" in canvas) == (13, False)
    assert (len(moodle), "test-student" in moodle) == (14, True)


def test_moodle_writes_short_roles(tell: Any) -> None:
    members = tell("moodle").call("GET", MEMBERS).get_json()["members"]

    assert {role for member in members for role in member["roles"]} == {"Instructor", "Learner"}


def test_members_can_be_asked_for_by_role_and_come_without_names(story: Story) -> None:
    story.order("settings", shares_names=False)

    members = story.call("GET", MEMBERS, query_string={"role": LEARNER}).get_json()["members"]

    assert len(members) == 12
    assert set(members[0]) == {"user_id", "status", "roles"}
    assert story.call("GET", f"{MEMBERS}?role=Learner").get_json()["members"] == []


def test_pages_lead_from_one_to_the_next_and_end(story: Story) -> None:
    story.order("settings", page_size=5)
    url: str | None = MEMBERS
    pages: list[list[str]] = []
    while url and len(pages) < 10:
        answer = story.call("GET", url)
        pages.append([member["user_id"] for member in answer.get_json()["members"]])
        url = next_url(answer)

    assert [len(page) for page in pages] == [5, 5, 3]
    assert len({sub for page in pages for sub in page}) == 13


def test_canvas_pages_line_items_by_ten_and_keeps_the_filters(story: Story) -> None:
    world = story.app.extensions["demo_lms"]
    for number in range(12):
        world.add_column("course-math", label=f"Quiz {number}", maximum=10, tag="many")

    first = story.call("GET", f"{LINE_ITEMS}?tag=many")
    following = next_url(first)

    assert len(first.get_json()) == 10
    assert following is not None
    assert len(story.call("GET", following).get_json()) == 2


def test_a_page_is_no_longer_than_asked(story: Story) -> None:
    assert len(story.call("GET", f"{MEMBERS}?limit=4").get_json()["members"]) == 4
    assert len(story.call("GET", f"{MEMBERS}?limit=4000").get_json()["members"]) == 13


@pytest.mark.parametrize("limit", ["0", "-3", "many"])
def test_a_senseless_limit_is_as_none(story: Story, limit: str) -> None:
    assert len(story.call("GET", f"{MEMBERS}?limit={limit}").get_json()["members"]) == 13


def test_moodles_link_header_cannot_be_parsed_plainly(tell: Any) -> None:
    story = tell("moodle")
    story.order("settings", page_size=1)

    list_type = "application/vnd.ims.lis.v2.lineitemcontainer+json"
    link = story.call("GET", f"{LINE_ITEMS}?type_id=1", headers={"Accept": list_type}).headers["Link"]

    text = link.encode("latin-1").decode()
    assert f"<{LINE_ITEMS}?type_id=1&amp;page=2>; rel=“next”" in text
    assert '"' not in text
    assert next_url(story.call("GET", MEMBERS)) == f"{MEMBERS}?page=2"
