"""Checklist B3 and B28, and what a login may cost: what nobody has vouched for is refused cheaply and kept nowhere."""

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cast import ADA, BEN
from tests.conformance.forging import asked, claims_for, launch, post, sign
from tests.conformance.verdicts import assert_came_in, assert_refused
from tests.desk import TOOL, Desk
from tests.lti.paper_lms import AGS, LEARNER, encode_part, sign_raw
from tests.rows import CLIENT, ISSUER, count_rows
from tests.stage import Stage
from tool.launch.limits import LAUNCH_BYTES
from tool.lti.token_format import MAX_TOKEN_CHARACTERS
from tool.sources import Turnstile

CPU_SECONDS = 0.1
LOGIN = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": f"{TOOL}/lti/launch"}


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def test_b3_a_flood_of_unsigned_launches_is_kept_nowhere_and_slows_nobody(counter: Desk) -> None:
    """Each has a nonce of its own, and a login that the attacker really began: all that is wrong is the signature."""
    attacker, flood = counter.browser(), counter.browser(takes_cookies=False)
    begun = counter.login(attacker)
    cookie = {"Cookie": begun.headers["Set-Cookie"].partition(";")[0]}
    state, claims = asked(begun)["state"], claims_for(begun)
    header = encode_part(b'{"alg":"RS256","kid":"lms-key"}')
    signature = sign(claims).rpartition(".")[2]

    def send(number: int) -> int:
        payload = encode_part(json.dumps(claims | {"nonce": f"fresh-{number}"}).encode())
        form = {"state": state, "id_token": f"{header}.{payload}.{signature}"}
        return flood.post("/lti/launch", data=form, base_url=TOOL, headers=cookie).status_code

    def launch_seconds() -> float:
        started = time.process_time()
        assert counter.launch(counter.browser(), BEN).status_code == 303
        return time.process_time() - started

    alone = sorted(launch_seconds() for _ in range(40))
    assert {send(number) for number in range(500)} == {400}
    before, at_first = count_rows(counter.database), resident_bytes()
    beside, answers = [], set()
    for number in range(10_000):
        answers.add(send(number))
        if number % 250 == 0:
            beside.append(launch_seconds())

    assert answers == {400}
    assert count_rows(counter.database) == before | {"launches": before["launches"] + len(beside)}
    assert resident_bytes() - at_first < 5_000_000
    assert sorted(beside)[37] <= 2 * alone[37]


TRAPS: list[Any] = [
    pytest.param({"name": "a" * 60_000 + "!"}, id="a name without an end"),
    pytest.param({"custom": {"due_at": "2026-03-02T" + "0" * 60_000}}, id="a moment of digits"),
    pytest.param({"custom": {"due_at": " " * 60_000 + "x"}}, id="a moment of spaces"),
    pytest.param({"custom": {"points": "1" + "0" * 60_000}}, id="points of 60,000 digits"),
    pytest.param({"custom": {"points": "1e-999999999"}}, id="points of a tiny number"),
    pytest.param({"custom": {"context_id_history": "," * 60_000}}, id="a history of commas"),
    pytest.param({"custom": {"assignment": "$" * 60_000}}, id="a variable of dollars"),
    pytest.param({"custom": {f"key-{number}": "x" for number in range(3_000)}}, id="three thousand custom values"),
    pytest.param({"launch_presentation": {"return_url": "https://" + "a." * 30_000}}, id="a host of 30,000 parts"),
    pytest.param({"launch_presentation": {"return_url": "https://[" + ":" * 60_000}}, id="a host of colons"),
    pytest.param({AGS: {"lineitems": "https://" + "@" * 60_000}}, id="an address of 60,000 users"),
    pytest.param({"tool_platform": {"product_family_code": "canvas" * 10_000}}, id="a family without end"),
    pytest.param({"roles": [LEARNER] * 900}, id="nine hundred roles"),
    pytest.param({"roles": ["a#" * 30_000]}, id="a role of marks"),
    pytest.param({"deep": json.loads("[" * 300 + "]" * 300)}, id="lists in lists"),
]


@pytest.mark.parametrize("changes", TRAPS)
def test_b28_a_signed_launch_made_to_hurt_is_answered_in_no_time(counter: Desk, changes: dict[str, Any]) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    token = sign(claims_for(begun, BEN, changes))
    assert len(token) <= MAX_TOKEN_CHARACTERS
    started = time.process_time()
    answered = post(counter, browser, begun, token)
    took = time.process_time() - started

    assert answered.status_code in (303, 400)
    assert took < CPU_SECONDS, f"{took:.3f} s of CPU"


def with_deep_payload() -> str:
    return sign_raw(b'{"alg":"RS256","kid":"lms-key"}', b'{"a":' * 9_000 + b"1" + b"}" * 9_000)


@pytest.mark.parametrize(
    ("make", "status"),
    [
        pytest.param(lambda _: "A" * 10_000_000, 413, id="ten megabytes"),
        pytest.param(lambda _: "A" * (LAUNCH_BYTES - 5_000), 400, id="just below the limit of a body"),
        pytest.param(lambda c: sign(c | {"x": ["y" * 40] * 10_000}), 413, id="ten thousand roles' worth"),
        pytest.param(lambda c: sign(c | {"x": "y" * 90_000}), 400, id="more than a token may have"),
        pytest.param(lambda _: with_deep_payload(), 400, id="objects in objects without end"),
        pytest.param(lambda _: sign_raw(b"[" * 60_000, b"{}"), 400, id="a header of lists"),
        pytest.param(lambda c: sign(c | {"exp": int("9" * 4_000)}), 400, id="a time of 4,000 digits"),
        pytest.param(lambda _: "." * 90_000, 400, id="ninety thousand parts"),
    ],
)
def test_b28_a_large_token_is_refused_in_no_time(counter: Desk, make: Callable[..., str], status: int) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    token = make(claims_for(begun, ADA))
    before = count_rows(counter.database)
    started = time.process_time()
    refused = post(counter, browser, begun, token)
    took = time.process_time() - started

    assert refused.status_code == status
    assert_refused(counter, refused, before, framed=status == 400)
    assert took < CPU_SECONDS, f"{took:.3f} s of CPU"


@pytest.mark.parametrize("path", ["/lti/login", "/lti/launch"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"a&" * (LAUNCH_BYTES // 2 - 1), id="a hundred thousand fields"),
        pytest.param(b"%" * (LAUNCH_BYTES - 1), id="escapes that escape nothing"),
        pytest.param(b"state=" + b"%F0%9F" * 40_000, id="half characters"),
        pytest.param(b"=" * (LAUNCH_BYTES - 1), id="fields without a name"),
    ],
)
def test_b28_a_form_made_to_hurt_is_refused_in_time(counter: Desk, path: str, body: bytes) -> None:
    before = count_rows(counter.database)
    started = time.process_time()
    form = "application/x-www-form-urlencoded"
    refused = counter.browser().post(path, data=body, content_type=form, base_url=TOOL)
    took = time.process_time() - started

    assert_refused(counter, refused, before, framed=False)
    assert took < 3 * CPU_SECONDS, f"{took:.3f} s of CPU"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("name", "most"),
    [("iss", 2000), ("login_hint", 2000), ("target_link_uri", 2000), ("client_id", 255), ("lti_message_hint", 20_000)],
)
def test_b28_a_login_of_endless_words_is_refused(counter: Desk, method: str, name: str, most: int) -> None:
    sent_as = "query_string" if method == "GET" else "data"
    told: dict[str, Any] = {sent_as: LOGIN | {name: "x" * (most + 1)}}
    before = count_rows(counter.database)

    refused = counter.browser().open("/lti/login", method=method, base_url=TOOL, **told)

    assert_refused(counter, refused, before, says="too long", framed=name not in ("iss", "client_id"))


def test_b28_a_login_of_ten_megabytes_is_refused_unread(counter: Desk) -> None:
    before = count_rows(counter.database)
    started = time.process_time()
    refused = counter.login(counter.browser(), lti_message_hint="x" * 10_000_000)
    took = time.process_time() - started

    assert_refused(counter, refused, before, framed=False)
    assert refused.status_code == 413
    assert took < 5 * CPU_SECONDS, "the writing of it is ours"


def test_b28_a_gigabyte_is_not_even_received(stage: Stage) -> None:
    """The server itself says no by the length that is announced."""
    address = urlsplit(stage.tool_url)
    head = f"POST /lti/launch HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 1000000000\r\n\r\nid_token="
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as wire:
        wire.sendall(head.encode())
        answer = wire.recv(1000)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_logins_from_one_address_are_limited_and_others_come_in(own_desk: Callable[..., Desk]) -> None:
    """The page can be read inside the LMS, and says when to try again; behind a proxy that is not named, everybody
    would come from one address, so what the proxy says is not believed either."""
    desk = own_desk(settings={"logins_per_minute": 60, "trusted_proxies": ("10.0.0.1",)})

    def login(peer: str, forwarded: str = "") -> Any:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        source = {"REMOTE_ADDR": peer}
        return desk.browser().post("/lti/login", data=LOGIN, base_url=TOOL, headers=headers, environ_overrides=source)

    assert {login("192.0.2.7").status_code for _ in range(60)} == {302}
    before = count_rows(desk.database)
    refused = login("192.0.2.7")

    assert_refused(desk, refused, before, says="Wait a minute")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert login("192.0.2.7", forwarded="192.0.2.99").status_code == 429, "nobody's word but a proxy's counts"
    assert login("192.0.2.8").status_code == 302
    assert login("10.0.0.1", forwarded="192.0.2.9").status_code == 302
    assert login("10.0.0.1", forwarded="192.0.2.99, 192.0.2.7").status_code == 429, "the proxy saw that one itself"


def test_who_is_in_already_is_not_held_up_by_the_limit(own_desk: Callable[..., Desk]) -> None:
    desk = own_desk(settings={"logins_per_minute": 60})
    browser = desk.browser()
    begun = desk.login(browser)
    for _ in range(60):
        desk.login(desk.browser())
    assert desk.login(desk.browser()).status_code == 429

    came = post(desk, browser, begun, sign(claims_for(begun)))

    assert_came_in(desk, came, "ben")
    assert browser.get(came.location, base_url=TOOL).status_code == 200


def test_whatever_addresses_are_made_up_few_numbers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.sources.SLOTS", 100)
    turnstile = Turnstile(2)
    for number in range(10_000):
        turnstile.count(f"2001:db8:0:{number:x}::1")
    assert len(turnstile._counts) == 100

    later = time.monotonic() + 61
    monkeypatch.setattr("tool.sources.time.monotonic", lambda: later)
    assert turnstile.count("192.0.2.7") == 0
    assert len(turnstile._counts) == 1, "a minute later all is forgotten"


def test_a_network_of_ipv6_counts_as_one() -> None:
    turnstile = Turnstile(2)

    assert [turnstile.count(f"2001:db8::{number}") > 0 for number in (1, 2, 3)] == [False, False, True]
    assert turnstile.count("2001:db8:0:1::1") == 0
    assert [turnstile.count(one) > 0 for one in ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.7")] == [False, False, True]


def test_a_launch_of_a_whole_school_stays_within_the_limit() -> None:
    """600 students who begin within one minute, three times over, behind one address."""
    from_one_address = Turnstile(6000)

    assert not any(from_one_address.count("192.0.2.7") for _ in range(1800))


def test_b28_a_large_honest_launch_is_accepted(counter: Desk) -> None:
    """As large as Canvas's with many custom fields, and larger."""
    custom = {f"field_{number}": "x" * 200 for number in range(200)} | {"assignment": "fractions"}

    assert_came_in(counter, launch(counter, BEN, {"custom": custom}), "ben")
