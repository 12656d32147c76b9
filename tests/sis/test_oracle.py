"""The standard's own files notice what is wrong with a request or an answer: every trap of JSON is refused."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sis.oneroster.columns import COLUMN, SCORE
from tests.sis.oracle import check_answer, check_request, covers, needs_oracle
from tool.sis.oneroster.bodies import write_line_item, write_result
from tool.sis.plain import Access

pytestmark = needs_oracle

ROSTERING, GRADEBOOK = (f"https://sis.example/api/ims/oneroster/{name}/v1p2" for name in ("rostering", "gradebook"))
ACCESS = Access("1.2", "oauth2", ROSTERING, GRADEBOOK, None, None, None, "x")
SIGNED = {"authorization": "Bearer x", "content-type": "application/json; charset=utf-8"}
NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
LEFT_OUT = object()


def put(collection: str, body: bytes, headers: dict[str, str] | None = None) -> None:
    sourced_id = COLUMN.sourced_id if collection == "lineItems" else SCORE.sourced_id
    check_request("PUT", f"{GRADEBOOK}/{collection}/{sourced_id}", SIGNED if headers is None else headers, body)


def changed(body: bytes, name: str, value: object) -> bytes:
    whole: dict[str, Any] = deepcopy(json.loads(body))
    inner = next(iter(whole.values()))
    inner[name] = value
    if value is LEFT_OUT:
        del inner[name]
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dueDate", "2026-11-16"),
        ("dueDate", "2026-11-16T23:59:59"),
        ("assignDate", "2026-11-09"),
        ("dateLastModified", None),
        ("status", "Active"),
        ("title", None),
        ("class", {"sourcedId": "class-2201"}),
        ("school", {"href": "https://sis.example/orgs/1", "sourcedId": "1", "type": "school"}),
        ("school", LEFT_OUT),
        ("category", LEFT_OUT),
        ("resultValueMax", "20"),
        ("resultValueMax", None),
        ("points", 20),
        ("sourcedId", "another"),
    ],
)
def test_a_column_with_a_flaw(name: str, value: object) -> None:
    body = write_line_item(COLUMN, ACCESS, NOW)
    put("lineItems", body)
    with pytest.raises(AssertionError, match=r"PUT https://sis\.example"):
        put("lineItems", changed(body, name, value))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("late", True),
        ("missing", "True"),
        ("scoreDate", "2026-11-19T00:00:00.000Z"),
        ("scoreStatus", "fullyGraded"),
        ("scoreStatus", LEFT_OUT),
        ("score", "17.5"),
        ("score", None),
        ("student", "stu-904"),
        ("lineItem", LEFT_OUT),
        ("percent", 80),
    ],
)
def test_a_score_with_a_flaw(name: str, value: object) -> None:
    body = write_result(SCORE, ACCESS, NOW)
    put("results", body)
    with pytest.raises(AssertionError):
        put("results", changed(body, name, value))


def test_a_request_with_a_flaw_outside_its_body() -> None:
    body = write_result(SCORE, ACCESS, NOW)
    bare = json.dumps(json.loads(body)["result"]).encode()
    with pytest.raises(AssertionError, match="no bearer token"):
        put("results", body, {"Content-Type": "application/json"})
    for headers in ({"Authorization": "Bearer x"}, SIGNED | {"content-type": "text/plain"}):
        with pytest.raises(AssertionError):
            put("results", body, headers)
    for wrong in (bare, b"", b"{", body.replace(b"17.5", b"NaN")):
        with pytest.raises(AssertionError):
            put("results", wrong)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", f"{ROSTERING}/teachers?limit=0"),
        ("GET", f"{ROSTERING}/teachers?offset=-1"),
        ("GET", f"{ROSTERING}/teachers?page=2"),
        ("GET", f"{ROSTERING}/teachers?filter=email%3Dada"),
        ("GET", f"{ROSTERING}/teacher"),
        ("GET", f"{GRADEBOOK}/classes/1/gradingPeriods"),
        ("POST", f"{GRADEBOOK}/lineItems"),
        ("PATCH", f"{GRADEBOOK}/lineItems/1"),
    ],
)
def test_an_address_the_standard_has_not(method: str, url: str) -> None:
    check_request("GET", f"{ROSTERING}/teachers?limit=1&offset=0&filter=email%3D%27ada%40x%27", SIGNED, b"")
    with pytest.raises(AssertionError):
        check_request(method, url, SIGNED, None)


def test_what_there_is_no_file_for_is_let_through() -> None:
    assert covers(f"{GRADEBOOK}/lineItems")
    for url in ("https://sis.example/token", "/ims/oneroster/v1p1/lineItems", "/control/reset"):
        assert not covers(url)
        check_request("POST", url, {}, b"?")
        check_answer("POST", url, 200, {}, b"?")


def told(value: object) -> bytes:
    return json.dumps(value).encode()


BASE = {"sourcedId": "a", "status": "active", "dateLastModified": "2026-11-19T00:00:00Z"}
REFUSED = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": "no"}


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("PUT", "/lineItems/1", 201, b""),
        ("DELETE", "/results/1", 204, b""),
        ("PUT", "/lineItems/1", 422, told(REFUSED)),
        ("PUT", "/lineItems/1", 409, told(REFUSED)),
        ("GET", "/classes/1/categories", 200, told({"categories": [BASE | {"title": "x"}]})),
        ("GET", "/classes/1/categories", 404, told(REFUSED)),
    ],
)
def test_an_answer_the_standard_has(method: str, path: str, status: int, body: bytes) -> None:
    check_answer(method, GRADEBOOK + path, status, {"Content-Type": "application/json"}, body)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("PUT", "/lineItems/1", 200, b""),
        ("PUT", "/lineItems/1", 201, told({"lineItem": BASE})),
        ("DELETE", "/results/1", 204, b"{}"),
        ("PUT", "/lineItems/1", 422, told({"error": "no"})),
        ("PUT", "/lineItems/1", 422, b""),
        ("GET", "/classes/1/categories", 200, told({"category": []})),
        ("GET", "/classes/1/categories", 200, told({"categories": [BASE]})),
        ("GET", "/classes/1/categories", 200, told({"categories": [BASE | {"title": "x", "classId": "1"}]})),
        ("GET", "/classes/1/categories", 200, b"<html>"),
        ("GET", "/nothing", 200, b"{}"),
    ],
)
def test_an_answer_the_standard_has_not(method: str, path: str, status: int, body: bytes) -> None:
    with pytest.raises(AssertionError):
        check_answer(method, GRADEBOOK + path, status, {"Content-Type": "application/json"}, body)
