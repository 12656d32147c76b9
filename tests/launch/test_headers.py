"""What every answer says beside its page: nothing is kept, nothing is told to others, nothing foreign runs."""

from typing import Any

import pytest

from tests.cast import ADA, BEN
from tests.desk import TOOL, Desk
from tool.registration.keys import ensure_signing_key

EVIL = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}


def check_headers(response: Any) -> None:
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert "base-uri 'none'" in policy


@pytest.mark.parametrize("someone", [ADA, BEN])
def test_pages_are_neither_kept_nor_told_about(counter: Desk, someone: Any) -> None:
    check_headers(counter.open(counter.browser(), someone))


def test_refusals_too(counter: Desk) -> None:
    check_headers(counter.browser().get("/nowhere", base_url=TOOL))


def test_redirects_of_a_login_are_not_kept(counter: Desk) -> None:
    begun = counter.login(counter.browser())

    assert begun.headers["Cache-Control"] == "no-store"
    assert begun.headers["Referrer-Policy"] == "no-referrer"


def test_a_forged_host_changes_no_address(counter: Desk) -> None:
    """The launch address in the request to the LMS, and every address in a page, come from the configuration."""
    browser = counter.browser()
    begun = counter.login(browser, EVIL)
    assert "redirect_uri=https%3A%2F%2Ftool.example%2Flti%2Flaunch" in begun.location
    assert "evil.example" not in begun.location

    launched = browser.post("/lti/launch", data=counter.id_token(begun.location), base_url=TOOL, headers=EVIL)
    assert launched.location.startswith("/l/")
    page = browser.get(launched.location, base_url=TOOL, headers=EVIL)
    assert page.status_code == 200
    assert "evil.example" not in page.text


def test_the_key_set_is_public_and_says_no_more_than_it_must(counter: Desk) -> None:
    ensure_signing_key(counter.database, counter.parts.settings)
    answer = counter.browser().get("/.well-known/jwks.json", base_url=TOOL)

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    (key,) = answer.get_json()["keys"]
    assert set(key) == {"kty", "kid", "alg", "use", "n", "e"}
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert not answer.headers.getlist("Set-Cookie")
