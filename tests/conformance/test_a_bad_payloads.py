"""Checklist A13–A24: the twelve bad payloads of the certification, each as instructor and as student."""

import time
from collections.abc import Callable

import pytest

from tests.cast import Someone
from tests.conformance.forging import Changes, asked, launch, post, sign
from tests.conformance.verdicts import assert_came_in, assert_refused
from tests.desk import Desk
from tests.lti.paper_lms import ABSENT, public_entry
from tests.lti.rough_server import RoughServer
from tests.lti.service_desk import reply_json
from tests.rows import count_rows


def test_a13_a_header_without_a_key_id_is_refused(counter: Desk, someone: Someone) -> None:
    before = count_rows(counter.database)

    refused = launch(counter, someone, header={"kid": ABSENT})

    assert_refused(counter, refused, before, says="does not name the key it is signed with")


def test_a14_an_unknown_key_id_is_refused_after_at_most_one_refetch(
    own_desk: Callable[..., Desk], someone: Someone
) -> None:
    server = RoughServer()
    server.on("/keys", reply_json({"keys": [public_entry("lms-key")]}))
    desk = own_desk({"key_set": None, "key_set_url": f"{server.url}/keys"}, reaches_this_machine=True)
    try:
        assert_came_in(desk, launch(desk, someone), someone.subject)
        before = count_rows(desk.database)
        for _ in range(3):
            refused = launch(desk, someone, header={"kid": "not-in-the-set"})
            assert_refused(desk, refused, before, says="not among its published keys")
        assert len(server.received) == 2
    finally:
        server.stop()


BAD: list[object] = [
    pytest.param({"version": "1.2.0"}, "not LTI 1.3", id="A15 version 1.2.0"),
    pytest.param({"version": ABSENT}, "does not say its version", id="A16 no version"),
    pytest.param({"message_type": ABSENT}, "does not say its message_type", id="A20 no message type"),
    pytest.param({"roles": ABSENT}, "does not say its roles", id="A21 no roles"),
    pytest.param({"deployment_id": ABSENT}, "does not say its deployment_id", id="A22 no deployment"),
    pytest.param({"deployment_id": ""}, "does not say its deployment_id", id="A22 an empty deployment"),
    pytest.param({"resource_link": ABSENT}, "does not come from an assignment", id="A23 no resource link"),
    pytest.param({"resource_link": {"title": "x"}}, "does not come from an assignment", id="A23 a link without id"),
    pytest.param({"sub": ABSENT}, "must let this tool receive the user", id="A24 nobody"),
]


@pytest.mark.parametrize(("changes", "says"), BAD)
def test_a15_a_required_claim_that_is_missing_or_wrong_is_refused(
    counter: Desk, someone: Someone, changes: Changes, says: str
) -> None:
    before = count_rows(counter.database)

    assert_refused(counter, launch(counter, someone, changes), before, says=says)


def test_a17_signed_json_that_is_no_launch_is_refused(counter: Desk) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    before = count_rows(counter.database)

    assert_refused(counter, post(counter, browser, begun, sign({"name": "badltilaunch"})), before)


def test_a17_not_even_with_everything_a_token_needs(counter: Desk) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    present = int(time.time())
    token = {"iss": "https://lms.example", "aud": "passback-1", "iat": present, "exp": present + 60}
    before = count_rows(counter.database)

    refused = post(counter, browser, begun, sign(token | {"nonce": asked(begun)["nonce"], "name": "badltilaunch"}))

    assert_refused(counter, refused, before, says="does not say its message_type")


def test_a18_of_several_missing_claims_the_first_is_named(counter: Desk, someone: Someone) -> None:
    missing = dict.fromkeys(("message_type", "version", "roles", "resource_link", "sub"), ABSENT)
    before = count_rows(counter.database)

    refused = launch(counter, someone, missing)

    assert_refused(counter, refused, before, says="does not say its message_type")
    assert "roles" not in refused.text


@pytest.mark.parametrize(
    ("issued", "expires", "says"),
    [
        pytest.param(-600, -120, "has expired", id="A19 exp in the past"),
        pytest.param(+600, +660, "clock", id="A19 iat in the future"),
    ],
)
def test_a19_a_token_out_of_its_time_is_refused(
    counter: Desk, someone: Someone, issued: int, expires: int, says: str
) -> None:
    before = count_rows(counter.database)
    present = int(time.time())

    refused = launch(counter, someone, {"iat": present + issued, "exp": present + expires})

    assert_refused(counter, refused, before, says=says)
