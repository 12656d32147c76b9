"""Launches that do not belong to this login, this browser or this platform."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.lti.paper_lms import (
    ABSENT,
    CLAIM,
    FrontDoor,
    Registry,
    ShelfStore,
    make_facts,
    public_entry,
    refusal,
    rsa_key,
)
from tool.lti.errors import LaunchRefused
from tool.lti.key_set import KeySets
from tool.lti.login import StateSigner


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"state": ABSENT}, "state.missing", id="no state"),
        pytest.param({"state": "state-made-up"}, "state.forged", id="a made-up state"),
        pytest.param({"state": "\ud800" * 10}, "state.forged", id="half characters as state"),
        pytest.param({"state": "state-" + "é" * 50}, "state.forged", id="letters outside the alphabet"),
        pytest.param({"state": "state-" + "x" * 1_000_000}, "state.forged", id="a megabyte of state"),
    ],
)
def test_a_state_that_is_not_ours_is_refused(door: FrontDoor, changes: Mapping[str, object], code: str) -> None:
    begun = door.begin()

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)), changes)).code == code


def test_a_state_signed_with_another_secret_is_refused(door: FrontDoor) -> None:
    begun = door.begin()
    forged = StateSigner("another secret").sign(begun.state)

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)), {"state": forged})).code == "state.forged"


def test_a_changed_state_is_refused(door: FrontDoor) -> None:
    begun = door.begin()
    middle = len(begun.signed_state) // 2
    other = "A" if begun.signed_state[middle] != "A" else "B"
    spoilt = begun.signed_state[:middle] + other + begun.signed_state[middle + 1 :]

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)), {"state": spoilt})).code == "state.forged"


def test_a_state_is_good_for_ten_minutes(door: FrontDoor) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        begun = door.begin()
        clock.shift(timedelta(minutes=10, seconds=1))

        assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.expired"


def test_dans_finished_login_does_not_work_in_bens_browser(door: FrontDoor) -> None:
    """Login CSRF: Dan completes a login of his own and lets Ben's browser post it."""
    dans = FrontDoor(door.outbound)
    begun = dans.begin()

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.cookie_missing"
    door.cookies[begun.state.login_id] = "a cookie of Ben's"
    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.other_browser"


def test_a_cookie_of_strange_characters_is_just_wrong(door: FrontDoor) -> None:
    begun = door.begin()
    door.cookies[begun.state.login_id] = "\ud800é"

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "state.other_browser"


def test_the_nonce_of_one_login_does_not_fit_the_state_of_another(door: FrontDoor) -> None:
    first, second = door.begin(), door.begin()

    assert refusal(lambda: door.post(first, door.sign(door.payload(second)))).code == "nonce.mismatch"


def test_a_used_nonce_does_not_fit_a_fresh_login(door: FrontDoor) -> None:
    used = door.begin()
    door.post(used, door.sign(door.payload(used)))
    fresh = door.begin()

    token = door.sign(door.payload(fresh, {"nonce": used.state.nonce}))
    assert refusal(lambda: door.post(fresh, token)).code == "nonce.mismatch"


def test_another_deployment_than_the_logins_is_refused(door: FrontDoor) -> None:
    door.deployments.add("other-install")
    begun = door.begin({"lti_deployment_id": "other-install"})

    assert refusal(lambda: door.post(begun, door.sign(door.payload(begun)))).code == "deployment.mismatch"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("login_required", "platform.refused:login_required"),
        ("launch_no_longer_valid", "platform.refused:launch_no_longer_valid"),
        ("<script>", "platform.refused:error"),
        ("x" * 10_000, "platform.refused:error"),
    ],
)
def test_the_lms_may_answer_with_an_error_instead(door: FrontDoor, error: str, code: str) -> None:
    begun = door.begin()
    changes: dict[str, Any] = {"error": error, "error_description": "secret", "id_token": ABSENT}
    refused = refusal(lambda: door.post(begun, "", changes))

    assert refused.code == code
    assert "secret" not in refused.message
    assert "<" not in refused.message


def test_one_lms_cannot_speak_for_another(door: FrontDoor) -> None:
    """Two platforms, two clients, two deployments: only the true combination of all three is taken."""
    mine, other = (
        door.facts,
        make_facts(
            issuer="https://other.example",
            client_id="passback-2",
            key_set={"keys": [public_entry("lms-key", rsa_key("other"))]},
        ),
    )
    door.registry = Registry([(mine, {"course-install"}), (other, {"other-install"})])
    accepted = []
    for issuer in (mine.issuer, other.issuer):
        for client in (mine.client_id, other.client_id):
            for deployment in ("course-install", "other-install"):
                begun = door.begin()
                claims = {"iss": issuer, "aud": client, CLAIM + "deployment_id": deployment}
                try:
                    door.post(begun, door.sign(door.payload(begun, claims)))
                except LaunchRefused:
                    continue
                accepted.append((issuer, client, deployment))

    assert accepted == [(mine.issuer, mine.client_id, "course-install")]


def test_a_registration_removed_since_the_login_is_gone(door: FrontDoor) -> None:
    begun = door.begin()
    door.registry = Registry([])
    refused = refusal(lambda: door.post(begun, door.sign(door.payload(begun))))

    assert refused.code == "platform.unknown"
    assert "https://lms.example" in refused.message


def test_keys_are_looked_up_under_their_platform_never_by_id_alone(door: FrontDoor) -> None:
    keys = KeySets(door.outbound, ShelfStore())
    other = replace(door.facts, client_id="passback-2", key_set={"keys": [public_entry("lms-key", rsa_key("other"))]})
    found = [keys.find_key(facts, "lms-key").key.public_numbers() for facts in (door.facts, other)]

    assert found == [rsa_key("lms").public_key().public_numbers(), rsa_key("other").public_key().public_numbers()]
