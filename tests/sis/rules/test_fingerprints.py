"""The same thing has the same print; what would look otherwise in the SIS has another."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from tool.sis.plain import LineItem, Result
from tool.sis.rules.fingerprints import of_line_item, of_result

ITEM = LineItem(
    sourced_id="li-1",
    title="Fractions check 4",
    assigned_at=datetime(2026, 11, 9, 15, tzinfo=UTC),
    due_at=datetime(2026, 11, 17, 6, 59, 59, tzinfo=UTC),
    class_id="class-2201",
    school_id="school-12",
    category_id="cat-hw",
    period_id="gp-q2",
    maximum=Decimal(20),
    metadata={"a": "1", "b": "2"},
)
RESULT = Result(
    sourced_id="r-1",
    line_item_id="li-1",
    student_id="stu-904",
    class_id="class-2201",
    status="fully graded",
    score=Decimal("17.5"),
    scored_on=date(2026, 11, 19),
)
ANOTHER_ITEM: dict[str, Any] = {
    "title": "Fractions check 5",
    "assigned_at": ITEM.assigned_at + timedelta(seconds=1),
    "due_at": ITEM.due_at + timedelta(seconds=1),
    "class_id": "class-2202",
    "school_id": "school-13",
    "category_id": "cat-test",
    "period_id": None,
    "maximum": Decimal("20.5"),
    "minimum": Decimal(1),
    "metadata": {"a": "1", "b": "3"},
}
ANOTHER_RESULT: dict[str, Any] = {
    "line_item_id": "li-2",
    "student_id": "stu-905",
    "class_id": "class-2202",
    "status": "partially graded",
    "score": None,
    "is_late": True,
    "is_missing": True,
    "is_incomplete": True,
    "is_in_progress": True,
}
SAME_ITEM: dict[str, Any] = {
    "sourced_id": "their-own-id",
    "due_at": ITEM.due_at.astimezone(timezone(timedelta(hours=-7))),
    "maximum": Decimal("20.00"),
    "metadata": {"b": "2", "a": "1"},
}
SAME_RESULT: dict[str, Any] = {
    "sourced_id": "their-own-id",
    "score": Decimal("17.50"),
    "scored_on": date(2026, 11, 20),
}


@pytest.mark.parametrize("name", ANOTHER_ITEM)
def test_a_column_that_would_look_otherwise_has_another_print(name: str) -> None:
    assert of_line_item(replace(ITEM, **{name: ANOTHER_ITEM[name]})) != of_line_item(ITEM)


@pytest.mark.parametrize("name", ANOTHER_RESULT)
def test_a_score_that_would_look_otherwise_has_another_print(name: str) -> None:
    assert of_result(replace(RESULT, **{name: ANOTHER_RESULT[name]})) != of_result(RESULT)


@pytest.mark.parametrize("name", SAME_ITEM)
def test_the_same_column_has_the_same_print(name: str) -> None:
    assert of_line_item(replace(ITEM, **{name: SAME_ITEM[name]})) == of_line_item(ITEM)


@pytest.mark.parametrize("name", SAME_RESULT)
def test_the_same_score_has_the_same_print(name: str) -> None:
    assert of_result(replace(RESULT, **{name: SAME_RESULT[name]})) == of_result(RESULT)


def test_every_field_has_been_thought_of() -> None:
    assert {field.name for field in fields(LineItem)} == {*ANOTHER_ITEM, *SAME_ITEM}
    assert {field.name for field in fields(Result)} == {*ANOTHER_RESULT, *SAME_RESULT}


def test_a_print_is_a_sha256_that_outlives_the_process_and_zero_is_not_nothing() -> None:
    assert of_result(RESULT) == "3ffecd2ebfc0d9ce1933b397e4c00a19ad002f4515701505d3870c0fa8dd20bd"
    assert of_result(replace(RESULT, score=Decimal(0))) != of_result(replace(RESULT, score=None))
    assert of_result(replace(RESULT, score=Decimal("-0"))) == of_result(replace(RESULT, score=Decimal(0)))
    assert of_result(replace(RESULT, score=Decimal(100))) == of_result(replace(RESULT, score=Decimal("1E+2")))
