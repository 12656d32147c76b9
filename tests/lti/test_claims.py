"""Optional claims: taken where they make sense, left where they do not."""

import pytest

from tests.lti.paper_lms import CLAIM, FrontDoor
from tool.lti.claims import LaunchClaims, read_claims


def claims(door: FrontDoor, **changes: object) -> LaunchClaims:
    full = {
        name if name in ("name", "email", "locale", "given_name") else CLAIM + name: v for name, v in changes.items()
    }
    return read_claims(door.payload(door.begin(), full))


def test_custom_values_are_texts_and_unresolved_variables_are_dropped(door: FrontDoor) -> None:
    custom = {
        "assignment": "fractions",
        "Due": 7,
        "ratio": 1.5,
        "flag": True,
        "price": "$5.00",
        "history": "$ResourceLink.id.history",
        "none": None,
        "list": [1],
        "nul": "a\x00b",
    }

    assert claims(door, custom=custom).custom == {
        "assignment": "fractions",
        "Due": "7",
        "ratio": "1.5",
        "flag": "true",
        "price": "$5.00",
        "nul": "a\ufffdb",
    }


def test_a_custom_value_is_found_in_any_case(door: FrontDoor) -> None:
    read = claims(door, custom={"Assignment": "a", "both": "lower", "BOTH": "upper"})

    assert read.custom_value("assignment") == "a"
    assert read.custom_value("BOTH") == "upper"
    assert read.custom_value("absent") is None


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("canvas", "canvas"),
        ("moodle", "moodle"),
        ("Schoology", "schoology"),
        ("BlackboardLearn", "blackboard"),
        ("desire2learn", "brightspace"),
        ("Open edX", "openedx"),
        ("sakai", None),
        (7, None),
        (None, None),
    ],
)
def test_the_lms_is_recognised(door: FrontDoor, code: object, family: str | None) -> None:
    assert claims(door, tool_platform={"product_family_code": code}).platform_family == family


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://lms.example/back", "https://lms.example/back"),
        ("HTTP://lms.example/back", "HTTP://lms.example/back"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//lms.example", None),
        ("https://lms.example/\r\nX: y", None),
        (7, None),
        ("", None),
    ],
)
def test_the_way_back_is_a_web_address(door: FrontDoor, url: object, read: str | None) -> None:
    assert claims(door, launch_presentation={"return_url": url}).return_url == read


def test_the_person_is_read_as_far_as_the_lms_tells(door: FrontDoor) -> None:
    person = claims(
        door,
        name="Ben \ud800 B.",
        email=7,
        locale="de",
        lis={"person_sourcedid": "s-1"},
        launch_presentation={"locale": "en-GB", "document_target": "iframe"},
    ).person

    assert (person.name, person.email, person.sourced_id, person.locale) == ("Ben \ufffd B.", None, "s-1", "en-GB")
    assert person.given_name is None


def test_the_course_is_read(door: FrontDoor) -> None:
    read = claims(door, context={"id": "c", "title": "Maths", "type": ["CourseSection", 7]}).context

    assert read is not None
    assert (read.id, read.title, read.label, read.types) == ("c", "Maths", None, ("CourseSection",))


@pytest.mark.parametrize("value", [None, 0, "text", [], [1], True, 1.5])
@pytest.mark.parametrize(
    "name", ["context", "custom", "lis", "launch_presentation", "tool_platform", "for_user", "resource_link"]
)
def test_a_claim_of_the_wrong_kind_never_breaks_the_reading(door: FrontDoor, name: str, value: object) -> None:
    changes = {"message_type": "LtiDeepLinkingRequest", name: value}

    assert claims(door, **changes).subject == "ben"
