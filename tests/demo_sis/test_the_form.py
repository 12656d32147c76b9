"""The form of what is sent: strict refuses what the official schema refuses, lax takes what Google's suite sends."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_sis.conftest import BEN, COLUMN, MARK, MATH, Story, in_days, said
from tests.sis.oracle import needs_oracle
from tool.demo_sis.sis import GRADEBOOK_12, ROSTERING_12

COLUMN_TRAPS: dict[str, dict[str, Any]] = {
    "no title": {"title": None},
    "no status": {"status": None},
    "another status": {"status": "inactive"},
    "no dateLastModified": {"dateLastModified": None},
    "dateLastModified without a time": {"dateLastModified": "2026-11-20"},
    "no assignDate": {"assignDate": None},
    "assignDate without a time": {"assignDate": "2026-11-09"},
    "no dueDate": {"dueDate": None},
    "dueDate without a time": {"dueDate": "2026-11-16"},
    "dueDate in words": {"dueDate": "next week"},
    "no class": {"class": None},
    "no school": {"school": None},
    "no category": {"category": None},
    "category by sourcedId alone": {"category": {"sourcedId": "cat-hw-2201"}},
    "school of type school": {"school": {"href": "https://sis.example/o", "sourcedId": "school-12", "type": "school"}},
    "maximum as text": {"resultValueMax": "20"},
    "maximum as a word": {"resultValueMax": True},
    "a property nobody knows": {"points": 20},
    "title as a number": {"title": 4},
}
RESULT_TRAPS: dict[str, dict[str, Any]] = {
    "a flag as a boolean": {"late": True},
    "a flag as a word": {"missing": "yes"},
    "scoreDate with a time": {"scoreDate": "2026-11-19T10:00:00.000Z"},
    "no scoreDate": {"scoreDate": None},
    "score as text": {"score": "17.5"},
    "scoreStatus in camelCase": {"scoreStatus": "fullyGraded"},
    "scoreStatus in capitals": {"scoreStatus": "Fully Graded"},
    "no scoreStatus": {"scoreStatus": None},
    "student by sourcedId alone": {"student": {"sourcedId": BEN}},
    "student of type student": {"student": {"href": "https://sis.example/s", "sourcedId": BEN, "type": "student"}},
    "no lineItem": {"lineItem": None},
    "a property nobody knows": {"points": 17},
}


@pytest.mark.parametrize("trap", COLUMN_TRAPS)
def test_strict_refuses_a_column_that_the_schema_refuses(story: Story, trap: str) -> None:
    answer = story.put_column(**COLUMN_TRAPS[trap])

    assert (answer.status_code, "validation exception" in said(answer)) == (422, True)
    assert story.columns() == {}


@pytest.mark.parametrize("trap", RESULT_TRAPS)
def test_strict_refuses_a_score_that_the_schema_refuses(story: Story, trap: str) -> None:
    story.put_column()
    answer = story.put_mark(**RESULT_TRAPS[trap])

    assert (answer.status_code, "validation exception" in said(answer)) == (422, True)
    assert story.mark() == {}


@needs_oracle
@pytest.mark.parametrize("trap", COLUMN_TRAPS)
def test_the_official_file_refuses_the_same_columns(story: Story, trap: str) -> None:
    sent = {"lineItem": story.line_item(**COLUMN_TRAPS[trap])}
    with pytest.raises(AssertionError):
        story.check_sent("PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}", sent)


@needs_oracle
@pytest.mark.parametrize("trap", RESULT_TRAPS)
def test_the_official_file_refuses_the_same_scores(story: Story, trap: str) -> None:
    sent = {"result": story.result(**RESULT_TRAPS[trap])}
    with pytest.raises(AssertionError):
        story.check_sent("PUT", f"{GRADEBOOK_12}/results/{MARK}", sent)


@pytest.mark.parametrize(
    "changes", [{"scoreStatus": "ext:curved"}, {"score": 25}, {"textScore": "B+"}, {"class": None}]
)
def test_what_the_schema_lets_through_is_taken(story: Story, changes: dict[str, Any]) -> None:
    story.put_column()
    story.check_sent("PUT", f"{GRADEBOOK_12}/results/{MARK}", {"result": story.result(**changes)})

    assert story.put_mark(**changes).status_code == 201


def test_null_is_no_number(story: Story) -> None:
    story.put_column()
    sent = {"result": {**story.result(), "score": None}}

    assert story.call("PUT", f"{GRADEBOOK_12}/results/{MARK}", sent).status_code == 422


def test_a_body_needs_its_envelope_and_the_same_id_as_the_address(story: Story) -> None:
    path = f"{GRADEBOOK_12}/lineItems/{COLUMN}"
    item = story.line_item()

    assert story.call("PUT", path, item).status_code == 422
    assert story.call("PUT", path, {"lineItem": item, "more": 1}).status_code == 422
    assert story.call("PUT", path, {"lineItem": [item]}).status_code == 422
    assert story.call("PUT", f"{path}-x", {"lineItem": item}).status_code == 422
    assert story.columns() == {}


@pytest.mark.parametrize("body", [b"{", b'{"lineItem": NaN}', b""])
def test_a_body_that_is_no_json_is_refused(story: Story, body: bytes) -> None:
    assert story.call("PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}", body).status_code == 400


def test_a_body_must_say_that_it_is_json(story: Story) -> None:
    story.sign_in()
    body = json.dumps({"lineItem": story.line_item()})
    path = f"{GRADEBOOK_12}/lineItems/{COLUMN}"

    assert story.client.put(path, data=body, headers=story.headers, content_type="text/plain").status_code == 400


def googles_column(**changes: Any) -> dict[str, Any]:
    """As Google's conformance suite sends it: references with sourcedId only, no status, no dateLastModified."""
    item = {
        "sourcedId": COLUMN,
        "title": "New test item",
        "description": "Test Line Item",
        "resultValueMin": 0,
        "resultValueMax": 100,
        "assignDate": in_days(0),
        "dueDate": in_days(1),
        "class": {"sourcedId": MATH},
        "category": {"sourcedId": "cat-hw-2201"},
        "school": {"sourcedId": "school-12"},
    }
    return {"lineItem": item | changes}


def googles_result(**changes: Any) -> dict[str, Any]:
    """The same, with a date-time in scoreDate and an empty comment."""
    result = {
        "sourcedId": MARK,
        "score": 80,
        "comment": "",
        "scoreStatus": "fully graded",
        "scoreDate": in_days(0),
        "lineItem": {"sourcedId": COLUMN},
        "student": {"sourcedId": BEN},
    }
    return {"result": result | changes}


def test_lax_lets_googles_suite_run_to_its_end(tell: Callable[..., Story]) -> None:
    """Its whole walk: teacher, classes, students, categories, periods, then write, edit, exceed, exempt, delete."""
    story = tell(is_strict=False)
    story.sign_in("roster.readonly", "gradebook.readonly", "gradebook.createput", "gradebook.delete")
    (teacher,) = story.ids("roster", "/teachers?filter=email='ada@school.example'&limit=10000")
    (taught,) = story.get("roster", f"/teachers/{teacher}/classes?limit=10000&filter=status='active'")["classes"]
    students = story.get("roster", f"/classes/{taught['sourcedId']}/students?limit=10000")["users"]
    assert {"email", "sourcedId"} <= set(students[0])
    assert story.ids("book", f"/classes/{MATH}/categories?limit=10000")[0] == "cat-hw-2201"
    periods = story.get("roster", f"/terms/{taught['terms'][0]['sourcedId']}/gradingPeriods?limit=10000")
    assert {one["type"] for one in periods["academicSessions"]} == {"gradingPeriod"}

    story.is_to_the_letter = False  # 200 for an update is Google's word, not the file's
    column, mark = f"{GRADEBOOK_12}/lineItems/{COLUMN}", f"{GRADEBOOK_12}/results/{MARK}"
    assert story.call("PUT", column, googles_column()).status_code == 201
    assert story.call("PUT", column, googles_column(title=f"[Amended] Rea{'l' * 80}y long")).status_code == 200
    assert story.call("PUT", mark, googles_result()).status_code == 201
    assert story.call("PUT", mark, googles_result(score=300)).status_code == 200
    of_column = f"/classes/{MATH}/lineItems/{COLUMN}/results?limit=10000"
    assert story.get("book", of_column)["results"][0]["score"] == 300
    assert story.call("PUT", mark, googles_result(scoreStatus="exempt")).status_code == 200
    assert story.get("book", of_column)["results"][0]["scoreStatus"] == "exempt"
    assert story.call("DELETE", mark).status_code == 204
    assert story.ids("book", of_column) == []
    assert story.call("DELETE", column).status_code == 204


def test_strict_refuses_what_googles_suite_sends(story: Story) -> None:
    assert story.call("PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}", googles_column()).status_code == 422
    story.put_column()
    assert story.call("PUT", f"{GRADEBOOK_12}/results/{MARK}", googles_result()).status_code == 422


def test_lax_takes_the_whole_form_too_and_refuses_what_says_nothing(tell: Callable[..., Story]) -> None:
    story = tell(is_strict=False)

    assert story.put_column().status_code == 201
    assert story.put_mark().status_code == 201
    story.is_to_the_letter = False
    for changes in ({"title": 4}, {"class": "class-2201"}, {"dueDate": "soon"}, {"resultValueMax": "20"}):
        path = f"{GRADEBOOK_12}/lineItems/{COLUMN}"
        assert story.call("PUT", path, googles_column(**changes)).status_code == 422
    assert story.call("GET", f"{ROSTERING_12}/users").status_code == 200
