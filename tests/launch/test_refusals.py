"""A refusal is a page that says what to do, with a code to quote; it lets nobody in and writes nothing."""

import re
from typing import Any

import pytest

from tests.cast import BEN
from tests.desk import TOOL, Desk, cookies_set
from tests.rows import ISSUER, count_rows
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.registration.platforms import adopt_file_platforms

REFUSED_LAUNCHES: list[tuple[str, dict[str, Any]]] = [
    ("This installation of the tool", {"deployment_id": "elsewhere"}),
    ("The LMS did not say who you are.", {"sub": None}),
    ("is meant for another tool", {"aud": "another-client"}),
    ("does not say its roles", {"roles": None}),
    ("points to another page", {"target_link_uri": f"{TOOL}/elsewhere"}),
    ("This kind of launch is not offered", {"message_type": "LtiSubmissionReviewRequest"}),
]


def check_refusal(desk: Desk, response: Any, before: dict[str, int]) -> None:
    assert 400 <= response.status_code < 500
    assert response.mimetype == "text/html"
    assert re.search(r'<code class="reference">[0-9a-f]{8}</code>', response.text)
    assert "Traceback" not in response.text
    assert not any(name.startswith(LAUNCH_COOKIE_PREFIX) for name in cookies_set(response))
    assert count_rows(desk.database) == before


@pytest.mark.parametrize(("said", "changes"), REFUSED_LAUNCHES)
def test_a_refused_launch(counter: Desk, said: str, changes: dict[str, Any]) -> None:
    before = count_rows(counter.database)

    refused = counter.launch(counter.browser(), BEN, **changes)

    check_refusal(counter, refused, before)
    assert said in refused.text


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ("not registered for the LMS https://nobody.example", {"iss": "https://nobody.example"}),
        ("without login_hint", {"login_hint": ""}),
        ("points to another site", {"target_link_uri": "https://evil.example/lti/launch"}),
        ("not registered", {"client_id": "unknown"}),
        ("cannot be read", {"target_link_uri": f"{TOOL}/\0"}),
        ("too long", {"login_hint": "x" * 3000}),
        ("not registered for the LMS &lt;b&gt;", {"iss": "<b>bold</b>"}),
    ],
)
def test_a_refused_login(counter: Desk, said: str, changes: dict[str, Any]) -> None:
    before = count_rows(counter.database)

    refused = counter.login(counter.browser(), **changes)

    check_refusal(counter, refused, before)
    assert said in refused.text
    assert not cookies_set(refused)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/lti/launch", 405), ("POST", "/lti/launch", 400), ("GET", "/lti/login", 400)],
)
def test_other_wrong_addresses(counter: Desk, method: str, path: str, status: int) -> None:
    before = count_rows(counter.database)

    refused = counter.browser().open(path, method=method, base_url=TOOL)

    check_refusal(counter, refused, before)
    assert refused.status_code == status


def test_a_body_without_end_is_refused(counter: Desk) -> None:
    before = count_rows(counter.database)

    refused = counter.post(counter.browser(), {"id_token": "x" * 7_000_000})

    check_refusal(counter, refused, before)
    assert refused.status_code == 413


def test_the_lms_that_says_no_is_quoted_harmlessly(counter: Desk) -> None:
    browser = counter.browser()
    form = counter.id_token(counter.login(browser).location)

    refused = counter.post(browser, {"state": form["state"], "error": "<script>"})

    assert refused.status_code == 400
    assert "<script>alert" not in refused.text
    assert "(error)" in refused.text


def test_a_platform_switched_off_lets_nobody_in(desk: Desk) -> None:
    browser = desk.browser()
    launched = desk.launch(browser)
    adopt_file_platforms(desk.database, {})
    desk.parts.platforms.forget()

    refused = desk.login(browser)
    assert refused.status_code == 400
    assert f"not registered for the LMS {ISSUER}" in refused.text
    assert browser.get(launched.location, base_url=TOOL).status_code == 401
