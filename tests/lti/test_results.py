"""The gradebook read back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.lti.rough_server import reply
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.errors import ServiceError
from tool.lti.results import read_results

BEN = {"userId": "ben", "resultScore": 80, "resultMaximum": 100, "comment": "Fine", "timestamp": "2026-03-02T09:00:00Z"}
CLEO = {"userId": "cleo", "resultScore": 0, "resultMaximum": 100}


@pytest.mark.parametrize("family", ["moodle", "unknown"])
def test_no_limit_is_sent_where_it_breaks_the_list(desk: ServiceDesk, family: str) -> None:
    desk.server.on("/item/results", reply_json([]))

    assert read_results(desk.connector(family), desk.server.url + "/item") == []
    assert "limit" not in desk.server.received[0].path


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("resultScore", None, None),
        ("resultScore", "7.5", Decimal("7.5")),
        ("resultScore", 0.1, Decimal("0.1")),
        ("resultScore", True, None),
        ("resultScore", "NaN", None),
        ("resultScore", float("nan"), None),
        ("resultScore", 1e400, None),
        ("resultScore", [], None),
        ("timestamp", "2026-03-02T10:00:00+01:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("timestamp", "2026-03-02T09:00:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("timestamp", "yesterday", None),
        ("timestamp", 7, None),
        ("timestamp", "0001-01-01T00:00:00+14:00", None),
        ("comment", "", None),
        ("comment", "a\x00b", "a\ufffdb"),
        ("comment", {}, None),
    ],
)
def test_a_field_is_read_or_left_out(desk: ServiceDesk, field: str, value: object, read: object) -> None:
    desk.server.on("/item/results", reply_json([{**BEN, field: value}]))
    names = {"resultScore": "score", "timestamp": "timestamp", "comment": "comment"}

    assert getattr(read_results(desk.connector(), desk.server.url + "/item")[0], names[field]) == read


def test_entries_of_no_use_are_left_out(desk: ServiceDesk) -> None:
    desk.server.on("/item/results", reply_json([None, [], 7, {}, {"userId": ""}, {"userId": 5}, BEN]))

    assert [one.user_id for one in read_results(desk.connector(), desk.server.url + "/item")] == ["5", "ben"]


@pytest.mark.parametrize("body", ["{}", "null", "", "x", "<html>", "[" * 100_000])
def test_a_list_that_is_none_is_an_error(desk: ServiceDesk, body: str) -> None:
    desk.server.on("/item/results", reply(200, body))

    with pytest.raises(ServiceError) as caught:
        read_results(desk.connector(), desk.server.url + "/item")

    assert (caught.value.kind, caught.value.reason) == ("later", "unreadable")
