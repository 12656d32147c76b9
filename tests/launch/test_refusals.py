"""A refusal is a page that says what to do, with a code to quote; it lets nobody in and writes nothing."""

import re
from typing import Any

import pytest

from tests.cast import BEN
from tests.desk import TOOL, Desk, cookies_set
from tests.rows import ISSUER, count_rows
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.registration.platforms import adopt_file_platforms


def check_refusal(desk: Desk, response: Any, before: dict[str, int]) -> None:
    assert 400 <= response.status_code < 500
    assert response.mimetype == "text/html"
    assert re.search(r'<code class="reference">[0-9a-f]{8}</code>', response.text)
    assert "Traceback" not in response.text
    assert not any(name.startswith(LAUNCH_COOKIE_PREFIX) for name in cookies_set(response))
    assert count_rows(desk.database) == before


def test_a_student_does_not_choose_assignments(counter: Desk) -> None:
    before = count_rows(counter.database)

    refused = counter.launch(counter.browser(), BEN, message_type="LtiDeepLinkingRequest")

    check_refusal(counter, refused, before)
    assert "chosen by the teachers of the course" in refused.text


@pytest.mark.parametrize(
    ("said", "changes"),
    [
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


def test_a_platform_switched_off_lets_nobody_in(desk: Desk) -> None:
    browser = desk.browser()
    launched = desk.launch(browser)
    adopt_file_platforms(desk.database, {})
    desk.parts.platforms.forget()

    refused = desk.login(browser)
    assert refused.status_code == 400
    assert f"not registered for the LMS {ISSUER}" in refused.text
    assert browser.get(launched.location, base_url=TOOL).status_code == 401
