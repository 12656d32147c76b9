"""The tool proves who it is and gets a token for what both sides allow."""

import json
import time
from typing import Any

import jwt
import pytest

from tests.demo_lms.conftest import AGS, KeyServer, Story, ToolKey


def test_a_good_assertion_gets_a_token_for_the_scopes_asked(story: Story) -> None:
    answer = story.ask_token(scope=f"{AGS}score {AGS}lineitem")

    granted = answer.get_json()
    assert answer.status_code == 200
    assert granted["token_type"] == "Bearer"
    assert granted["expires_in"] == 3600
    assert set(granted["scope"].split()) == {f"{AGS}score", f"{AGS}lineitem"}


def test_scopes_that_are_not_granted_are_left_out(story: Story) -> None:
    story.order("settings", granted_scopes=[f"{AGS}score"])

    assert story.ask_token().get_json()["scope"] == f"{AGS}score"
    assert story.ask_token(scope=f"{AGS}lineitem").get_json()["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "someone-else"},
        {"sub": "someone-else"},
        {"aud": "https://elsewhere.example/token"},
        {"exp": int(time.time()) - 10},
        {"iat": int(time.time()) + 86_400},
        {"iat": int(time.time()) - 400},
        {"jti": None},
        {"iat": None},
        {"exp": None},
        {"exp": "soon"},
    ],
)
def test_a_wrong_assertion_gets_nothing(story: Story, claims: dict[str, Any]) -> None:
    answer = story.ask_token(story.assertion(**claims))

    assert answer.status_code == 400
    assert "access_token" not in answer.get_json()


def test_an_assertion_is_good_once(story: Story) -> None:
    assertion = story.assertion()

    assert story.ask_token(assertion).status_code == 200
    assert story.ask_token(assertion).get_json()["error"] == "invalid_client"


def test_the_audience_may_be_a_list(story: Story) -> None:
    audience = ["https://elsewhere.example", "http://127.0.0.1:9000/lti/token"]

    assert story.ask_token(story.assertion(aud=audience)).status_code == 200


def test_a_signature_of_another_key_is_refused(story: Story, other_key: ToolKey) -> None:
    forger = ToolKey(story.key.kid, other_key.private_key)

    answer = story.ask_token(story.assertion(forger))

    assert answer.status_code == 400
    assert "Signature" in answer.get_json()["error_description"]


def test_a_new_key_is_read_when_its_id_is_unknown(story: Story, key_server: KeyServer, other_key: ToolKey) -> None:
    story.ask_token()
    story.ask_token()
    assert key_server.reads == 1
    key_server.keys.append(other_key)

    assert story.ask_token(story.assertion(other_key)).status_code == 200
    assert key_server.reads == 2


def test_a_key_that_is_not_published_is_refused(story: Story, other_key: ToolKey) -> None:
    assert story.ask_token(story.assertion(other_key)).get_json()["error"] == "invalid_client"


def test_an_assertion_without_a_key_id_is_refused(story: Story) -> None:
    nameless = ToolKey("", story.key.private_key)

    assert "kid" in story.ask_token(story.assertion(nameless)).get_json()["error_description"]


def test_another_algorithm_is_refused(story: Story) -> None:
    claims = jwt.decode(story.assertion(), options={"verify_signature": False})
    shared_secret = jwt.encode(claims, "a secret of 32 characters or more", headers={"kid": story.key.kid})

    assert story.ask_token(shared_secret).get_json()["error_description"] == "Algorithm not supported"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "plain"}, "invalid_request"),
        ({"client_assertion": "nonsense"}, "invalid_request"),
        ({"scope": ""}, "invalid_request"),
    ],
)
def test_a_wrong_form_is_named(story: Story, form: dict[str, str], error: str) -> None:
    answer = story.client.post("/lti/token", data={**_good_form(story), **form})

    assert (answer.status_code, answer.get_json()["error"]) == (400, error)


def test_moodle_answers_json_as_html_and_worse(tell: Any, key_server: KeyServer, other_key: ToolKey) -> None:
    story = tell("moodle")
    good = story.ask_token()
    assert good.content_type == "text/html; charset=utf-8"
    assert json.loads(good.get_data())["expires_in"] == 3600

    unknown = story.ask_token(story.assertion(other_key))
    assert unknown.status_code == 400
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(unknown.get_data())

    key_server.status = 500
    unreadable = story.ask_token(story.assertion(other_key))
    assert (unreadable.status_code, unreadable.mimetype) == (404, "text/html")


def test_moodle_bears_no_clock_ahead_of_its_own(tell: Any) -> None:
    ahead = {"iat": int(time.time()) + 20}

    assert tell("moodle").ask_token(tell("moodle").assertion(**ahead)).status_code == 400
    assert tell("canvas").ask_token(tell("canvas").assertion(**ahead)).status_code == 200


def test_schoology_writes_bearer_small(tell: Any) -> None:
    assert tell("schoology").ask_token().get_json()["token_type"] == "bearer"


def test_services_want_a_good_token_with_the_right_scope(story: Story) -> None:
    path = "/api/lti/courses/course-math/line_items"
    narrow = story.ask_token(scope=f"{AGS}score").get_json()["access_token"]

    assert story.client.get(path).status_code == 401
    assert story.client.get(path, headers={"Authorization": "Bearer made-up"}).status_code == 401
    assert story.client.get(path, headers={"Authorization": f"Bearer {narrow}"}).status_code == 401
    assert story.call("GET", path).status_code == 200


def test_tokens_end_and_can_be_forgotten(story: Story) -> None:
    path = "/api/lti/courses/course-math/line_items"
    assert story.call("GET", path).status_code == 200

    story.order("forget-tokens")
    assert story.call("GET", path).status_code == 401

    story.forget_token()
    story.order("settings", access_token_seconds=0)
    assert story.call("GET", path).status_code == 401


def _good_form(story: Story) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": story.assertion(),
        "scope": f"{AGS}score",
    }
