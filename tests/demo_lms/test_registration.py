"""A tool registers itself: what each LMS says of itself, grants and refuses."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.demo_lms.conftest import LMS_URL
from tool.demo_lms.server import create_lms

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
TOOL_URL = "http://localhost:8000"


def asked(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "response_types": ["id_token"],
        "initiate_login_uri": f"{TOOL_URL}/other/login",
        "redirect_uris": [f"{TOOL_URL}/other/launch"],
        "client_name": "A tool",
        "jwks_uri": f"{TOOL_URL}/keys",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        TOOL: {"domain": "localhost:8000", "target_link_uri": f"{TOOL_URL}/other/launch"},
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


def open_lms(manner: str) -> FlaskClient:
    """An LMS of the story's own: what registers with it stays."""
    return create_lms(base_url=LMS_URL, tool_url=TOOL_URL, manner=manner).test_client()


def start(lms: FlaskClient) -> str:
    """The token of a registration that an admin has started."""
    url: str = lms.post("/control/start-registration", json={"url": f"{TOOL_URL}/register?x=1"}).get_json()["url"]
    query = parse_qs(urlsplit(url).query)
    assert query["x"] == ["1"]
    assert query["openid_configuration"] == [f"{LMS_URL}/lti/openid-configuration"]
    return query["registration_token"][0]


def send(lms: FlaskClient, token: str | None, message: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return lms.post("/lti/registrations", json=message, headers=headers)


@pytest.mark.parametrize(("manner", "status"), [("canvas", 200), ("moodle", 200), ("openedx", 201)])
def test_launches_go_to_what_registered_last(manner: str, status: int) -> None:
    lms = open_lms(manner)
    reply = send(lms, start(lms), asked())

    told = reply.get_json()
    assert reply.status_code == status
    deployment_id = told["deployment_id"] if manner == "canvas" else told[TOOL]["deployment_id"]
    begun = lms.post(
        "/control/launch-form", json={"course": "course-math", "link": "link-fractions", "person": "ben"}
    ).get_json()
    assert begun["login_url"] == f"{TOOL_URL}/other/login"
    assert begun["fields"]["client_id"] == told["client_id"]
    assert begun["fields"]["lti_deployment_id"] == deployment_id


def test_canvas_wants_the_token_from_the_first_question_on() -> None:
    lms = open_lms("canvas")
    headers = {"Authorization": f"Bearer {start(lms)}"}

    assert lms.get("/lti/openid-configuration").status_code == 401
    assert lms.get("/lti/openid-configuration", headers=headers).get_json()["issuer"] == LMS_URL
    assert open_lms("moodle").get("/lti/openid-configuration").status_code == 200


def test_moodle_refuses_in_words_or_with_a_page() -> None:
    lms = open_lms("moodle")
    token = start(lms)

    assert send(lms, None, asked()).get_data(as_text=True) == "missing_registration_token"
    assert send(lms, "garbage", asked()).status_code == 404
    assert send(lms, token, []).status_code == 404
    lacking = send(lms, token, asked(jwks_uri=None))
    assert (lacking.status_code, lacking.get_data(as_text=True)) == (400, "missing required attribute jwks_uri")
    portless = send(lms, token, asked(**{TOOL: {"domain": "localhost", "target_link_uri": f"{TOOL_URL}/l"}}))
    assert portless.get_data(as_text=True) == "domain_targetlinkuri_mismatch"
    assert send(lms, token, asked()).status_code == 200
    again = send(lms, token, asked())
    assert (again.status_code, again.get_data(as_text=True)) == (401, "token_already_used")
