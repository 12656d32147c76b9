"""Content is asked for and comes back: what the request says, how the answer is checked, what becomes of an item."""

import time
from typing import Any

import pytest

from tests.demo_lms.conftest import LMS_URL, Story, ToolKey, read_whole_form
from tests.demo_lms.picking import (
    DL,
    LTI,
    answer,
    ask,
    new_activities,
    new_columns,
    post,
    quiz,
    settings_of,
    sign,
)

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"


# ── the request ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_names_the_course_and_no_link(story: Story) -> None:
    request = ask(story)

    assert request[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert request[f"{LTI}context"]["id"] == "course-math"
    assert f"{LTI}resource_link" not in request
    assert "lineitem" not in request[AGS]
    assert f"{LTI}for_user" not in request


@pytest.mark.parametrize(
    ("manner", "key", "several", "line_item", "has_data"),
    [
        ("canvas", "data", False, None, False),
        ("schoology", "request", False, True, True),
        ("moodle", "sesskey", True, None, False),
        ("openedx", "request", True, True, True),
    ],
)
def test_each_lms_asks_in_its_own_way(
    tell: Any, manner: str, key: str, several: bool, line_item: bool | None, has_data: bool
) -> None:
    settings = settings_of(ask(tell(manner)))

    assert settings["deep_link_return_url"].startswith(f"{LMS_URL}/lti/content?course=course-math&{key}=")
    assert settings["accept_multiple"] is several
    assert settings.get("accept_lineitem") is line_item
    assert ("data" in settings) is has_data
    assert "ltiResourceLink" in settings["accept_types"]
    assert "iframe" in settings["accept_presentation_document_targets"]


def test_a_test_says_what_is_accepted(story: Story) -> None:
    wishes: dict[str, Any] = {
        "accepts_line_item": "no",
        "accepts_several": True,
        "accept_types": ["link"],
        "sends_data": True,
    }
    settings = settings_of(ask(story, **wishes))
    story.order("settings", **{**wishes, "accepts_line_item": "yes"})
    as_set = settings_of(ask(story))

    assert (settings["accept_lineitem"], settings["accept_multiple"], settings["accept_types"]) == (
        False,
        True,
        ["link"],
    )
    assert (as_set["accept_lineitem"], as_set["accept_multiple"], as_set["accept_types"]) == (True, True, ["link"])
    assert {"<", '"', "&"} <= set(settings["data"])
    wrong = {"course": "course-math", "person": "ada", "message_type": "LtiDeepLinkingRequest"}
    assert story.client.post("/control/launch-form", json={**wrong, "deep_linking": {"x": 1}}).status_code == 400


def test_the_teacher_begins_on_the_page_of_the_course(story: Story) -> None:
    course = story.client.get("/courses/course-math").get_data(as_text=True)
    framed = story.client.get("/courses/course-math/add?line_item=no&several=yes&data=yes&types=link+html")
    start = "/courses/course-math/add/start?as=ada&line_item=no&several=yes&types=link+html&data=yes"
    form = read_whole_form(story.client.get(start))
    page = story.client.post("/lti/authorize", data=story.authorization(form.fields))
    request = story.read_id_token(read_whole_form(page).fields["id_token"])

    assert "Add from the tool" in course
    assert f'src="{start.replace("&", "&amp;")}"' in framed.get_data(as_text=True)
    assert form.action == f"{story.tool_url}/lti/login"
    assert settings_of(request)["accept_lineitem"] is False
    assert settings_of(request)["accept_multiple"] is True
    assert settings_of(request)["accept_types"] == ["link", "html"]
    assert "data" in settings_of(request)
    assert story.client.get("/courses/course-math/add?as=dan").status_code == 404
    assert story.client.get("/courses/course-math/add?as=ben&window=1").location.endswith("/add/start?as=ben")


# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_item_becomes_an_activity_with_its_column(tell: Any) -> None:
    story = tell("schoology")
    request = ask(story)

    page = answer(story, request, quiz(submission={"endDateTime": "2026-03-09T12:00:00Z"}))

    assert page.status_code == 200
    words = page.get_data(as_text=True)
    assert "Added to Period 3 math" in words
    assert 'target="_top"' in words
    (activity,) = new_activities(story)
    assert activity["title"] == "Fractions quiz"
    assert activity["custom"] == {"assignment": "fractions-quiz"}
    assert activity["url"] == "http://tool.example/lti/launch"
    assert activity["due_at"] == "2026-03-09T12:00:00.000Z"
    (column,) = new_columns(story)
    assert (column["label"], column["maximum"]) == ("Fractions", 20)
    assert (column["resource_id"], column["tag"]) == ("fractions-quiz", "passback")
    assert "Fractions quiz" in story.client.get("/courses/course-math").get_data(as_text=True)


def test_a_picked_link_launches_what_was_picked(story: Story) -> None:
    answer(story, ask(story), quiz(custom={"assignment": "a", "Due": "$ResourceLink.submission.endDateTime"}))
    (activity,) = new_activities(story)

    launched = story.launch(person="ben", link=activity["link"])

    assert launched[f"{LTI}target_link_uri"] == "http://tool.example/lti/launch"
    assert launched[f"{LTI}custom"]["assignment"] == "a"
    assert launched[f"{LTI}custom"]["Due"] == "$ResourceLink.submission.endDateTime"
    assert launched[AGS]["lineitem"] == new_columns(story)[0]["line_item_url"]
    without_url = answer(story, ask(story), quiz(url=None))
    assert without_url.status_code == 200
    link = new_activities(story)[-1]["link"]
    assert story.launch(link=link)[f"{LTI}target_link_uri"] == f"{story.tool_url}/lti/launch"


def test_a_request_is_answered_once(story: Story) -> None:
    request = ask(story)
    first, second = answer(story, request, quiz()), answer(story, request, quiz())

    assert (first.status_code, second.status_code) == (200, 400)
    assert "answered before" in second.get_data(as_text=True)
    assert len(new_activities(story)) == 1


def test_a_nonce_is_good_once(story: Story) -> None:
    first, second = (answer(story, ask(story), quiz(), nonce="n-1") for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 400)
    assert "nonce was used before" in second.get_data(as_text=True)


def test_a_cancelled_answer_adds_nothing(story: Story) -> None:
    page = answer(story, ask(story), msg="Nothing was <chosen>")

    words = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Nothing was added" in words
    assert "Nothing was &lt;chosen&gt;" in words
    assert new_activities(story) == []
    assert answer(story, ask(story), content_items=None).status_code == 200


HOUR_AGO = int(time.time()) - 3600


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ("iss must be the client id", {"iss": LMS_URL}),
        ("iss must be the client id", {"iss": None}),
        ("aud does not name", {"aud": "passback-demo"}),
        ("azp must be", {"aud": [LMS_URL, "x"]}),
        ("Expired token", {"exp": HOUR_AGO}),
        ("iat and exp must be numbers", {"exp": None}),
        ("iat lies in the future", {"iat": HOUR_AGO + 7200}),
        ("iat lies too far back", {"iat": HOUR_AGO - 60}),
        ("nonce is required", {"nonce": None}),
        ("deployment_id must be 1", {"deployment_id": "2"}),
        ("message_type must be", {"message_type": "LtiDeepLinkingRequest"}),
        ("version must be", {"version": None}),
        ("data is not what was sent", {"data": "another"}),
        ("data is not what was sent", {"data": None}),
        ("kid must be provided", {"header": {"kid": ""}}),
        ("not in the tool&#39;s key set", {"header": {"kid": "another"}}),
        ("content_items is not a list", {"content_items": {}}),
    ],
)
def test_an_answer_with_something_wrong_is_told_what(tell: Any, said: str, changes: dict[str, Any]) -> None:
    story = tell("schoology")
    request = ask(story)

    page = answer(story, request, quiz(), **changes)

    assert page.status_code == 400
    assert said in page.get_data(as_text=True)
    assert new_activities(story) == []
    assert answer(story, request, quiz()).status_code == 200


def test_the_signature_is_checked(story: Story, other_key: ToolKey) -> None:
    request = ask(story)
    impostor = ToolKey(story.key.kid, other_key.private_key)

    assert "Signature verification failed" in answer(story, request, quiz(), key=impostor).get_data(as_text=True)
    return_url = settings_of(request)["deep_link_return_url"]
    for form in ({}, {"JWT": "x"}, {"id_token": sign(story, request, quiz())}):
        assert post(story, return_url, **form).status_code == 400
    assert post(story, return_url[:-1], JWT=sign(story, request, quiz())).status_code == 400
    assert new_activities(story) == []


def test_data_that_was_never_sent_is_refused(story: Story) -> None:
    assert "none was sent" in answer(story, ask(story), quiz(), data="x").get_data(as_text=True)


# ── items ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "item"),
    [
        ("type html is not accepted", {"type": "html", "html": "<p>Hi"}),
        ("has no type", {"title": "x"}),
        ("lineItem.scoreMaximum is missing", quiz(lineItem={"label": "x"})),
        ("not a number above 0", quiz(lineItem={"scoreMaximum": "20"})),
        ("not a number above 0", quiz(lineItem={"scoreMaximum": 0})),
        ("no web address", quiz(url="javascript:alert(1)")),
        ("a value of custom is not a text", quiz(custom={"assignment": 7})),
        ("not ISO 8601", quiz(submission={"endDateTime": "soon"})),
        ("a content item is not a JSON object", "x"),
    ],
)
def test_an_item_that_cannot_be_meant_is_refused(story: Story, said: str, item: Any) -> None:
    page = answer(story, ask(story, accepts_several=True), quiz(), item)

    assert page.status_code == 400
    assert said in page.get_data(as_text=True)
    assert new_activities(story) == []


def test_several_items_need_a_request_that_takes_several(story: Story) -> None:
    assert "2 items came" in answer(story, ask(story), quiz(), quiz()).get_data(as_text=True)
    assert answer(story, ask(story, accepts_several=True), quiz(), quiz(title="B")).status_code == 200
    assert len(new_activities(story)) == 2


def test_no_column_where_none_is_accepted_or_asked_for(story: Story) -> None:
    answer(story, ask(story, accepts_line_item="no"), quiz())
    answer(story, ask(story), quiz(lineItem=None))

    assert len(new_activities(story)) == 2
    assert new_columns(story) == []
    assert "no gradebook column" in answer(story, ask(story), quiz(lineItem=None)).get_data(as_text=True)


@pytest.mark.parametrize(("grading", "points"), [("always", [20, 100]), ("delegated", [20]), ("never", [])])
def test_columns_are_made_as_the_tool_is_set_up(tell: Any, grading: str, points: list[int]) -> None:
    story = tell("moodle")
    story.order("settings", grading=grading)

    answer(story, ask(story), quiz(), quiz(lineItem=None))

    assert [column["maximum"] for column in new_columns(story)] == points


def test_canvas_puts_the_label_in_the_titles_place(story: Story) -> None:
    answer(story, ask(story), quiz())

    assert new_activities(story)[0]["title"] == "Fractions"
    assert new_columns(story)[0]["label"] == "Fractions"


def test_moodle_names_the_column_after_the_activity(tell: Any) -> None:
    story = tell("moodle")
    answer(story, ask(story), quiz(submission={"endDateTime": "2026-03-09T12:00:00Z"}))

    assert new_columns(story)[0]["label"] == "Fractions quiz"
    assert new_columns(story)[0]["tag"] == "passback"
    assert new_activities(story)[0]["due_at"] is None


@pytest.mark.parametrize("points", [12.5, 250, 0.5])
def test_moodle_wants_whole_points_of_a_single_item(tell: Any, points: float) -> None:
    story = tell("moodle")
    page = answer(story, ask(story), quiz(lineItem={"scoreMaximum": points}))

    assert "must be an integer between 1 and 100" in page.get_data(as_text=True)
    assert new_activities(story) == []


def test_moodle_makes_a_column_that_drops_scores_of_points_it_cannot_have_among_several(tell: Any) -> None:
    story = tell("moodle")
    answer(story, ask(story), quiz(), quiz(lineItem={"scoreMaximum": 7.5}))
    good, dead = new_columns(story)

    answered = story.post_score("ben", 5, url=dead["line_item_url"])
    story.post_score("ben", 5, url=good["line_item_url"])

    assert dead["maximum"] == 100
    assert (answered.status_code, answered.get_data()) == (200, b"")
    assert story.cell(url=dead["line_item_url"]) == {}
    assert story.cell(url=good["line_item_url"])["score"] == 5


def test_a_picked_link_in_schoology_gets_its_own_parameters_alone(tell: Any) -> None:
    story = tell("schoology")
    custom = {"Assignment": "a", "history": "$ResourceLink.id.history", "other": "$Nothing.known"}
    answer(story, ask(story), quiz(custom=custom))

    launched = story.launch(link=new_activities(story)[0]["link"])[f"{LTI}custom"]

    assert launched == {"assignment": "a", "history": "", "other": "$Nothing.known"}


@pytest.mark.parametrize(
    ("manner", "points", "sourced_id"),
    [
        ("canvas", "$Canvas.assignment.pointsPossible", "$Person.sourcedId"),
        ("schoology", "$com.schoology.Assignment.scoreMaximum", "$com.schoology.User.uniqueId"),
        ("moodle", None, "$Person.sourcedId"),
    ],
)
def test_each_lms_fills_in_its_own_variables(tell: Any, manner: str, points: str | None, sourced_id: str) -> None:
    story = tell(manner)
    wanted = {"sourced_id": sourced_id, **({"points": points} if points else {}), "foreign": "$Some.other"}
    answer(story, ask(story), quiz(custom=wanted))
    link = new_activities(story)[0]["link"]

    custom = story.launch(link=link)[f"{LTI}custom"]
    story.order("settings", shares_names=False)
    nameless = story.launch(link=link)[f"{LTI}custom"]

    assert custom["sourced_id"] == "SIS-00100"
    assert custom.get("points") == ("20" if points else None)
    assert custom["foreign"] == "$Some.other"
    assert nameless["sourced_id"] == sourced_id


def test_the_answers_are_kept_for_tests(story: Story) -> None:
    answer(story, ask(story), quiz())
    answer(story, ask(story), quiz(), iss="x")

    taken, refused = story.client.get("/control/contents").get_json()

    assert taken["items"] == [quiz()]
    assert taken["placed"] == [{"title": "Fractions", "link": new_activities(story)[0]["link"], "points": 20}]
    assert (taken["refused"], refused["refused"]) == (None, "iss must be the client id")
    assert DL not in str(taken)
