"""What the schema lets through and the gradebook refuses, in words like those of real SIS."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_sis.conftest import BEN, COLUMN, DAN, ISAAC, MATH, QUIZZES, Story, in_days, said


def moved(story: Story, days: int) -> dict[str, Any]:
    """Due so many days from now, without naming a period."""
    return {"assignDate": in_days(days - 1), "dueDate": in_days(days), "gradingPeriod": None}


def test_a_due_date_lies_in_a_period_of_the_class(story: Story) -> None:
    for days in (80, -100):
        answer = story.put_column(**moved(story, days))
        assert (answer.status_code, "Invalid due date" in said(answer)) == (422, True)
    assert story.columns() == {}

    assert story.put_column(**moved(story, -30)).status_code == 201
    assert story.columns()["Fractions check 4"]["period"] == "Quarter 1"


@pytest.mark.parametrize(
    ("due_at", "period"),
    [
        # In Chicago the sixth of November begins at 06:00 UTC; the end of a period is excluded.
        ("2026-11-06T05:59:59.000Z", "Quarter 1"),
        ("2026-11-06T06:00:00.000Z", "Quarter 2"),
        ("2027-01-15T05:59:59.000Z", "Quarter 2"),
        ("2027-01-15T06:00:00.000Z", None),
    ],
)
def test_days_are_the_districts_and_ends_are_excluded(story: Story, due_at: str, period: str | None) -> None:
    story.order("reset", today="2026-11-20")
    answer = story.put_column(assignDate="2026-10-20T06:00:00.000Z", dueDate=due_at, gradingPeriod=None)

    assert (answer.status_code == 201) == (period is not None)
    assert [one["period"] for one in story.columns().values()] == [period][: period is not None]


def test_a_named_period_must_hold_the_due_date(story: Story) -> None:
    first = story.refer("academicSession", "academicSessions", "gp-q1")
    assert "Invalid due date" in said(story.put_column(gradingPeriod=first))

    unknown = story.refer("academicSession", "academicSessions", "gp-q9")
    assert "Could not determine grading period" in said(story.put_column(gradingPeriod=unknown))


def test_due_comes_after_assigned(story: Story) -> None:
    answer = story.put_column(assignDate=in_days(8))

    assert (answer.status_code, "Assignment dates error" in said(answer)) == (422, True)


def test_some_sis_do_not_look_at_dates(tell: Callable[..., Story]) -> None:
    story = tell(checks_dates=False)

    assert story.put_column(**moved(story, 300)).status_code == 201


def test_a_closed_period_is_locked(story: Story) -> None:
    story.put_column()
    story.order("close-period", period="gp-q2")

    for answer in (story.put_column(title="Other"), story.put_mark(), story.put_column("new")):
        assert (answer.status_code, "Assignment is locked" in said(answer)) == (409, True)
    assert story.put_column("earlier", **moved(story, -30), title="Earlier").status_code == 201
    assert story.mark() == {}

    story.order("close-period", period="gp-q2", open=True)
    assert story.put_mark().status_code == 201


def test_a_category_is_one_of_the_class(story: Story) -> None:
    unknown = story.put_column(category=story.refer("category", "categories", "cat-x"))
    assert unknown.status_code == 422
    assert said(unknown) == "Category cat-x not found in OneRoster. Available: Homework, Quizzes, Tests"

    others = story.put_column(category=story.refer("category", "categories", "cat-hw-2305"))
    assert (others.status_code, "Teacher category id" in said(others)) == (409, True)


def test_a_deleted_category_takes_no_more_columns(story: Story) -> None:
    story.put_column()
    story.order("rename-category", category="cat-hw-2201", title=None)

    assert story.put_column().status_code == 422
    assert story.columns()["Fractions check 4"]["category"] is None
    assert story.put_column(category=story.refer("category", "categories", QUIZZES)).status_code == 201


@pytest.mark.parametrize("student", [DAN, ISAAC, "nobody"])
def test_a_student_is_enrolled_in_the_class(story: Story, student: str) -> None:
    story.put_column()
    answer = story.put_mark(student=student)

    assert (answer.status_code, "not enrolled" in said(answer)) == (422, True)


def test_whoever_was_there_on_the_due_date_still_gets_a_score(story: Story) -> None:
    story.put_column()
    story.order("enroll", **{"class": MATH, "student": ISAAC, "begins_on": in_days(5)[:10]})
    story.order("enroll", **{"class": MATH, "student": BEN, "ends_on": in_days(-2)[:10]})

    assert story.put_mark("for-isaac", ISAAC).status_code == 201
    assert story.put_mark("for-ben", BEN).status_code == 422


@pytest.mark.parametrize(
    ("settings", "changes", "status", "words"),
    [
        ({"title_limit": 16}, {}, 422, "must be 16 characters or fewer"),
        ({"title_limit": 17}, {}, 201, ""),
        ({}, {"title": " "}, 422, "name is empty"),
        ({"needs_whole_points": True}, {"resultValueMax": 10.5}, 422, "whole number"),
        ({"needs_whole_points": True}, {"resultValueMax": 10}, 201, ""),
        ({}, {"resultValueMax": 0}, 422, "more than 0"),
        ({}, {"school": "another"}, 422, "School another not found"),
        ({}, {"class": "another"}, 422, "section not found"),
    ],
)
def test_names_points_and_places(
    tell: Callable[..., Story], settings: dict[str, Any], changes: dict[str, Any], status: int, words: str
) -> None:
    story = tell(**settings)
    for name, kind, place in (("school", "org", "orgs"), ("class", "class", "classes")):
        if name in changes:
            changes = {name: story.refer(kind, place, changes[name])}

    answer = story.put_column(**changes)
    assert answer.status_code == status
    assert words in (said(answer) if words else "")


def test_titles_are_unique_where_the_sis_says_so(tell: Callable[..., Story]) -> None:
    story = tell(needs_unique_titles=True)
    made = story.order("add-column", **{"class": MATH, "title": "fractions CHECK 4", "category": QUIZZES})

    answer = story.put_column()
    assert (answer.status_code, "already exists" in said(answer)) == (409, True)
    story.order("delete-column", column=made["sourced_id"])
    assert [story.put_column().status_code for _ in range(2)] == [201, 201]


@pytest.mark.parametrize(
    ("settings", "changes", "status", "words"),
    [
        ({}, {"score": 21}, 201, ""),
        ({"allows_above_maximum": False}, {"score": 21}, 422, "Unable to process score"),
        ({"allows_above_maximum": False}, {"score": 20}, 201, ""),
        ({}, {"score": -1}, 422, "Unable to process score"),
        ({}, {"score": None}, 409, "Score entry point required"),
        ({"needs_numbers": False}, {"score": None}, 201, ""),
        ({}, {"score": None, "scoreStatus": "exempt"}, 201, ""),
        ({}, {"score": None, "scoreStatus": "submitted"}, 201, ""),
    ],
)
def test_scores(
    tell: Callable[..., Story], settings: dict[str, Any], changes: dict[str, Any], status: int, words: str
) -> None:
    story = tell(**settings)
    story.put_column()

    answer = story.put_mark(**changes)
    assert answer.status_code == status
    assert words in (said(answer) if words else "")


def test_a_gradebook_without_exempt_shows_a_zero(tell: Callable[..., Story]) -> None:
    story = tell(takes_exempt=False)
    story.put_column()
    story.put_mark(scoreStatus="exempt", score=None)

    assert (story.mark()["status"], story.mark()["score"]) == ("fully graded", 0)


def test_a_column_stays_in_its_class(story: Story) -> None:
    story.put_column()

    assert story.put_column(in_class="class-2305").status_code == 409
    elsewhere: dict[str, Any] = {"class": story.refer("class", "classes", "class-2305")}
    named = story.put_mark(**elsewhere)
    assert (named.status_code, COLUMN in said(named)) == (422, True)
