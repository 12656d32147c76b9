"""What goes out has the full, strict form, with every trap of JSON right."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sis.oneroster.columns import COLUMN, SCORE
from tests.sis.oracle import check_request, needs_oracle
from tool.sis.oneroster.bodies import write_line_item, write_result
from tool.sis.oneroster.json_text import write_json
from tool.sis.plain import Access, LineItem, Profile, Result, SisError

MODIFIED = datetime(2026, 11, 20, 6, 5, 1, 123_456, tzinfo=UTC)
ROSTERING, GRADEBOOK = (f"https://sis.example/api/ims/oneroster/{name}/v1p2" for name in ("rostering", "gradebook"))
NEW = Access("1.2", "oauth2", ROSTERING, GRADEBOOK + "/", None, None, None, "x")
OLD_ROOT = "https://sis.example/ims/oneroster/v1p1"
OLD = Access("1.1", "bearer", OLD_ROOT, OLD_ROOT, None, None, None, "x", profile=Profile("aeries", "Aeries", "1.1"))


def column(item: LineItem = COLUMN, access: Access = NEW) -> dict[str, Any]:
    whole = json.loads(write_line_item(item, access, MODIFIED), parse_float=Decimal)
    assert list(whole) == ["lineItem"]
    return dict(whole["lineItem"])


def score(result: Result = SCORE, access: Access = NEW) -> dict[str, Any]:
    whole = json.loads(write_result(result, access, MODIFIED), parse_float=Decimal)
    assert list(whole) == ["result"]
    return dict(whole["result"])


def test_a_column_has_the_whole_form_of_1_2() -> None:
    assert column() == {
        "sourcedId": "d362f5ef-9b1a-5d70-a7e9-2015b8a68589",
        "status": "active",
        "dateLastModified": "2026-11-20T06:05:01.123Z",
        "title": "Fractions check 4",
        "assignDate": "2026-11-09T06:00:00.000Z",
        "dueDate": "2026-11-16T23:59:59.999Z",
        "class": {"href": f"{ROSTERING}/classes/class-2201", "sourcedId": "class-2201", "type": "class"},
        "school": {"href": f"{ROSTERING}/orgs/school-12", "sourcedId": "school-12", "type": "org"},
        "category": {"href": f"{GRADEBOOK}/categories/cat-hw", "sourcedId": "cat-hw", "type": "category"},
        "gradingPeriod": {
            "href": f"{ROSTERING}/academicSessions/gp-q2",
            "sourcedId": "gp-q2",
            "type": "academicSession",
        },
        "resultValueMin": 0,
        "resultValueMax": 20,
        "metadata": {"toolItem": "item-58"},
    }


def test_a_score_has_the_whole_form_of_1_2() -> None:
    line_item = f"{GRADEBOOK}/lineItems/{COLUMN.sourced_id}"

    assert score() == {
        "sourcedId": "4a0b0ca7-1e20-595f-87c3-b73a8623e225",
        "status": "active",
        "dateLastModified": "2026-11-20T06:05:01.123Z",
        "lineItem": {"href": line_item, "sourcedId": COLUMN.sourced_id, "type": "lineItem"},
        "student": {"href": f"{ROSTERING}/users/stu-904", "sourcedId": "stu-904", "type": "user"},
        "class": {"href": f"{ROSTERING}/classes/class-2201", "sourcedId": "class-2201", "type": "class"},
        "scoreStatus": "fully graded",
        "score": Decimal("17.5"),
        "scoreDate": "2026-11-19",
        "late": "true",
        "missing": "false",
        "incomplete": "false",
        "inProgress": "false",
    }


def test_a_column_of_1_1_has_no_school_and_one_root() -> None:
    body = column(access=OLD)

    assert "school" not in body
    assert body["class"]["href"] == f"{OLD_ROOT}/classes/class-2201"
    assert body["gradingPeriod"]["sourcedId"] == "gp-q2"
    assert (body["resultValueMin"], body["resultValueMax"]) == (0, 20)


def test_a_score_of_1_1_has_neither_flags_nor_class() -> None:
    assert set(score(access=OLD)) == {
        *("sourcedId", "status", "dateLastModified", "lineItem", "student", "scoreStatus", "score", "scoreDate"),
    }


def test_1_1_without_what_it_needs_is_not_written() -> None:
    with pytest.raises(SisError) as no_period:
        column(replace(COLUMN, period_id=None), OLD)
    with pytest.raises(SisError) as no_score:
        score(replace(SCORE, score=None), OLD)

    assert (no_period.value.kind, no_period.value.code) == ("permanent", "due.outside_period")
    assert (no_score.value.kind, no_score.value.code) == ("permanent", "score.entry_point")


def test_the_profile_decides_on_period_flags_and_metadata() -> None:
    plain = Profile("powerschool", "x", sends_grading_period=False, sends_flags=False)
    quiet = replace(NEW, profile=replace(plain, line_item_metadata={"scoreType": "POINTS"}))

    assert "gradingPeriod" not in column(access=quiet)
    assert column(access=quiet)["metadata"] == {"scoreType": "POINTS", "toolItem": "item-58"}
    assert "metadata" not in column(replace(COLUMN, metadata={}))
    assert not {"late", "missing", "incomplete", "inProgress"} & set(score(access=quiet))


def test_1_2_leaves_out_what_there_is_not() -> None:
    assert "gradingPeriod" not in column(replace(COLUMN, period_id=None))
    assert "score" not in score(replace(SCORE, score=None, status="exempt"))


def test_times_go_out_in_utc_and_ids_as_one_segment() -> None:
    in_denver = datetime(2026, 11, 9, 23, 59, 59, tzinfo=timezone(timedelta(hours=-7)))
    body = column(replace(COLUMN, due_at=in_denver, class_id="a/b 1.ü"))

    assert body["dueDate"] == "2026-11-10T06:59:59.000Z"
    assert body["class"]["sourcedId"] == "a/b 1.ü"
    assert body["class"]["href"].endswith("/classes/a%2Fb%201.%C3%BC")
    with pytest.raises(ValueError, match="zone"):
        column(replace(COLUMN, due_at=in_denver.replace(tzinfo=None)))


@needs_oracle
@pytest.mark.parametrize(
    "item", [COLUMN, replace(COLUMN, period_id=None, metadata={}), replace(COLUMN, sourced_id="li/1 ü")]
)
def test_the_standard_knows_every_column(item: LineItem) -> None:
    check("lineItems", item.sourced_id, write_line_item(item, NEW, MODIFIED))


@needs_oracle
@pytest.mark.parametrize(
    "result",
    [
        SCORE,
        replace(SCORE, status="exempt", score=None),
        replace(SCORE, status="exempt", score=Decimal(0)),
        replace(SCORE, status="not submitted", score=None, is_missing=True, is_late=False),
        replace(SCORE, status="partially graded", is_incomplete=True, is_in_progress=True),
        replace(SCORE, status="submitted", score=None),
        replace(SCORE, score=Decimal("0.1")),
        replace(SCORE, score=Decimal("1E+2")),
    ],
)
def test_the_standard_knows_every_score(result: Result) -> None:
    check("results", result.sourced_id, write_result(result, NEW, MODIFIED))


def check(collection: str, sourced_id: str, body: bytes) -> None:
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    check_request("PUT", f"{GRADEBOOK}/{collection}/{sourced_id.replace('/', '%2F')}", headers, body)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(lambda one: abs(one.adjusted()) < 40))
def test_a_number_arrives_with_exactly_its_digits(number: Decimal) -> None:
    text = write_json({"score": number})

    assert json.loads(text, parse_float=Decimal, parse_int=Decimal)["score"] == number
    assert "e" not in text.partition(":")[2].lower()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("17.50", "17.5"),
        ("20.00", "20"),
        ("0.1", "0.1"),
        ("0.30000000000000000001", "0.30000000000000000001"),
        ("100", "100"),
        ("1E+2", "100"),
        ("1E-7", "0.0000001"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
    ],
)
def test_a_number_has_no_tail_and_no_exponent(number: str, text: str) -> None:
    assert write_json(Decimal(number)) == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_written(number: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        write_json(Decimal(number))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_everything_else_is_ordinary_json(value: object) -> None:
    assert json.loads(write_json(value)) == value


def test_what_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError):
        write_json({"score": 17.5})
