"""OneRoster 1.1: one root, other fields, a number in every score."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_sis.conftest import BEN, COLUMN, HOMEWORK, MARK, MATH, SIS_URL, Story
from tests.demo_sis.test_the_door import sign
from tool.demo_sis.settings import SCOPES_11
from tool.demo_sis.sis import ROOT_11, ROSTERING_12


@pytest.fixture
def old(tell: Callable[..., Story]) -> Story:
    return tell(version="1.1")


def column(story: Story, **changes: Any) -> dict[str, Any]:
    return {"lineItem": story.line_item(**{"school": None, **changes})}


def mark(story: Story, **changes: Any) -> dict[str, Any]:
    none = dict.fromkeys(("class", "late", "missing", "incomplete", "inProgress"))
    return {"result": story.result(**{**none, **changes})}


def test_a_grade_travels_signed(tell: Callable[..., Story]) -> None:
    story = tell(version="1.1", auth="oauth1")
    for place, body in ((f"lineItems/{COLUMN}", column(story)), (f"results/{MARK}", mark(story))):
        path = f"{ROOT_11}/{place}"
        answers = [
            story.call("PUT", path, body, headers={"Authorization": sign("PUT", path)}).status_code for _ in range(2)
        ]
        assert answers == [201, 200]

    assert story.mark()["score"] == 17.5
    path = f"{ROOT_11}/classes/{MATH}/lineItems/{COLUMN}/results"
    (found,) = story.call("GET", path, headers={"Authorization": sign("GET", path)}).get_json()["results"]
    assert found["score"] == 17.5
    assert not {"late", "class", "textScore"} & set(found)


def test_all_is_under_one_root(old: Story) -> None:
    connection = old.look("connection.json")
    assert connection["rostering_url"] == connection["gradebook_url"] == f"{SIS_URL}{ROOT_11}"
    assert old.ask_token().get_json()["scope"].startswith(SCOPES_11)
    assert [one["role"] for one in old.get("roster", "/teachers")["users"]] == ["teacher", "teacher"]
    assert len(old.ids("roster", f"/classes/{MATH}/students")) == 12
    periods = old.get("roster", "/terms/term-s1/gradingPeriods")["academicSessions"]
    assert [one["title"] for one in periods] == ["Quarter 1", "Quarter 2"]
    assert periods[0]["parent"]["href"] == f"{SIS_URL}{ROOT_11}/academicSessions/term-s1"


def test_the_addresses_of_the_other_version_are_not_there(old: Story, tell: Callable[..., Story]) -> None:
    answer = old.call("GET", f"{ROSTERING_12}/users")
    assert (answer.status_code, "API route not found" in answer.get_data(as_text=True)) == (404, True)

    story = tell()
    assert story.call("GET", f"{ROOT_11}/users").status_code == 404


@pytest.mark.parametrize("path", [f"/classes/{MATH}/categories", f"/classes/{MATH}/scoreScales"])
def test_what_1_2_has_more_is_not_there(old: Story, path: str) -> None:
    assert old.call("GET", ROOT_11 + path).status_code == 404
    assert old.call("POST", f"{ROOT_11}/classes/{MATH}/lineItems", {"lineItems": []}).status_code == 404


def test_categories_are_listed_whole_and_tell_their_class(old: Story, tell: Callable[..., Story]) -> None:
    categories = old.get("book", "/categories")["categories"]
    own = [one["sourcedId"] for one in categories if one["metadata"]["classId"] == MATH]
    assert own == [HOMEWORK, "cat-quiz-2201", "cat-test-2201"]

    silent = tell(version="1.1", category_class_key="")
    assert "metadata" not in silent.get("book", "/categories")["categories"][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"gradingPeriod": None},
        {"resultValueMax": None},
        {"resultValueMin": None},
        {"school": {"href": "https://sis.example/o", "sourcedId": "school-12", "type": "org"}},
    ],
)
def test_a_column_needs_its_period_and_range_and_has_no_school(old: Story, changes: dict[str, Any]) -> None:
    assert old.call("PUT", f"{ROOT_11}/lineItems/{COLUMN}", column(old, **changes)).status_code == 422


def test_a_score_is_a_number_and_has_no_flags(old: Story) -> None:
    path = f"{ROOT_11}/results/{MARK}"
    old.call("PUT", f"{ROOT_11}/lineItems/{COLUMN}", column(old))

    assert old.call("PUT", path, mark(old, scoreStatus="exempt", score=None)).status_code == 422
    assert old.call("PUT", path, mark(old, late="true")).status_code == 422
    assert old.call("PUT", path, mark(old, scoreStatus="exempt", score=0)).status_code == 201
    assert old.mark(BEN)["status"] == "exempt"
    assert old.call("DELETE", path).status_code == 204
    assert old.call("GET", path).status_code == 404
