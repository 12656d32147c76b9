"""A person goes from the LMS to the tool: what the LMS starts, what it checks and what it says about the person."""

import json
from typing import Any

import pytest

from tests.demo_lms.conftest import LMS_URL, Story, read_form, read_whole_form

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def test_ben_arrives_with_everything_the_standard_asks_for(story: Story) -> None:
    claims = story.launch(person="ben")

    assert claims["sub"] == "ben"
    assert claims["nonce"] == "a-nonce"
    assert claims["name"] == "Ben Carter"
    assert claims["exp"] - claims["iat"] == 3600
    assert claims[f"{CLAIM}version"] == "1.3.0"
    assert claims[f"{CLAIM}message_type"] == "LtiResourceLinkRequest"
    assert claims[f"{CLAIM}deployment_id"] == "1"
    assert claims[f"{CLAIM}target_link_uri"] == f"{story.tool_url}/lti/launch"
    assert claims[f"{CLAIM}context"]["id"] == "course-math"
    assert claims[f"{CLAIM}resource_link"] == {"id": "link-fractions", "title": "Fractions quiz", "description": ""}
    assert claims[f"{CLAIM}custom"]["assignment"] == "fractions-quiz"
    assert claims[f"{CLAIM}tool_platform"]["product_family_code"] == "canvas"
    assert claims[AGS_CLAIM]["lineitem"] == story.column_url()
    assert len(claims[AGS_CLAIM]["scope"]) == 4
    assert claims[NRPS_CLAIM]["context_memberships_url"].startswith(f"{LMS_URL}/api/lti/courses/course-math/")
    assert f"{MEMBERSHIP}#Learner" in claims[f"{CLAIM}roles"]


def test_the_answer_is_a_form_which_works_without_scripts(story: Story) -> None:
    fields = story.begin_launch()

    page = story.client.get("/lti/authorize", query_string=story.authorization(fields))

    form = read_whole_form(page)
    assert (form.action, form.method) == (f"{story.tool_url}/lti/launch", "post")
    assert form.fields["state"] == "a-state"
    assert "<button>Continue</button>" in page.get_data(as_text=True)
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {story.tool_url};" in page.headers["Content-Security-Policy"]


def test_the_hint_is_json_text_and_good_once(story: Story) -> None:
    fields = story.begin_launch()
    assert json.loads(fields["lti_message_hint"])["link"] == "link-fractions"
    request = story.authorization(fields)

    first = read_form(story.client.post("/lti/authorize", data=request))
    second = read_form(story.client.post("/lti/authorize", data=request))

    assert "id_token" in first
    assert second["error"] == "launch_no_longer_valid"
    assert "id_token" not in second


def test_a_reset_forgets_the_launches_that_have_begun(story: Story) -> None:
    fields = story.begin_launch()
    story.order("reset")

    answer = read_form(story.client.post("/lti/authorize", data=story.authorization(fields)))

    assert answer["error"] == "launch_no_longer_valid"


def test_the_hint_is_forgotten_after_its_time(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = story.begin_launch()
    monkeypatch.setattr("tool.demo_lms.launches.HINT_SECONDS", -1)

    answer = read_form(story.client.post("/lti/authorize", data=story.authorization(fields)))

    assert answer["error"] == "launch_no_longer_valid"


def test_a_refused_request_leaves_the_hint_unspent(story: Story) -> None:
    fields = story.begin_launch()

    refused = story.client.post("/lti/authorize", data=story.authorization(fields, response_mode="query"))
    accepted = story.client.post("/lti/authorize", data=story.authorization(fields))

    assert read_form(refused)["error"] == "invalid_request"
    assert "id_token" in read_form(accepted)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "someone-else"}, "unauthorized_client"),
        ({"scope": "openid email"}, "invalid_request"),
        ({"response_type": "code"}, "invalid_request"),
        ({"response_mode": None}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"login_hint": "user-cleo"}, "login_required"),
        ({"lti_message_hint": None}, "invalid_request"),
        ({"lti_message_hint": '{"launchid": "made-up"}'}, "launch_no_longer_valid"),
    ],
)
def test_a_wrong_request_goes_back_to_the_tool_as_an_error(
    story: Story, changes: dict[str, str | None], error: str
) -> None:
    answer = story.client.post("/lti/authorize", data=story.authorization(story.begin_launch(), **changes))

    form = read_form(answer)
    assert form["error"] == error
    assert form["state"] == "a-state"
    assert "id_token" not in form


@pytest.mark.parametrize("redirect_uri", [None, "https://elsewhere.example/lti/launch", "{tool}/lti/launch?more=1"])
def test_an_unknown_return_address_stops_at_the_lms(story: Story, redirect_uri: str | None) -> None:
    address = redirect_uri.format(tool=story.tool_url) if redirect_uri else None

    answer = story.client.post("/lti/authorize", data=story.authorization(story.begin_launch(), redirect_uri=address))

    assert answer.status_code == 400
    assert "<form" not in answer.get_data(as_text=True)


def test_moodle_stops_on_its_own_page_where_canvas_tells_the_tool(tell: Any) -> None:
    story = tell("moodle")
    request = story.authorization(story.begin_launch())
    story.client.post("/lti/authorize", data=request)

    again = story.client.post("/lti/authorize", data=request)

    assert again.status_code == 404
    assert "<form" not in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("manner", "audience", "seconds"),
    [("canvas", "passback-demo", 3600), ("moodle", "passback-demo", 60), ("schoology", ["passback-demo"], 600)],
)
def test_each_manner_has_its_own_token(tell: Any, manner: str, audience: object, seconds: int) -> None:
    claims = tell(manner).launch()

    assert claims["aud"] == audience
    assert claims["exp"] - claims["iat"] == seconds
    assert ("azp" in claims) is (manner == "canvas")


@pytest.mark.parametrize(("manner", "said"), [("canvas", None), ("moodle", ""), ("schoology", "its url")])
def test_what_the_launch_says_about_a_column_made_by_the_tool(tell: Any, manner: str, said: str | None) -> None:
    story = tell(manner)
    assert "lineitem" not in story.launch(link="link-warmup")[AGS_CLAIM]
    column = {"label": "Warm-up", "scoreMaximum": 5, "resourceLinkId": "link-warmup"}
    url = f"/api/lti/courses/course-math/line_items{'?type_id=1' if manner == 'moodle' else ''}"
    made = story.call("POST", url, json=column, content_type="application/vnd.ims.lis.v2.lineitem+json")

    named = story.launch(link="link-warmup")[AGS_CLAIM].get("lineitem")

    assert named == (made.get_json()["id"] if said == "its url" else said)


def test_teacher_and_test_student_are_recognisable(story: Story) -> None:
    teacher, trial = story.launch(person="ada"), story.launch(person="test-student")

    assert f"{MEMBERSHIP}#Instructor" in teacher[f"{CLAIM}roles"]
    assert "http://purl.imsglobal.org/vocab/lti/system/person#TestUser" in trial[f"{CLAIM}roles"]


def test_a_test_may_bend_and_remove_claims(story: Story) -> None:
    claims = story.launch(claims={"email": None, f"{CLAIM}roles": ["Learner"], "extra": 1})

    assert "email" not in claims
    assert claims[f"{CLAIM}roles"] == ["Learner"]
    assert claims["extra"] == 1


def test_other_messages_can_be_launched(story: Story) -> None:
    deep_linking = story.launch(person="ada", message_type="LtiDeepLinkingRequest")
    review = story.launch(person="ada", message_type="LtiSubmissionReviewRequest")

    assert f"{CLAIM}resource_link" not in deep_linking
    assert "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings" in deep_linking
    assert "lineitem" not in deep_linking[AGS_CLAIM]
    assert review[f"{CLAIM}for_user"]["user_id"] == "ben"


def test_settings_hide_names_and_services(story: Story) -> None:
    story.order("settings", shares_names=False, granted_scopes=["https://purl.imsglobal.org/spec/lti-ags/scope/score"])

    claims = story.launch()

    assert "name" not in claims
    assert NRPS_CLAIM not in claims
    assert claims[AGS_CLAIM]["scope"] == ["https://purl.imsglobal.org/spec/lti-ags/scope/score"]


NOON = "2026-03-02T12:00:00.000Z"
LATER = "2026-03-09T12:00:00.000Z"


@pytest.mark.parametrize(
    ("manner", "ada", "ben", "cleo", "without"),
    [
        ("canvas", LATER, LATER, NOON, "$ResourceLink.submission.endDateTime"),
        ("schoology", NOON, NOON, NOON, "$com.schoology.Assignment.dueDateIso"),
        ("moodle", *["$ResourceLink.submission.endDateTime"] * 4),
        ("openedx", *[None] * 4),
    ],
)
def test_a_launch_tells_the_due_date_as_its_lms_does(
    tell: Any, manner: str, ada: str | None, ben: str | None, cleo: str | None, without: str | None
) -> None:
    """Canvas tells everybody their own: Ben has an extension, and a teacher hears the latest of all."""
    story = tell(manner)

    def told(person: str) -> str | None:
        due_at: str | None = story.launch(person=person)[f"{CLAIM}custom"].get("due_at")
        return due_at

    assert told("ada") == without
    for order in ({"due_at": NOON}, {"due_at": LATER, "person": "ben"}):
        story.order("due-date", course="course-math", link="link-fractions", **order)
    assert (told("ada"), told("ben"), told("cleo")) == (ada, ben, cleo)

    for person in ({}, {"person": "ben"}):
        story.order("due-date", course="course-math", link="link-fractions", due_at=None, **person)
    assert (told("ada"), told("ben")) == (without, without)
