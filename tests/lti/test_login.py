"""How a launch begins: what is asked of the LMS, and what is refused at once."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from tests.lti.paper_lms import ABSENT, LAUNCH_URL, FrontDoor
from tool.lti.errors import LaunchRefused
from tool.lti.login import BegunLogin, read_login


def asked(begun: BegunLogin) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(begun.authorization_url).query, keep_blank_values=True))


def test_the_browser_is_sent_to_the_lms_with_a_full_request(door: FrontDoor) -> None:
    begun = door.begin()

    assert begun.authorization_url.startswith("https://lms.example/auth?")
    assert asked(begun) == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "passback-1",
        "redirect_uri": LAUNCH_URL,
        "login_hint": "ben-at-lms",
        "lti_message_hint": "link-7",
        "state": begun.signed_state,
        "nonce": begun.state.nonce,
    }


@pytest.mark.parametrize(
    "hint",
    ['{"cmid":3,"launchid":"ltilaunch1_904404968"}', "a&b=c d%20e+f", "“<ü>\"'", "line\nbreak", "eyJ.x.y" * 2000],
)
def test_the_message_hint_comes_back_as_it_came(door: FrontDoor, hint: str) -> None:
    assert asked(door.begin({"lti_message_hint": hint}))["lti_message_hint"] == hint


def test_without_a_message_hint_none_is_sent(door: FrontDoor) -> None:
    assert "lti_message_hint" not in asked(door.begin({"lti_message_hint": ABSENT}))


def test_an_authorization_address_may_have_a_query_already(door: FrontDoor) -> None:
    facts = replace(door.facts, auth_login_url="https://lms.example/auth?tenant=7&x=")
    begun = FrontDoor(door.outbound, facts).begin()

    assert begun.authorization_url.count("?") == 1
    assert parse_qs(urlsplit(begun.authorization_url).query)["tenant"] == ["7"]
    assert asked(begun)["client_id"] == "passback-1"


@pytest.mark.parametrize("name", ["lti_deployment_id", "deployment_id"])
def test_the_deployment_is_read_under_both_names(door: FrontDoor, name: str) -> None:
    assert door.begin({name: "course-install"}).state.deployment_id == "course-install"


def test_the_storage_target_is_read() -> None:
    params = {"iss": "i", "login_hint": "h", "target_link_uri": "t", "lti_storage_target": "_parent"}

    assert read_login(params).storage_target == "_parent"
    assert read_login(params).client_id is None


def test_an_only_client_is_taken_when_none_is_named(door: FrontDoor) -> None:
    assert door.begin({"client_id": ABSENT}).platform == door.facts


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"iss": ABSENT}, "login.missing:iss", id="no issuer"),
        pytest.param({"iss": ""}, "login.missing:iss", id="an empty issuer"),
        pytest.param({"login_hint": ABSENT}, "login.missing:login_hint", id="no login hint"),
        pytest.param({"target_link_uri": ABSENT}, "login.missing:target_link_uri", id="no target"),
        pytest.param({"iss": "https://unknown.example"}, "platform.unknown", id="an unknown issuer"),
        pytest.param({"client_id": "someone-else"}, "platform.unknown", id="an unknown client of a known issuer"),
        pytest.param({"iss": "x" * 2001}, "login.too_long:iss", id="a long issuer"),
        pytest.param({"client_id": "x" * 256}, "login.too_long:client_id", id="a long client id"),
        pytest.param({"lti_message_hint": "x" * 20_001}, "login.too_long:lti_message_hint", id="a long hint"),
        pytest.param({"login_hint": "\ud800"}, "login.unreadable:login_hint", id="half a character"),
        pytest.param({"iss": "a\nb"}, "login.unreadable:iss", id="a line break in the issuer"),
        pytest.param({"target_link_uri": "https://evil.example/"}, "login.target", id="another site"),
        pytest.param({"target_link_uri": "https://tool.example.evil.example/"}, "login.target", id="a longer name"),
        pytest.param({"target_link_uri": "https://tool.example@evil.example/"}, "login.target", id="a user name"),
        pytest.param({"target_link_uri": "https://tool.example:81/"}, "login.target", id="another port"),
        pytest.param({"target_link_uri": "https://tool.example\\@evil.example/"}, "login.target", id="a backslash"),
        pytest.param({"target_link_uri": "//tool.example/"}, "login.target", id="no scheme"),
        pytest.param({"target_link_uri": "http://tool.example/"}, "login.target", id="another scheme"),
        pytest.param({"target_link_uri": "javascript:alert(1)"}, "login.target", id="a script"),
    ],
)
def test_a_login_that_does_not_fit_is_refused(door: FrontDoor, changes: Mapping[str, object], code: str) -> None:
    with pytest.raises(LaunchRefused) as refused:
        door.begin(changes)

    assert refused.value.code == code


@pytest.mark.parametrize("target", ["https://tool.example", "https://TOOL.example/x?a=b", "https://tool.example?a=1"])
def test_any_page_of_our_own_may_be_the_target(door: FrontDoor, target: str) -> None:
    assert door.begin({"target_link_uri": target}).state.target_link_uri == target


def test_the_refusal_names_the_unknown_lms_harmlessly(door: FrontDoor) -> None:
    with pytest.raises(LaunchRefused) as refused:
        door.begin({"iss": "https://unknown.example/" + "\u202e" + "y" * 1000})

    assert "https://unknown.example/" in refused.value.message
    assert "\u202e" not in refused.value.message
    assert len(refused.value.message) < 300


def test_with_two_clients_the_login_must_name_one(door: FrontDoor) -> None:
    door.registry.entries.append((replace(door.facts, client_id="passback-2"), set()))

    with pytest.raises(LaunchRefused) as refused:
        door.begin({"client_id": ABSENT})

    assert refused.value.code == "platform.ambiguous"
    assert door.begin({"client_id": "passback-2"}).platform.client_id == "passback-2"


def test_nothing_about_a_login_can_be_guessed(door: FrontDoor) -> None:
    begun = [door.begin() for _ in range(200)]

    for values in (
        {one.state.nonce for one in begun},
        {one.state.login_id for one in begun},
        {one.binding for one in begun},
        {one.signed_state for one in begun},
    ):
        assert len(values) == 200
        assert min(map(len, values)) >= 22, "16 random bytes are 22 characters"
        assert len({value[:8] for value in (v.removeprefix("state-") for v in values)}) > 1


def test_the_browsers_secret_is_not_in_the_state(door: FrontDoor) -> None:
    begun = door.begin()

    assert begun.binding not in begun.signed_state
    assert begun.binding not in begun.authorization_url
    assert begun.binding != begun.state.binding_digest


def test_the_signed_state_reads_back_whole(door: FrontDoor) -> None:
    begun = door.begin({"lti_deployment_id": "course-install"})

    assert door.signer.read(begun.signed_state) == begun.state
