"""Columns and scores that are put stand in the gradebook, once, however often they are sent."""

import json

import pytest

from tests.demo_sis.conftest import BEN, CLEO, COLUMN, HOMEWORK, MARK, MATH, SCIENCE, Story, said
from tool.demo_sis.sis import GRADEBOOK_12


def test_a_column_and_a_score_travel_whole(story: Story) -> None:
    story.check_sent("PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}", {"lineItem": story.line_item()})
    story.check_sent("PUT", f"{GRADEBOOK_12}/results/{MARK}", {"result": story.result()})
    made = story.put_column()
    assert (made.status_code, made.get_data()) == (201, b"")
    assert story.put_mark().status_code == 201

    column = story.get("book", f"/lineItems/{COLUMN}")["lineItem"]
    sent = story.line_item()
    for name in ("title", "class", "school", "category", "gradingPeriod", "resultValueMax", "metadata"):
        assert column[name] == sent[name]
    mark = story.get("book", f"/results/{MARK}")["result"]
    for name in ("lineItem", "student", "class", "scoreStatus", "score", "scoreDate", "late", "missing"):
        assert mark[name] == story.result()[name]


def test_a_repeated_put_changes_nothing(story: Story) -> None:
    for _ in range(3):
        assert story.put_column().status_code == 201
        assert story.put_mark().status_code == 201

    assert list(story.columns()) == ["Fractions check 4"]
    assert list(story.columns()["Fractions check 4"]["results"]) == [BEN]


def test_a_later_put_takes_the_place_of_the_earlier(story: Story) -> None:
    story.put_column()
    story.put_mark()
    story.put_column(title="Fractions, once more", category=story.refer("category", "categories", "cat-test-2201"))
    story.put_mark(scoreStatus="exempt", score=None, late=None)

    column = story.columns()["Fractions, once more"]
    assert column["category"] == "Tests"
    mark = column["results"][BEN]
    assert (mark["status"], mark["score"], mark["late"], mark["missing"]) == ("exempt", None, None, False)


def test_scores_keep_their_exact_value(story: Story) -> None:
    story.put_column()
    story.call("PUT", f"{GRADEBOOK_12}/results/{MARK}", _with_score(story, "6.67"))

    assert story.mark()["score"] == 6.67
    assert b'"score": 6.67' in story.call("GET", f"{GRADEBOOK_12}/results/{MARK}").get_data()


def _with_score(story: Story, digits: str) -> bytes:
    return json.dumps({"result": story.result(score=98765)}).replace("98765", digits).encode()


def test_every_list_of_the_gradebook_is_the_standards(story: Story) -> None:
    story.put_column()
    story.put_mark()
    story.put_mark("res-cleo", CLEO, score=3)

    assert story.ids("book", f"/classes/{MATH}/categories") == [HOMEWORK, "cat-quiz-2201", "cat-test-2201"]
    assert len(story.ids("book", "/categories")) == 6
    assert story.get("book", f"/categories/{HOMEWORK}")["category"]["metadata"] == {"classId": MATH}
    assert story.ids("book", "/lineItems") == story.ids("book", f"/classes/{MATH}/lineItems") == [COLUMN]
    assert story.ids("book", f"/classes/{SCIENCE}/lineItems") == []
    for path in ("/results", f"/classes/{MATH}/results", f"/classes/{MATH}/lineItems/{COLUMN}/results"):
        assert story.ids("book", path) == [MARK, "res-cleo"]
    assert story.ids("book", f"/classes/{MATH}/students/{CLEO}/results") == ["res-cleo"]
    assert story.ids("book", f"/classes/{MATH}/scoreScales") == []


@pytest.mark.parametrize(
    "path",
    [
        "/categories/x",
        "/lineItems/x",
        "/results/x",
        "/classes/x/categories",
        "/classes/x/lineItems",
        f"/classes/{MATH}/lineItems/x/results",
        f"/classes/{MATH}/students/x/results",
    ],
)
def test_what_is_not_there_is_unknown(story: Story, path: str) -> None:
    assert story.call("GET", GRADEBOOK_12 + path).status_code == 404


def test_what_is_deleted_is_gone(story: Story) -> None:
    story.put_column()
    story.put_mark()

    assert story.call("DELETE", f"{GRADEBOOK_12}/results/{MARK}").status_code == 204
    assert story.call("GET", f"{GRADEBOOK_12}/results/{MARK}").status_code == 404
    assert story.call("DELETE", f"{GRADEBOOK_12}/results/{MARK}").status_code == 404
    story.put_mark()
    assert story.call("DELETE", f"{GRADEBOOK_12}/lineItems/{COLUMN}").status_code == 204
    assert story.call("DELETE", f"{GRADEBOOK_12}/lineItems/{COLUMN}").status_code == 404
    assert story.ids("book", "/results") == []


def test_a_score_for_a_column_that_is_gone_is_refused(story: Story) -> None:
    story.put_column()
    story.order("delete-column", column=COLUMN)

    answer = story.put_mark()
    assert (answer.status_code, "Invalid assignment id" in said(answer)) == (404, True)
    assert story.put_column().status_code == 201


def test_a_student_has_one_score_in_a_column(story: Story) -> None:
    story.put_column()
    story.put_mark("first", score=3)
    story.put_mark("second", score=4)

    assert (story.ids("book", "/results"), story.mark()["score"]) == (["second"], 4)
    assert story.put_mark("second", CLEO).status_code == 409


def test_several_are_posted_at_once_and_get_ids(story: Story) -> None:
    path = f"{GRADEBOOK_12}/classes/{MATH}/lineItems"
    answer = story.call("POST", path, {"lineItems": [story.line_item("a"), story.line_item("b", title="Another")]})

    pairs = {one["suppliedSourcedId"]: one["allocatedSourcedId"] for one in answer.get_json()["sourcedIdPairs"]}
    assert (answer.status_code, set(pairs)) == (201, {"a", "b"})
    assert set(story.ids("book", "/lineItems")) == set(pairs.values())
    results = {"results": [story.result("r", column=pairs["a"])]}
    posted = story.call("POST", f"{GRADEBOOK_12}/lineItems/{pairs['a']}/results", results)
    assert posted.status_code == 201
    assert story.mark()["score"] == 17.5


def test_of_several_none_is_kept_when_one_is_refused(story: Story) -> None:
    path = f"{GRADEBOOK_12}/classes/{MATH}/lineItems"
    answer = story.call("POST", path, {"lineItems": [story.line_item("a"), story.line_item("b", title="")]})

    assert (answer.status_code, story.columns()) == (422, {})
    assert story.call("POST", path, {"lineItems": [story.line_item("a", in_class=SCIENCE)]}).status_code == 422
    assert story.call("POST", path, {"lineItems": "all"}).status_code == 422
