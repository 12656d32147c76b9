"""Checklist B, rows 16 and 17: the token goes to hosts of its registration, and stays there."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.pretend_internet import CLOSES
from tests.lti.rough_server import RoughServer, reply
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.errors import PassbackError
from tool.lti.errors import ServiceError
from tool.lti.line_items import create_line_item, find_line_item, read_line_item
from tool.lti.memberships import read_members
from tool.lti.results import read_results
from tool.lti.vocabulary import SCOPE_SCORE, SCORE_TYPE
from tool.outbound import Outbound

SCOPES = frozenset({SCOPE_SCORE})
LINK = {"resource_link_id": "link", "resource_id": "fractions", "tag": "passback"}


@pytest.fixture
def desk() -> Iterator[ServiceDesk]:
    server, outbound = RoughServer(), Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=10)
    yield ServiceDesk(server, outbound)
    server.stop()
    outbound.close()


@pytest.fixture
def thief() -> Iterator[RoughServer]:
    """Another host, which would take whatever comes."""
    server = RoughServer()
    server.on("/", reply(200, "[]"))
    yield server
    assert server.received == []
    server.stop()


def get(desk: ServiceDesk, url: str) -> Any:
    return desk.connector().call("GET", url, scopes=SCOPES)


def failure(desk: ServiceDesk, url: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        get(desk, url)
    return caught.value


def linked(url: str) -> dict[str, str]:
    return {"Link": f'<{url}>; rel="next"'}


def read_pages(desk: ServiceDesk) -> list[Any]:
    return list(desk.connector().pages(desk.server.url + "/p", scopes=SCOPES, accept="*/*"))


def test_b16_the_token_does_not_go_to_an_unknown_host(desk: ServiceDesk) -> None:
    """A line item of another host in a signed launch, in an answer or in a database row."""
    for url in (
        f"http://localhost:{desk.server.port}/x",
        "https://evil.example/x",
        f"http://127.0.0.1:{desk.server.port}@evil.example/x",
        "https://evil.example\\@127.0.0.1/x",
        "//evil.example/x",
        "file:///x",
        "",
    ):
        error = failure(desk, url)
        assert error.kind == "needs_person"
        assert error.reason in ("host_not_allowed", "address_refused")
    assert desk.server.received == []
    assert desk.tokens.made == 0


def test_b16_a_next_page_on_another_host_gets_no_token(desk: ServiceDesk) -> None:
    other = RoughServer()
    for elsewhere in (f"{other.url}/p", f"http://localhost:{desk.server.port}/p", "https://evil.example/", "file:///p"):
        desk.server.on("/p", reply(200, "1", linked(elsewhere)))
        with pytest.raises(ServiceError) as caught:
            read_pages(desk)
        assert caught.value.kind == "needs_person"
    other.stop()

    assert other.received == []


@pytest.mark.parametrize("how", ["found", "made", "read"])
def test_b16_a_column_that_the_lms_s_own_answer_puts_elsewhere(desk: ServiceDesk, thief: RoughServer, how: str) -> None:
    """The answer of a host we trust names another: whatever is done with that address, the token is not sent there."""
    elsewhere = f"http://localhost:{thief.port}/columns/7"
    told = {"id": elsewhere, "label": "Fractions", "scoreMaximum": 10, "resourceId": "fractions", "tag": "passback"}
    items = desk.server.url + "/items"
    desk.server.on("/items", reply_json(told if how == "made" else [told]))
    desk.server.on("/one", reply_json(told))
    connector = desk.connector()
    try:
        if how == "made":
            url = create_line_item(connector, items, label="Fractions", maximum=Decimal(10), **LINK).url
        elif how == "read":
            url = read_line_item(connector, desk.server.url + "/one").url
        else:
            found = find_line_item(connector, items, **LINK)
            assert found is not None
            url = found.url
    except PassbackError:
        return  # refused as soon as it was read

    with pytest.raises(ServiceError) as caught:
        connector.call("POST", url + "/scores", scopes=SCOPES, body=b"{}")
    assert caught.value.reason == "host_not_allowed"


A_SCORE = json.dumps(
    {
        "userId": "ben",
        "scoreGiven": 1,
        "scoreMaximum": 2,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-03-02T12:00:00.000Z",
    }
).encode()
SERVICES: dict[str, Any] = {
    "a score": lambda connector, url: connector.call(
        "POST", url + "/scores", scopes=SCOPES, content_type=SCORE_TYPE, body=A_SCORE
    ),
    "the members": read_members,
    "the results": read_results,
    "the column": read_line_item,
    "the columns": lambda connector, url: find_line_item(connector, url, **LINK),
    "a new column": lambda connector, url: create_line_item(
        connector, url, label="Fractions", maximum=Decimal(10), **LINK
    ),
}


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_b16_an_address_of_a_launch_or_a_row_on_another_host(
    desk: ServiceDesk, thief: RoughServer, service: Any
) -> None:
    """Every service: no request there, and no token asked for."""
    with pytest.raises(ServiceError) as caught:
        service(desk.connector(), f"http://localhost:{thief.port}/x")

    assert (caught.value.kind, caught.value.reason) == ("needs_person", "host_not_allowed")
    assert desk.tokens.made == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_b17_a_redirect_is_an_answer_and_the_token_stays(
    desk: ServiceDesk, thief: RoughServer, status: int, method: str
) -> None:
    """To another host, to another port, to another path: none is followed."""
    for place in (f"http://localhost:{thief.port}/", f"{thief.url}/", "https://evil.example/", "/elsewhere"):
        before = len(desk.server.received)
        desk.server.on("/x", reply(status, "", {"Location": place} | CLOSES))

        answer = desk.connector().call(method, desk.server.url + "/x", scopes=SCOPES)

        assert answer.status == status
        assert len(desk.server.received) == before + 1
        assert desk.server.received[-1].path.startswith("/x")


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_b17_no_service_takes_a_redirect_for_success(desk: ServiceDesk, thief: RoughServer, service: Any) -> None:
    for path in ("/x", "/x/scores", "/x/results"):
        desk.server.on(path, reply(307, "[]", {"Location": f"http://localhost:{thief.port}/"}))

    try:
        answer = service(desk.connector(), desk.server.url + "/x")
    except ServiceError:
        return
    assert answer.status == 307, "the plain call hands it on as it came"
