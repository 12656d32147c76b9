"""Checklist B, rows 10, 11 and 30: addresses from outside, and the host that a request claims to be for."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.cast import ADA, BEN, Someone
from tests.conformance.premises import CHOOSING, Premises
from tests.conformance.reading import Reader
from tests.conformance.verdicts import assert_came_in, assert_refused
from tests.desk import TOOL, Desk
from tests.guests import Guest
from tests.library.choosing import SETTINGS
from tests.rows import ISSUER, count_rows
from tool.registration.keys import ensure_signing_key

WALKERS = ["nobody", "learner", "teacher", "operator"]
EVIL = {
    "Host": "evil.example",
    "Forwarded": "for=1.2.3.4;host=evil.example;proto=http",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Original-URL": "/admin",
    "X-Rewrite-URL": "/admin",
    "X-Forwarded-For": "127.0.0.1",
}


# B10, B11: addresses from outside.


DANGEROUS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://lms.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://lms.example/1",
    "https:javascript:alert(1)",
    "//evil.example/x",
    "\\\\evil.example\\x",
]


@pytest.mark.parametrize("url", DANGEROUS)
def test_b10_a_return_url_that_is_none_is_not_linked(counter: Desk, url: str, someone: Someone) -> None:
    """Nor kept; and the launch goes on, since the claim is optional."""
    guest = Guest(counter, someone, launch_presentation={"return_url": url, "css_url": url, "document_target": url})
    pages = ["overview", "work", "course", "grades", "nowhere", "library", "result"]
    for page in pages:
        answer = guest.browser.get(f"/l/{guest.launch_id}/{page}", base_url=TOOL)
        links = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
        assert not [one for one in links if "alert" in one or "evil" in one or "passwd" in one], page
        assert "evil.example" not in answer.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize("url", [*DANGEROUS, "http://lms.example/return", "https://lms.example:bad/", ""])
def test_b10_a_return_url_for_a_choice_that_is_none_is_refused(counter: Desk, url: str) -> None:
    """There the answer goes, so without a good one there is nothing to choose for."""
    before = count_rows(counter.database)
    asked = CHOOSING | {"deep_linking": SETTINGS | {"deep_link_return_url": url}}

    refused = counter.launch(counter.browser(), ADA, **asked)

    assert_refused(counter, refused, before)


def test_b10_no_picture_or_frame_of_the_lms_is_ever_shown(counter: Desk) -> None:
    """The platform's word about itself is text: no icon, no style sheet."""
    page = counter.open(
        counter.browser(),
        ADA,
        tool_platform={"guid": "1", "name": "LMS", "url": "javascript:alert(1)", "icon": "javascript:alert(2)"},
        launch_presentation={"css_url": "https://evil.example/x.css"},
    )

    assert "javascript:" not in page.text
    assert "evil.example" not in page.text


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:/evil.example",
    "%2f%2fevil.example",
    f"{TOOL}.evil.example/",
    f"{TOOL}@evil.example/",
    "https://tool.example:443@evil.example/",
    "javascript:alert(1)//tool.example",
    f"{TOOL}\\@evil.example/",
    "http://tool.example/",
    "https://tool.example\t.evil.example/",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_b11_a_target_elsewhere_is_refused_at_the_login(counter: Desk, url: str) -> None:
    before = count_rows(counter.database)

    refused = counter.login(counter.browser(), target_link_uri=url)

    assert_refused(counter, refused, before)
    assert "Location" not in refused.headers


@pytest.mark.parametrize(
    "name", ["next", "return_url", "redirect", "redirect_uri", "target_link_uri", "url", "to", "back"]
)
def test_b11_no_page_leads_where_its_address_says(premises: Premises, name: str) -> None:
    """Every page, with the parameter that redirecting pages are known for."""
    query = "?" + "&".join(f"{name}={quote(url)}" for url in ELSEWHERE[:4])
    for visitor in WALKERS:
        for rule, method in premises.routes:
            if method == "GET" and premises.is_open_to(visitor, rule):
                guest = premises.guest_for(visitor, rule)
                answer = guest.ask(rule, "GET", premises.ids | {"launch_id": guest.launch_id}, query=query)
                assert "evil" not in answer.headers.get("Location", ""), rule.endpoint
                assert not [one for one in Reader(answer.text).asked if "//evil" in one or "\\evil" in one] or (
                    answer.mimetype != "text/html"
                )
                answer.close()


def test_b11_a_launch_leads_to_a_page_of_ours_whatever_it_says(counter: Desk, someone: Someone) -> None:
    """Even with a target of a path, and a return address elsewhere."""
    browser = counter.browser()
    target = f"{TOOL}/lti/launch?next=https://evil.example/&return=//evil.example"
    begun = counter.login(browser, target_link_uri=target)
    told: dict[str, Any] = {"launch_presentation": {"return_url": "https://evil.example/"}, "target_link_uri": target}

    launched = counter.post(browser, counter.id_token(begun.location, someone, **told))

    assert_came_in(counter, launched, someone.subject)
    assert "evil" not in launched.location


def test_b11_only_the_signed_return_url_leads_out(counter: Desk) -> None:
    """And only from a page that says so: a refusal on a page of that very launch."""
    signed = f"{ISSUER}/courses/7"
    guest = Guest(counter, BEN, launch_presentation={"return_url": signed})

    refused = guest.browser.get(f"/l/{guest.launch_id}/grades?return_url=https://evil.example/", base_url=TOOL)

    assert re.findall(r'href="(https?:[^"]*)"', refused.text) == [signed]


# B30: the Host header and its friends.


def test_b30_a_forged_host_changes_no_address_of_a_launch(counter: Desk, someone: Someone) -> None:
    """The launch address in the request to the LMS comes from the configuration."""
    browser = counter.browser()
    begun = counter.login(browser, EVIL)
    assert "redirect_uri=https%3A%2F%2Ftool.example%2Flti%2Flaunch" in begun.location
    assert "evil.example" not in begun.location

    form = counter.id_token(begun.location, someone)
    launched = browser.post("/lti/launch", data=form, base_url=TOOL, headers=EVIL)

    assert launched.location.startswith("/l/")
    page = browser.get(launched.location, base_url=TOOL, headers=EVIL)
    assert page.status_code == 200
    assert "evil.example" not in page.text


def bring_cookies(guest: Guest) -> None:
    """The browser of the stories sends cookies by the host it believes in."""
    for cookie in list(guest.browser._cookies.values()):  # type: ignore[union-attr]
        guest.browser.set_cookie(cookie.key, cookie.value, domain="evil.example")


@pytest.mark.parametrize("visitor", WALKERS)
def test_b30_a_forged_host_is_in_no_page_and_no_redirect(premises: Premises, visitor: str) -> None:
    for guest in (premises.guests[visitor], premises.chooser, premises.binder):
        bring_cookies(guest)
    wrong, seen = [], 0
    for name, _, answer in premises.pages(visitor, headers=EVIL):
        seen += answer.status_code == 200
        if b"evil.example" in answer.data or "evil.example" in str(answer.headers) or answer.status_code >= 500:
            wrong.append(name)

    assert wrong == []
    assert seen >= 2


def test_b30_a_forged_origin_counts_against_the_configuration_only(premises: Premises) -> None:
    """A form from elsewhere with Host and Origin that agree with one another."""
    path = f"/l/{premises.ada.launch_id}/grades/mode"
    forged = EVIL | {"Origin": "https://evil.example"}
    bring_cookies(premises.ada)

    refused = premises.ada.browser.post(path, data={"csrf": premises.ada.csrf}, base_url=TOOL, headers=forged)

    assert refused.status_code == 403


def test_b30_only_a_stated_proxy_says_where_somebody_is(own_desk: Callable[..., Desk]) -> None:
    """`/metrics` is for this machine itself: nobody gets there by saying so, a stated proxy speaks for others."""
    told = {"REMOTE_ADDR": "192.0.2.1"}
    forwarded = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1", "X-Real-IP": "127.0.0.1"}
    for proxies, status in (((), 404), (("198.51.100.1",), 404), (("192.0.2.1",), 200)):
        desk = own_desk(settings={"trusted_proxies": proxies})
        answer = desk.browser().get("/metrics", headers=forwarded, environ_base=told, base_url=TOOL)
        assert answer.status_code == status, proxies


def test_b30_the_registration_that_an_lms_is_sent_names_the_configured_host(counter: Desk) -> None:
    ensure_signing_key(counter.database, counter.parts.settings)
    for path in ("/lti/canvas.json", "/.well-known/jwks.json", "/lti/login/check", "/admin/sign-in"):
        assert "evil.example" not in counter.browser().get(path, base_url=TOOL, headers=EVIL).text
    canvas = counter.browser().get("/lti/canvas.json", base_url=TOOL, headers=EVIL)
    assert canvas.get_json()["target_link_uri"].startswith(f"{TOOL}/")
