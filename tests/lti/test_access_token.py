"""Asking for a token: what is sent, and how every manner of answer is read."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.lti.rough_server import Behaviour, reply, wait_then
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.access_token import AccessToken, request_token
from tool.lti.errors import ServiceError
from tool.lti.tool_keys import SigningKey, load_signing_key, make_private_pem
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_SCORE

SCOPES = frozenset({SCOPE_SCORE, SCOPE_LINE_ITEM})
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    return load_signing_key(make_private_pem(None), None)


def ask(desk: ServiceDesk, signing_key: SigningKey, *, family: str = "unknown", **changes: Any) -> AccessToken:
    return request_token(
        replace(desk.facts(family), **changes), SCOPES, signing_key=signing_key, outbound=desk.outbound
    )


def failed(desk: ServiceDesk, signing_key: SigningKey, behaviour: Behaviour, family: str) -> ServiceError:
    desk.server.on("/token", behaviour)
    with pytest.raises(ServiceError) as caught:
        ask(desk, signing_key, family=family)
    return caught.value


def test_a_tokens_life_begins_when_it_is_asked_for(desk: ServiceDesk, signing_key: SigningKey) -> None:
    desk.server.on("/token", wait_then(0.3, reply_json({"access_token": "t", "expires_in": 60})))
    asked_at = datetime.now(UTC)

    assert ask(desk, signing_key).expires_at - asked_at < timedelta(seconds=60.25)


@pytest.mark.parametrize(
    ("told", "granted"),
    [
        ({"scope": SCOPE_SCORE}, {SCOPE_SCORE}),
        ({"scope": f"{SCOPE_SCORE}  {SCOPE_LINE_ITEM}"}, SCOPES),
        ({"scope": [SCOPE_SCORE, 7]}, {SCOPE_SCORE}),
        ({"scope": ""}, SCOPES),
        ({"scope": None}, SCOPES),
        ({}, SCOPES),
    ],
)
def test_what_was_granted_is_read(
    desk: ServiceDesk, signing_key: SigningKey, told: Mapping[str, object], granted: frozenset[str]
) -> None:
    desk.server.on("/token", reply_json({"access_token": "t", **told}))

    assert ask(desk, signing_key).scopes == granted


def test_json_sent_as_a_page_is_still_json(desk: ServiceDesk, signing_key: SigningKey) -> None:
    body = json.dumps({"access_token": "t", "token_type": "bearer"})
    desk.server.on("/token", reply(200, body, {"Content-Type": "text/html; charset=utf-8"}))

    assert ask(desk, signing_key, family="moodle").value == "t"


def test_a_token_never_shows_itself(desk: ServiceDesk, signing_key: SigningKey) -> None:
    desk.server.on("/token", reply_json({"access_token": "top-secret"}))

    assert "top-secret" not in repr(ask(desk, signing_key))
    assert "PrivateKey" not in repr(signing_key)


HTML = "<!DOCTYPE html><html><body>Error</body></html>"


@pytest.mark.parametrize(
    ("behaviour", "family", "outcome"),
    [
        pytest.param(
            reply(404, HTML), "moodle", "later platform_cannot_read_our_keys", id="Moodle cannot read our keys"
        ),
        pytest.param(reply(404, HTML), "unknown", "later unreadable", id="a page under 404"),
        pytest.param(reply(404, "{}"), "moodle", "needs_person key_refused", id="JSON under 404"),
        pytest.param(reply(200, HTML), "canvas", "later unreadable", id="a login page"),
        pytest.param(reply(200, ""), "unknown", "later unreadable", id="nothing"),
        pytest.param(reply(200, "{}"), "unknown", "later unreadable", id="no token in it"),
        pytest.param(reply(200, "[]"), "unknown", "later unreadable", id="a list"),
        pytest.param(reply(200, '{"access_token": 7}'), "unknown", "later unreadable", id="a number as token"),
        pytest.param(reply(200, '{"access_token": ""}'), "unknown", "later unreadable", id="an empty token"),
        pytest.param(reply(200, '{"access_token": "a\\r\\nX: y"}'), "unknown", "later unreadable", id="a header in it"),
        pytest.param(
            reply(200, '{"access_token": "é"}'), "unknown", "later unreadable", id="a token of strange letters"
        ),
        pytest.param(reply(200, "[" * 100_000), "unknown", "later unreadable", id="deep JSON"),
        pytest.param(reply(302, "", {"Location": "/x"}), "unknown", "later redirected", id="a redirect"),
        pytest.param(reply(500), "unknown", "later server_error", id="500"),
        pytest.param(reply(503, "", {"Retry-After": "9"}), "unknown", "later server_error", id="503"),
        pytest.param(reply(429), "canvas", "throttled rate_limited", id="429"),
        pytest.param(
            reply(403, "403 Forbidden (Rate Limit Exceeded)"), "canvas", "throttled rate_limited", id="Canvas's limit"
        ),
        pytest.param(
            reply_json({"error": "invalid_scope"}, 400), "moodle", "needs_person scope_missing", id="no scope"
        ),
        pytest.param(
            reply_json({"error": "invalid_client"}, 401), "canvas", "needs_person key_refused", id="no client"
        ),
        pytest.param(
            reply_json({"error": "Cannot handle token with iat prior to 2026"}, 400),
            "moodle",
            "later clock",
            id="clock",
        ),
        pytest.param(reply_json({"error": "Expired token"}, 400), "moodle", "later clock", id="expired assertion"),
        pytest.param(
            reply_json({"error": "Signature verification failed"}, 400), "moodle", "needs_person key_refused", id="key"
        ),
        pytest.param(
            reply(400, '"error" : ""kid" invalid, unable to lookup correct key"'),
            "moodle",
            "needs_person key_refused",
            id="broken JSON about our key",
        ),
    ],
)
def test_a_refusal_is_understood(
    desk: ServiceDesk, signing_key: SigningKey, behaviour: Behaviour, family: str, outcome: str
) -> None:
    error = failed(desk, signing_key, behaviour, family)

    assert f"{error.kind} {error.reason}" == outcome
    assert error.message


def test_a_redirect_does_not_carry_the_assertion_elsewhere(desk: ServiceDesk, signing_key: SigningKey) -> None:
    failed(desk, signing_key, reply(307, "", {"Location": "/elsewhere"}), "unknown")

    assert desk.server.requests_for("/elsewhere") == []


def test_an_echoed_assertion_does_not_reach_the_excerpt(desk: ServiceDesk, signing_key: SigningKey) -> None:
    error = failed(desk, signing_key, reply(400, '{"error": "bad", "jwt": "eyJhbGci.eyJpc3Mi.c2ln"}'), "unknown")

    assert "eyJ" not in error.excerpt
    assert "bad" in error.excerpt


@pytest.mark.parametrize(
    "body", ['{"access_token": "top-secret"', '{"access_token":"top-secret","x":', "access_token=top-secret&x"]
)
def test_half_an_answer_does_not_give_the_token_away(desk: ServiceDesk, signing_key: SigningKey, body: str) -> None:
    assert "top-secret" not in failed(desk, signing_key, reply(200, body), "unknown").excerpt


def test_an_unreachable_platform_is_tried_later(desk: ServiceDesk, signing_key: SigningKey) -> None:
    with pytest.raises(ServiceError) as caught:
        ask(desk, signing_key, auth_token_url="http://127.0.0.1:1/token")
    assert (caught.value.kind, caught.value.reason) == ("later", "connection")

    with pytest.raises(ServiceError) as caught:
        ask(desk, signing_key, auth_token_url="file:///etc/passwd")
    assert (caught.value.kind, caught.value.reason) == ("needs_person", "address_refused")
