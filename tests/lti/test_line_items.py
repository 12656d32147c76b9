"""Gradebook columns: the own one is found on any page, none is made twice, and filters are not trusted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.lti.rough_server import Behaviour, reply
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.errors import ServiceError
from tool.lti.line_items import LineItemFacts, create_line_item, find_line_item, read_line_item
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ


def item(number: int, **changes: object) -> dict[str, object]:
    return {"id": f"https://lms.example/items/{number}", "label": f"Column {number}", "scoreMaximum": 100, **changes}


OWN = item(7, resourceId="fractions", tag="passback", resourceLinkId="link-7")


def find(
    desk: ServiceDesk, family: str = "unknown", path: str = "/items", **wanted: str | None
) -> LineItemFacts | None:
    names: dict[str, str | None] = {
        "resource_link_id": "link-7",
        "resource_id": "fractions",
        "tag": "passback",
        **wanted,
    }
    return find_line_item(
        desk.connector(family),
        desk.server.url + path,
        resource_link_id=names["resource_link_id"],
        resource_id=names["resource_id"],
        tag=names["tag"],
    )


def found_number(found: LineItemFacts | None) -> int | None:
    return int(found.url.rpartition("/")[2]) if found else None


def test_the_own_column_is_found_by_its_filter(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([OWN]))

    assert find(desk) == LineItemFacts(
        "https://lms.example/items/7", "Column 7", Decimal(100), "fractions", "passback", "link-7", None
    )
    assert desk.server.received[0].path == "/items?resource_id=fractions&tag=passback"
    assert desk.server.received[0].headers["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"


def test_moodles_query_is_kept_beside_the_filter(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([OWN]))
    find(desk, "moodle", path="/items?type_id=3")

    assert desk.server.received[0].path == "/items?type_id=3&resource_id=fractions&tag=passback"


def test_only_canvas_is_asked_for_longer_pages(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([OWN]))
    find(desk, "canvas")
    find(desk, "moodle")

    assert parse_qs(urlsplit(desk.server.received[0].path).query)["limit"] == ["100"]
    assert "limit" not in desk.server.received[1].path


def test_a_filter_that_filters_nothing_does_no_harm(desk: ServiceDesk) -> None:
    others = [item(1, resourceId="other"), item(2, tag="passback"), item(3, resourceLinkId="link-8")]
    desk.server.on("/items", reply_json([*others, OWN]))

    assert found_number(find(desk)) == 7


def test_a_filter_that_loses_everything_does_no_harm(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([]), reply_json([]), reply_json([item(1), OWN]))

    assert found_number(find(desk)) == 7
    assert [one.path for one in desk.server.received][-1] == "/items"


def test_the_column_is_found_on_the_last_page(desk: ServiceDesk) -> None:
    desk.server.on(
        "/items",
        reply_json([item(n) for n in range(50)], 200, {"Link": '</items?Page=B>; rel="next"'}),
        reply_json([OWN]),
    )

    assert found_number(find(desk)) == 7
    assert len(desk.server.received) == 2


def test_the_own_column_goes_before_the_links(desk: ServiceDesk) -> None:
    mine = item(9, resourceId="fractions", tag="passback")
    desk.server.on("/items", reply_json([item(1, resourceLinkId="link-7"), mine]))

    assert found_number(find(desk)) == 9
    assert found_number(find(desk, resource_id=None, tag=None)) == 1


def test_the_column_the_lms_made_for_the_link_is_taken(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([item(3, resourceLinkId="link-7")]))

    assert found_number(find(desk)) == 3


def test_the_column_of_the_same_assignment_in_another_link_is_left_alone(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([{**OWN, "resourceLinkId": "link-8"}]))

    assert find(desk) is None


def test_without_any_column_nothing_is_found(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([item(1, resourceId="fractions", tag="another tool's")]))

    assert find(desk) is None


@pytest.mark.parametrize(
    "listed",
    [
        [None, 7, "x", [], {}, {"id": 7, "scoreMaximum": 1}, {"id": "javascript:x", "scoreMaximum": 1}],
        [item(1, scoreMaximum="many"), item(2, scoreMaximum=None), item(3, scoreMaximum=True)],
    ],
)
def test_entries_of_no_use_are_left_out(desk: ServiceDesk, listed: list[object]) -> None:
    desk.server.on("/items", reply_json([*listed, OWN]))

    assert found_number(find(desk)) == 7


@pytest.mark.parametrize("body", ["{}", "null", "7", "", "not json", "<html>"])
def test_a_list_that_is_none_is_an_error(desk: ServiceDesk, body: str) -> None:
    desk.server.on("/items", reply(200, body))

    with pytest.raises(ServiceError) as caught:
        find(desk)

    assert (caught.value.kind, caught.value.reason) == ("later", "unreadable")


def test_the_lesser_right_is_asked_for_first(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json([OWN]))
    desk.tokens.granted = frozenset({SCOPE_LINE_ITEM})

    assert found_number(find(desk)) == 7
    assert desk.tokens.asked == [frozenset({SCOPE_LINE_ITEM_READ}), frozenset({SCOPE_LINE_ITEM})]


def create(desk: ServiceDesk, maximum: str = "12.5", link: str | None = "link-7") -> LineItemFacts:
    return create_line_item(
        desk.connector(),
        desk.server.url + "/items?type_id=3",
        label="Brüche",
        maximum=Decimal(maximum),
        resource_id="fractions",
        tag="passback",
        resource_link_id=link,
    )


@pytest.mark.parametrize(("maximum", "written"), [("12.5", 12.5), ("10", 10), ("10.00", 10), ("0.1", 0.1)])
def test_a_column_is_made(desk: ServiceDesk, maximum: str, written: float) -> None:
    desk.server.on("/items", reply_json({**OWN, "scoreMaximum": written}, 201))

    made = create(desk, maximum)

    assert (made.url, made.maximum) == ("https://lms.example/items/7", Decimal(str(written)))
    assert desk.sent_json("/items") == {
        "label": "Brüche",
        "scoreMaximum": written,
        "resourceId": "fractions",
        "tag": "passback",
        "resourceLinkId": "link-7",
    }
    assert desk.server.received[0].headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert desk.server.received[0].path == "/items?type_id=3"
    assert desk.tokens.asked == [frozenset({SCOPE_LINE_ITEM})]


def test_a_column_may_belong_to_no_link(desk: ServiceDesk) -> None:
    desk.server.on("/items", reply_json(OWN, 201))
    create(desk, link=None)

    assert "resourceLinkId" not in desk.sent_json("/items")


@pytest.mark.parametrize(
    ("behaviour", "outcome", "is_unknown"),
    [
        (reply(400, '{"message":"id"}'), "needs_person column_refused", False),
        (reply(403, "{}"), "needs_person forbidden", False),
        (reply(500), "later server_error", True),
        (reply(201), "later unreadable", True),
        (reply_json({"label": "no id"}, 201), "later unreadable", True),
        (reply(200, "<html>"), "later unreadable", True),
    ],
)
def test_it_is_said_when_a_column_may_have_been_made(
    desk: ServiceDesk, behaviour: Behaviour, outcome: str, is_unknown: bool
) -> None:
    desk.server.on("/items", behaviour)

    with pytest.raises(ServiceError) as caught:
        create(desk)

    assert f"{caught.value.kind} {caught.value.reason}" == outcome
    assert caught.value.outcome_unknown is is_unknown


@pytest.mark.parametrize(
    ("fields", "maximum"), [({}, 100), ({"scoreMaximum": 20.5}, "20.5"), ({"scoreMaximum": "30"}, 30)]
)
def test_a_column_is_read(desk: ServiceDesk, fields: Mapping[str, object], maximum: str | int) -> None:
    desk.server.on("/items/7", reply_json({**OWN, **fields}))
    read = read_line_item(desk.connector(), desk.server.url + "/items/7")

    assert read.maximum == Decimal(maximum)
    assert desk.server.received[0].headers["Accept"] == "application/vnd.ims.lis.v2.lineitem+json"


def test_a_column_that_is_gone_says_so(desk: ServiceDesk) -> None:
    desk.server.on("/items/7", reply(404, "{}"))

    with pytest.raises(ServiceError) as caught:
        read_line_item(desk.connector("moodle"), desk.server.url + "/items/7")

    assert caught.value.reason == "column_gone"


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "due_at"),
    [
        ({"endDateTime": "2026-03-02T12:00:00Z"}, NOON),
        ({"endDateTime": "2026-03-02T13:00:00.000+01:00"}, NOON),
        ({"submission": {"endDateTime": "2026-03-02T12:00:00Z"}}, NOON),
        ({"endDateTime": "2026-03-02T12:00:00Z", "submission": {"endDateTime": "2030-01-01T00:00:00Z"}}, NOON),
        ({"endDateTime": None}, None),
        ({"endDateTime": ""}, None),
        ({"endDateTime": "soon", "submission": "later"}, None),
        ({"endDateTime": "2026-03-02"}, None),
        ({"endDateTime": {"at": 7}}, None),
        ({}, None),
    ],
)
def test_the_due_date_is_read_where_the_column_tells_it(
    desk: ServiceDesk, told: dict[str, object], due_at: datetime | None
) -> None:
    desk.server.on("/items/7", reply_json({**OWN, **told}))

    assert read_line_item(desk.connector(), f"{desk.server.url}/items/7").due_at == due_at
