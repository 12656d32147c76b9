"""Checklist A1–A12: how a launch begins."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import BEN, Someone
from tests.conformance.forging import asked, claims_for, post, sign
from tests.conformance.verdicts import assert_came_in, assert_refused, who_came
from tests.desk import TOOL, Desk, cookies_set
from tests.rows import CLIENT, DEPLOYMENT, ISSUER, count_rows, entry
from tool.clock import now
from tool.launch.cookies import KEPT_AT_MOST
from tool.lti.login import STATE_SECONDS
from tool.registration.platforms import adopt_file_platforms

LAUNCH_URL = f"{TOOL}/lti/launch"
ABSENT = ""
METHODS = pytest.mark.parametrize("method", ["GET", "POST"])


def begin(desk: Desk, method: str = "POST", browser: FlaskClient | None = None, **changes: str) -> TestResponse:
    """The LMS sends the browser by a link or by a form; what is empty is not sent."""
    params = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": LAUNCH_URL} | changes
    sent = {name: value for name, value in params.items() if value != ABSENT}
    sent_as: dict[str, Any] = {"query_string": sent} if method == "GET" else {"data": sent}
    return (browser or desk.browser()).open("/lti/login", method=method, base_url=TOOL, **sent_as)


def with_two_clients(desk: Desk, **second: Any) -> Desk:
    """Every hosted Canvas shares one issuer: of each school only the client id is its own."""
    other = entry(client_id="passback-2", name="Other school", **second)
    adopt_file_platforms(desk.database, {ISSUER: (entry(), other)})
    desk.parts.platforms.forget()
    return desk


@METHODS
def test_a1_and_a2_a_login_is_answered_with_a_full_request(counter: Desk, method: str) -> None:
    """A1 by GET, A2 by POST."""
    begun = begin(counter, method)

    assert begun.location.startswith(f"{ISSUER}/auth?")
    request = asked(begun)
    assert len(request.pop("state")) > 22
    assert len(request.pop("nonce")) > 22
    assert request == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": CLIENT,
        "redirect_uri": LAUNCH_URL,
        "login_hint": "7",
    }


@METHODS
@pytest.mark.parametrize(
    "hint", ["a&b=c d%20e+f", "“<ü>\"'", '{"cmid":3,"launchid":"x&y"}', "%20%2520", "eyJ.x.y" * 999]
)
def test_a3_the_message_hint_comes_back_as_it_came(counter: Desk, method: str, hint: str) -> None:
    assert asked(begin(counter, method, lti_message_hint=hint))["lti_message_hint"] == hint


@METHODS
@pytest.mark.parametrize("name", ["iss", "login_hint", "target_link_uri"])
def test_a4_a_login_without_what_it_must_say_is_refused(counter: Desk, method: str, name: str) -> None:
    without: dict[str, Any] = {name: ABSENT}
    before = count_rows(counter.database)

    refused = begin(counter, method, **without)

    assert_refused(counter, refused, before, says=f"without {name}", framed=name != "iss")
    assert not cookies_set(refused)


@METHODS
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "https://nobody.example"}, id="an unknown issuer"),
        pytest.param({"client_id": "nobody"}, id="an unknown client of a known issuer"),
    ],
)
def test_a5_an_lms_that_is_not_registered_is_named_and_refused(
    counter: Desk, method: str, changes: dict[str, Any]
) -> None:
    before = count_rows(counter.database)

    refused = begin(counter, method, **changes)

    says = f"This tool is not registered for the LMS {changes.get('iss', ISSUER)}."
    assert_refused(counter, refused, before, says=says, framed=False)
    assert not cookies_set(refused)


@METHODS
def test_a6_of_two_clients_of_an_issuer_one_must_be_named(own_desk: Callable[..., Desk], method: str) -> None:
    desk = with_two_clients(own_desk(), default=True)
    before = count_rows(desk.database)

    refused = begin(desk, method, client_id=ABSENT)

    assert_refused(desk, refused, before, says="did not say which of its registrations is meant", framed=False)


@pytest.mark.parametrize("is_default", [True, False])
def test_a6_the_only_client_of_an_issuer_is_taken(own_desk: Callable[..., Desk], is_default: bool) -> None:
    assert asked(begin(own_desk({"default": is_default}), client_id=ABSENT))["client_id"] == CLIENT


@pytest.mark.parametrize("client_id", [CLIENT, "passback-2"])
def test_a7_of_two_clients_the_one_that_is_named_is_used(
    own_desk: Callable[..., Desk], client_id: str, someone: Someone
) -> None:
    desk = with_two_clients(own_desk(), auth_login_url="https://other.example/auth")
    browser = desk.browser()
    begun = begin(desk, browser=browser, client_id=client_id)
    assert begun.location.startswith("https://other.example/auth?" if client_id != CLIENT else f"{ISSUER}/auth?")
    assert asked(begun)["client_id"] == client_id

    came = post(desk, browser, begun, sign(claims_for(begun, someone, {"aud": client_id})))

    assert_came_in(desk, came, someone.subject)
    known = desk.parts.platforms.known(ISSUER, client_id)
    assert known is not None
    assert who_came(desk, came).customer_id == known.customers[DEPLOYMENT]


@METHODS
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/lti/launch",
        "https://tool.example.evil.example/",
        "https://tool.example@evil.example/",
        "https://tool.example:81/",
        "https://tool.example\\@evil.example/",
        "https://evil.example/https://tool.example/",
        "//tool.example/",
        "//evil.example/",
        "\\\\evil.example/",
        "http://tool.example/",
        "/lti/launch",
        "javascript:alert(1)",
    ],
)
def test_a8_a_target_on_another_host_is_refused(counter: Desk, method: str, target: str) -> None:
    before = count_rows(counter.database)

    refused = begin(counter, method, target_link_uri=target)

    assert_refused(counter, refused, before, says="points to another site")
    assert not cookies_set(refused)
    assert "Location" not in refused.headers


@pytest.mark.parametrize("target", [TOOL, f"{TOOL}/any/page?x=https://evil.example", "https://TOOL.example/x"])
def test_a8_the_answer_is_always_sent_to_our_own_launch_address(counter: Desk, target: str) -> None:
    assert asked(begin(counter, target_link_uri=target))["redirect_uri"] == LAUNCH_URL


@pytest.mark.parametrize("name", ["lti_deployment_id", "deployment_id"])
def test_a9_another_deployment_than_the_logins_is_refused(
    own_desk: Callable[..., Desk], name: str, someone: Someone
) -> None:
    """Both are known: what is wrong is only that they differ."""
    desk = own_desk({"deployment_ids": (DEPLOYMENT, "install-2")})
    browser = desk.browser()
    begun = begin(desk, browser=browser, **{name: "install-2"})
    before = count_rows(desk.database)

    refused = post(desk, browser, begun, sign(claims_for(begun, someone)))
    assert_refused(desk, refused, before, says="another installation of the tool than the login did")

    right = post(desk, browser, begun, sign(claims_for(begun, someone, {"deployment_id": "install-2"})))
    assert_came_in(desk, right, someone.subject)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def test_a10_ten_thousand_logins_that_are_never_finished_cost_nothing(counter: Desk) -> None:
    """Nothing is kept of a login: its state is signed and lies in the browser. They come from many addresses, so that
    none is refused."""
    browser = counter.browser(takes_cookies=False)
    form = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": LAUNCH_URL}
    before = count_rows(counter.database)

    def begin_some(many: int, network: int) -> None:
        for number in range(many):
            source = {"REMOTE_ADDR": f"10.{network}.{number // 250}.{number % 250}"}
            begun = browser.post("/lti/login", data=form, base_url=TOOL, environ_overrides=source)
            assert begun.status_code == 302

    begin_some(1_000, network=0)
    at_first = resident_bytes()
    begin_some(10_000, network=1)

    assert count_rows(counter.database) == before
    assert resident_bytes() - at_first < 5_000_000


def test_a10_a_login_ends_after_ten_minutes_in_the_browser_too(counter: Desk) -> None:
    browser = counter.browser()
    begun = [begin(counter, browser=browser) for _ in range(KEPT_AT_MOST + 5)]
    kept = list((browser._cookies or {}).values())
    assert len(kept) <= KEPT_AT_MOST
    assert {cookie.max_age for cookie in kept} == {STATE_SECONDS} == {600}
    before = count_rows(counter.database)

    with time_machine.travel(now().timestamp() + STATE_SECONDS + 1, tick=False):
        alone = counter.browser(takes_cookies=False)
        cookie = {"Cookie": begun[-1].headers["Set-Cookie"].partition(";")[0]}
        form = {"state": asked(begun[-1])["state"], "id_token": sign(claims_for(begun[-1]))}
        late = alone.post("/lti/launch", data=form, base_url=TOOL, headers=cookie)

    assert_refused(counter, late, before, says="This launch took too long.")


def test_a11_two_tabs_may_finish_in_any_order(counter: Desk, someone: Someone) -> None:
    browser = counter.browser()
    first, second = begin(counter, browser=browser), begin(counter, browser=browser)

    for tab in (second, first):
        assert_came_in(counter, post(counter, browser, tab, sign(claims_for(tab, someone))), someone.subject)


@pytest.mark.parametrize(
    "error", ["login_required", "launch_no_longer_valid", "<script>alert(1)</script>", "x" * 9_000]
)
def test_a12_the_lms_may_answer_with_an_error_instead(counter: Desk, error: str) -> None:
    browser = counter.browser()
    state = asked(begin(counter, browser=browser))["state"]
    before = count_rows(counter.database)
    answer = {"state": state, "error": error, "error_description": "<b>why</b>"}

    refused = counter.post(browser, answer)

    assert_refused(counter, refused, before, says="The LMS did not confirm who you are")
    assert "<script>alert" not in refused.text
    assert "why" not in refused.text


def test_a12_an_error_without_a_state_is_readable_too(counter: Desk) -> None:
    before = count_rows(counter.database)

    refused = counter.post(counter.browser(), {"error": "login_required"})

    assert_refused(counter, refused, before, says="did not confirm who you are (login_required)", framed=False)


def test_a12_after_an_error_the_link_works_again(counter: Desk) -> None:
    browser = counter.browser()
    counter.post(browser, {"state": asked(begin(counter, browser=browser))["state"], "error": "login_required"})

    assert_came_in(counter, counter.launch(browser, BEN), "ben")
