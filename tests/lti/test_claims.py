"""Optional claims: taken where they make sense, left where they do not."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lti.paper_lms import AGS, CLAIM, NRPS, FrontDoor
from tool.lti.claims import LaunchClaims, read_claims
from tool.lti.due_dates import DueClaims
from tool.lti.errors import LaunchRefused
from tool.lti.unverified import is_plain_id


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


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        "2026-03-02T12:00:00Z",
        "2026-03-02T12:00:00.000Z",
        "2026-03-02T13:00:00+01:00",
        "2026-03-02T12:00:00",
        " 2026-03-02 12:00:00 ",
        "1772452800",
        1772452800,
    ],
)
def test_the_due_date_is_read_in_every_form_that_is_clear(door: FrontDoor, told: object) -> None:
    assert claims(door, custom={"due_at": told}).due == DueClaims(NOON)
    assert claims(door, custom={"Due_At": told}).due == DueClaims(NOON)


@pytest.mark.parametrize(
    "told",
    [
        "$ResourceLink.submission.endDateTime",
        "$Canvas.assignment.dueAt.iso8601",
        "",
        None,
        "2018-02-19:00:00Z",
        "2026-03-02",
        "20260302",
        "next Monday",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T12:00:00Z",
        "99999999999",
        "2026-03-02T12:00:00Z,,2026-03-03T12:00:00Z",
        True,
        7,
        1.5,
        10**30,
        [1],
        {"at": 7},
        "\ud800",
    ],
)
def test_a_due_date_that_says_no_moment_is_none(door: FrontDoor, told: object) -> None:
    assert claims(door, custom={"due_at": told}).due == DueClaims(None)


def test_a_launch_that_was_not_asked_says_nothing_of_a_due_date(door: FrontDoor) -> None:
    assert claims(door, custom={"assignment": "fractions"}).due is None
    assert claims(door).due is None


TEXTS = st.text(max_size=300) | st.sampled_from(
    ["\ud800", "a\x00b", "$Unresolved.variable", "x" * 256, "", " ", "https://["]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(
    st.sampled_from(["id", "title", "label", "type", "description", "return_url", "locale", "user_id", "due_at"])
    | st.sampled_from(
        ["lineitem", "lineitems", "scope", "context_memberships_url", "product_family_code", "Assignment"]
    ),
    VALUES,
    max_size=5,
)
IDS = st.text(min_size=1, max_size=255).filter(is_plain_id)
OPTIONAL = [CLAIM + name for name in ("context", "custom", "lis", "launch_presentation", "for_user", "tool_platform")]
WHOLE = st.fixed_dictionaries(
    {"sub": IDS, CLAIM + "deployment_id": IDS, CLAIM + "roles": st.lists(TEXTS, max_size=3)},
    optional=dict.fromkeys([*OPTIONAL, AGS, NRPS, "name", "email", "given_name", "locale"], VALUES | OBJECTS),
)


def is_good_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and is_plain_id(value)


def texts_in(value: object) -> Iterator[str]:
    """Every text that was read, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from texts_in([getattr(value, one.name) for one in fields(value)])
    elif isinstance(value, Mapping):
        yield from texts_in([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | frozenset):
        for one in value:
            yield from texts_in(one)


@settings(max_examples=300, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=WHOLE)
def test_what_is_read_can_be_stored_and_ids_are_never_cut_or_changed(
    door: FrontDoor, changes: dict[str, object]
) -> None:
    payload = door.payload(door.begin(), changes)
    course = changes.get(CLAIM + "context")
    course_id = course.get("id") if isinstance(course, Mapping) else None
    if course_id and not is_good_id(course_id):
        with pytest.raises(LaunchRefused, match="context"):
            read_claims(payload)
        return
    read = read_claims(payload)

    assert read.subject == changes["sub"]
    assert read.deployment_id == changes[CLAIM + "deployment_id"]
    if read.context is not None:
        assert read.context.id == payload[CLAIM + "context"]["id"]
        assert len(read.context.id) <= 255
    for text in texts_in(read):
        assert "\0" not in text
        text.encode("utf-8")
    urls = [read.return_url, read.ags.lineitem if read.ags else None, read.nrps.memberships_url if read.nrps else None]
    for url in urls:
        assert url is None or url.lower().startswith(("https://", "http://"))


@settings(max_examples=200, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["sub", CLAIM + "deployment_id"]), value=VALUES)
def test_an_id_is_taken_as_it_is_or_refused(door: FrontDoor, name: str, value: object) -> None:
    payload = door.payload(door.begin(), {name: value})
    if is_good_id(value):
        read = read_claims(payload)
        assert value in (read.subject, read.deployment_id)
    else:
        with pytest.raises(LaunchRefused):
            read_claims(payload)
