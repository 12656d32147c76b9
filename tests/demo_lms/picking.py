"""The tool's side of deep linking: it hears the request, and signs an answer with the story's own key."""

import time
from secrets import token_urlsafe
from typing import Any

import jwt
from werkzeug.test import TestResponse

from tests.demo_lms.conftest import LMS_URL, Story, ToolKey, read_form

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
QUIZ: dict[str, Any] = {
    "type": "ltiResourceLink",
    "title": "Fractions quiz",
    "url": "http://tool.example/lti/launch",
    "custom": {"assignment": "fractions-quiz"},
    "lineItem": {"scoreMaximum": 20, "label": "Fractions", "resourceId": "fractions-quiz", "tag": "passback"},
}


def quiz(**changes: Any) -> dict[str, Any]:
    """The item as it should be; None takes a part away."""
    return {name: value for name, value in {**QUIZ, **changes}.items() if value is not None}


def ask(story: Story, person: str = "ada", **wishes: Any) -> dict[str, Any]:
    """The claims of a request for content."""
    order = {"course": "course-math", "person": person, "message_type": "LtiDeepLinkingRequest"}
    form = story.order("launch-form", **order, deep_linking=wishes)
    page = story.client.post("/lti/authorize", data=story.authorization(form["fields"]))
    return story.read_id_token(read_form(page)["id_token"])


def settings_of(request: dict[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = request[f"{DL}deep_linking_settings"]
    return settings


def sign(story: Story, request: dict[str, Any], *items: Any, key: ToolKey | None = None, **changes: Any) -> str:
    """`changes`: claims by their short names; None takes one away. `header`: of the token."""
    signer, now = key or story.key, int(time.time())
    names = {"deployment_id": LTI, "message_type": LTI, "version": LTI, "content_items": DL, "data": DL, "msg": DL}
    usual: dict[str, Any] = {
        "iss": "passback-demo",
        "aud": LMS_URL,
        "iat": now - 5,
        "exp": now + 300,
        "nonce": token_urlsafe(12),
        "deployment_id": "1",
        "message_type": "LtiDeepLinkingResponse",
        "version": "1.3.0",
        "content_items": list(items),
        "data": settings_of(request).get("data"),
    }
    header = {"kid": signer.kid, **changes.pop("header", {})}
    told = {**usual, **changes}
    claims = {names.get(name, "") + name: value for name, value in told.items() if value is not None}
    return jwt.encode(claims, signer.private_key, algorithm="RS256", headers=header)


def answer(story: Story, request: dict[str, Any], *items: Any, **changes: Any) -> TestResponse:
    """The page that a browser sees after the answer was posted from the tool's page."""
    return_url = settings_of(request)["deep_link_return_url"]
    return post(story, return_url, JWT=sign(story, request, *items, **changes))


def post(story: Story, return_url: str, **form: str) -> TestResponse:
    headers = {"Sec-Fetch-Site": "cross-site"}
    return story.client.post(return_url.removeprefix(LMS_URL), data=form, headers=headers)


def new_activities(story: Story) -> list[dict[str, Any]]:
    every: list[dict[str, Any]] = story.client.get("/control/activities").get_json()
    return [one for one in every if one["deep_linked"]]


def new_columns(story: Story) -> list[dict[str, Any]]:
    links = {one["link"] for one in new_activities(story)}
    return [one for one in story.gradebook() if one["resource_link_id"] in links]
