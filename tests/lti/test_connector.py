"""Calls that carry the token: where it may go, what happens when it is refused, how lists are read."""

from dataclasses import replace

import pytest

from tests.lti.rough_server import hang, reply, reset
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import SCOPE_MEMBERSHIPS, SCOPE_SCORE
from tool.outbound import Answer

SCOPES = frozenset({SCOPE_SCORE})


def get(desk: ServiceDesk, url: str, **options: object) -> Answer:
    return desk.connector().call("GET", url, scopes=SCOPES)


def failure(desk: ServiceDesk, url: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        get(desk, url)
    return caught.value


def test_a_call_carries_the_token(desk: ServiceDesk) -> None:
    desk.server.on("/x", reply(418, "tea"))

    assert get(desk, desk.server.url + "/x").status == 418
    assert desk.server.received[0].headers["Authorization"] == "Bearer secret-1"
    assert desk.tokens.asked == [SCOPES]


def test_an_expired_token_is_renewed_once(desk: ServiceDesk) -> None:
    desk.server.on("/x", reply(401), reply(200, "fine"))

    assert get(desk, desk.server.url + "/x").text() == "fine"
    assert [one.headers["Authorization"] for one in desk.server.received] == ["Bearer secret-1", "Bearer secret-2"]
    assert desk.tokens.discarded == ["secret-1"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "token_refused"),
        ('{"errors":{"type":"unauthorized","message":"Insufficient permissions"}}', "scope_missing"),
        (
            '{"errors":{"message":"Access Token not linked to a Tool associated with this Context"}}',
            "tool_not_in_course",
        ),
        ('{"errors":{"message":"Invalid Developer Key"}}', "key_refused"),
        ('{"errors":{"message":"Access token expired"}}', "token_expired"),
    ],
)
def test_a_fresh_token_refused_too_is_the_end(desk: ServiceDesk, body: str, reason: str) -> None:
    desk.server.on("/x", reply(401, body))
    error = failure(desk, desk.server.url + "/x")

    assert (error.kind, error.reason, error.status) == ("sign_in_again", reason, 401)
    assert len(desk.server.received) == 2


def test_a_token_that_does_not_grant_the_service_is_not_tried(desk: ServiceDesk) -> None:
    desk.tokens.granted = frozenset({SCOPE_MEMBERSHIPS})
    error = failure(desk, desk.server.url + "/x")

    assert (error.kind, error.reason) == ("needs_person", "scope_missing")
    assert desk.server.received == []


def test_a_host_may_be_confirmed(desk: ServiceDesk) -> None:
    desk.server.on("/x", reply(200, "fine"))
    connector = desk.connector(allowed={"LOCALHOST"})

    assert connector.call("GET", f"http://localhost:{desk.server.port}/x", scopes=SCOPES).text() == "fine"


def test_a_cut_line_may_have_done_it(desk: ServiceDesk) -> None:
    desk.server.on("/x", reset)
    error = failure(desk, desk.server.url + "/x")

    assert (error.kind, error.reason, error.outcome_unknown) == ("later", "connection", True)
    assert "secret" not in str(error)


def test_a_hanging_lms_is_given_up(desk: ServiceDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.outbound, "_total_seconds", 0.2)
    desk.server.on("/x", hang)
    error = failure(desk, desk.server.url + "/x")

    assert (error.kind, error.reason, error.outcome_unknown) == ("later", "timeout", True)


def read_pages(desk: ServiceDesk, path: str = "/p", max_pages: int = 200) -> list[str]:
    pages = desk.connector().pages(desk.server.url + path, scopes=SCOPES, accept="x/y", max_pages=max_pages)
    return [page.text() for page in pages]


def linked(to: str) -> dict[str, str]:
    return {"Link": f'<{to}>; rel="next"'}


def test_pages_are_followed_to_the_end(desk: ServiceDesk) -> None:
    url = desk.server.url
    desk.server.on(
        "/p",
        reply(200, "1", {"Link": f'<{url}/p?Bookmark=WyJBYmMi&role=x%23Learner>; rel="next", <{url}/p>; rel="first"'}),
        reply(200, "2", {"Link": f"<{url}/p?a=1&amp;b=2>; rel=“next”"}),
        reply(200, "3", {"Link": "</p?page=4>; rel=next"}),
        reply(200, "4", {"Link": f'<{url}/p>; rel="prev first"'}),
    )

    assert read_pages(desk) == ["1", "2", "3", "4"]
    assert [one.path for one in desk.server.received] == [
        "/p",
        "/p?Bookmark=WyJBYmMi&role=x%23Learner",
        "/p?a=1&b=2",
        "/p?page=4",
    ]


def test_a_loop_of_pages_ends(desk: ServiceDesk) -> None:
    desk.server.on("/p", reply(200, "1", linked("/p?2")), reply(200, "2", linked("/p")))

    assert read_pages(desk) == ["1", "2"]


def test_a_list_without_end_is_an_error_not_a_part_of_the_list(desk: ServiceDesk) -> None:
    desk.server.on("/p", *(reply(200, "x", linked(f"/p?{number}")) for number in range(10)))

    with pytest.raises(ServiceError) as caught:
        read_pages(desk, max_pages=5)

    assert caught.value.reason == "too_many_pages"
    assert len(desk.server.received) == 5


def test_a_next_page_that_cannot_be_read_is_not_the_end(desk: ServiceDesk) -> None:
    desk.server.on("/p", reply(200, "1", linked("http://[broken")))

    with pytest.raises(ServiceError) as caught:
        read_pages(desk)

    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (reply(200, "<html>Sign in</html>"), "later unreadable"),
        (reply(404, "<html>?</html>"), "later unreadable"),
        (reply_json({}, 404), "needs_person column_gone"),
        (reply(500), "later server_error"),
    ],
)
def test_a_bad_page_stops_the_reading(desk: ServiceDesk, behaviour: object, outcome: str) -> None:
    desk.server.on("/p", reply(200, "1", linked("/p?2")), behaviour)  # type: ignore[arg-type]

    with pytest.raises(ServiceError) as caught:
        read_pages(desk)

    assert f"{caught.value.kind} {caught.value.reason}" == outcome


def test_hosted_canvas_serves_each_school_from_its_own_host(desk: ServiceDesk) -> None:
    facts = replace(desk.facts("canvas"), issuer="https://canvas.instructure.com")
    connector = Connector(facts, desk.tokens, desk.outbound)

    for url in ("https://evil-instructure.com/x", "https://instructure.com.evil.example/x"):
        with pytest.raises(ServiceError) as caught:
            connector.call("GET", url, scopes=SCOPES)
        assert caught.value.reason == "host_not_allowed"
    connector._check_host("https://school.instructure.com/api/lti/courses/1/line_items/2")


def test_pylti1p3s_own_requests_run_over_the_same_road(desk: ServiceDesk) -> None:
    desk.server.on("/x", reply_json([1], 200, linked("/x?Page=2")))
    answer = desk.connector().make_service_request([SCOPE_SCORE], desk.server.url + "/x", accept="a/b")

    assert answer["body"] == [1]
    assert answer["next_page_url"] == desk.server.url + "/x?Page=2"
    assert desk.server.received[0].headers["Accept"] == "a/b"
    assert desk.connector().get_access_token([SCOPE_SCORE]) == "secret-1"
