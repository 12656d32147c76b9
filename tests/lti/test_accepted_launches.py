"""Launches that must work, as honest platforms send them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.lti.paper_lms import ABSENT, AGS, CLAIM, INSTRUCTOR, NRPS, FrontDoor
from tool.lti.roles import standing


def test_ben_arrives_at_his_assignment(door: FrontDoor) -> None:
    arrived = door.launch()

    assert arrived.claims.subject == "ben"
    assert arrived.claims.resource_link is not None
    assert arrived.claims.resource_link.id == "link-7"
    assert arrived.claims.context is not None
    assert arrived.claims.context.title == "Maths"
    assert arrived.platform == door.facts
    assert standing(arrived.claims.roles).is_gradable


def test_the_nonce_is_handed_over_for_one_use_only(door: FrontDoor) -> None:
    begun = door.begin()
    token = door.sign(door.payload(begun))

    first, again, other = door.post(begun, token), door.post(begun, token), door.launch()

    assert first.nonce_digest == again.nonce_digest != other.nonce_digest
    assert len(first.nonce_digest) == 64
    assert begun.state.nonce not in first.nonce_digest


def test_two_tabs_may_finish_in_any_order(door: FrontDoor) -> None:
    first, second = door.begin(), door.begin()

    for tab in (second, first):
        assert door.post(tab, door.sign(door.payload(tab))).login.login_id == tab.state.login_id


def test_another_process_may_finish_what_this_one_began(door: FrontDoor) -> None:
    begun = door.begin()
    elsewhere = FrontDoor(door.outbound, cookies=door.cookies)

    assert elsewhere.post(begun, door.sign(door.payload(begun))).claims.subject == "ben"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aud": ["passback-1"]}, id="a list of one audience, as Schoology sends"),
        pytest.param({"aud": ["passback-1", "other"], "azp": "passback-1"}, id="two audiences, we are the party"),
        pytest.param({"aud": ["other", "passback-1"], "azp": "passback-1"}, id="we are the second audience"),
        pytest.param({"azp": "passback-1"}, id="one audience and the same party, as Canvas sends"),
        pytest.param({CLAIM + "roles": []}, id="no role at all"),
        pytest.param({CLAIM + "roles": ["Instructor"]}, id="a short role"),
        pytest.param({CLAIM + "roles": ["urn:nobody:knows"]}, id="an unknown role"),
        pytest.param({CLAIM + "context": ABSENT}, id="no context"),
        pytest.param({CLAIM + "context": {"id": "c"}}, id="a context without a title"),
        pytest.param({CLAIM + "context": None, CLAIM + "lis": "x", CLAIM + "custom": []}, id="odd optional claims"),
        pytest.param({"https://vendor.example/x": {"deep": [1, {"a": None}]}}, id="an unknown vendor claim"),
        pytest.param({"name": "\u202eאדה 🎓" * 200}, id="a long name in two directions"),
        pytest.param({AGS: {"scope": "text", "lineitem": 7}}, id="a useless grade claim"),
        pytest.param({"sub": "x" * 255}, id="an id of exactly 255 characters"),
        pytest.param({"picture": "javascript:alert(1)", "nbf": 0}, id="things that are ignored"),
    ],
)
def test_what_honest_platforms_send_is_taken(door: FrontDoor, changes: Mapping[str, object]) -> None:
    assert door.launch(changes).claims.deployment_id == "course-install"


@pytest.mark.parametrize("seconds", [-30, 30, -59, 59])
def test_clocks_may_differ_by_less_than_a_minute(door: FrontDoor, seconds: int) -> None:
    begun = door.begin()
    now = int(datetime.now(UTC).timestamp()) + seconds
    moodle = {"iat": now, "exp": now + 60}

    assert door.post(begun, door.sign(door.payload(begun, moodle))).claims.subject == "ben"


def test_times_may_be_fractions(door: FrontDoor) -> None:
    now = datetime.now(UTC).timestamp()

    assert door.launch({"iat": now - 0.5, "exp": now + 59.5, "nbf": now - 1.25}).claims.subject == "ben"


def test_a_launch_may_take_nine_minutes(door: FrontDoor) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        begun = door.begin()
        clock.shift(timedelta(minutes=9))

        assert door.post(begun, door.sign(door.payload(begun))).claims.subject == "ben"


def test_the_login_may_name_the_deployment(door: FrontDoor) -> None:
    begun = door.begin({"lti_deployment_id": "course-install"})

    assert door.post(begun, door.sign(door.payload(begun))).claims.deployment_id == "course-install"


@pytest.mark.parametrize("message_type", ["LtiDeepLinkingRequest", "LtiSubmissionReviewRequest"])
def test_other_known_messages_are_verified_for_the_caller_to_refuse(door: FrontDoor, message_type: str) -> None:
    changes = {CLAIM + "message_type": message_type, CLAIM + "resource_link": ABSENT}
    claims = door.launch({**changes, CLAIM + "roles": [INSTRUCTOR], CLAIM + "for_user": {"user_id": "cleo"}}).claims

    assert claims.message_type == message_type
    assert claims.for_user_id == "cleo"
    assert claims.resource_link is None


def test_services_of_the_course_are_read(door: FrontDoor) -> None:
    claims = door.launch(
        {
            AGS: {"scope": ["a", "b"], "lineitems": "https://lms.example/items?type_id=1", "lineitem": ""},
            NRPS: {"context_memberships_url": "https://lms.example/members"},
        }
    ).claims

    assert claims.ags is not None
    assert claims.ags.lineitem is None, "Moodle's empty line item is none"
    assert claims.ags.lineitems == "https://lms.example/items?type_id=1"
    assert claims.ags.scopes == {"a", "b"}
    assert claims.nrps is not None
    assert claims.nrps.memberships_url == "https://lms.example/members"


def test_the_right_one_of_two_registrations_of_one_issuer_is_used(door: FrontDoor) -> None:
    second = replace(door.facts, client_id="passback-2")
    door.registry.entries.append((second, {"course-install"}))
    begun = door.begin({"client_id": "passback-2"})

    arrived = door.post(begun, door.sign(door.payload(begun, {"aud": "passback-2"})))

    assert arrived.platform == second
