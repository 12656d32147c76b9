"""Checklist A128–A130: a platform registers itself (dynamic registration), in the frame of its admin."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lti.recorded_platforms import AGS, canvas, canvas_reply
from tests.lti.rough_server import RoughServer, reply
from tests.operators import words
from tests.registration.office import CONFIGURATION, REGISTRATIONS, TOKEN, TOOL_URL, Office, frames, make_office
from tests.rows import count_rows, open_copy


@pytest.fixture
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


@pytest.fixture
def office(migrated_sqlite: Path, server: RoughServer, tmp_path: Path) -> Iterator[Office]:
    database = open_copy(migrated_sqlite, tmp_path / "office.db")
    opened = make_office(database, server, tmp_path)
    yield opened
    opened.parts.outbound.close()
    database.close()


def test_a128_the_token_goes_to_the_host_that_was_asked_and_nowhere_else(office: Office) -> None:
    """Always as Bearer, never in an address or a body. Canvas wants it with its configuration already; that is the host
    of its registration endpoint, or nothing is registered."""
    page = office.look()
    pressed = office.press(page)

    assert pressed.status_code == 200
    asked, registered = office.server.received
    assert (asked.path, registered.path) == (CONFIGURATION, REGISTRATIONS)
    for request in (asked, registered):
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert TOKEN.encode() not in request.body
    assert TOKEN not in pressed.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"issuer": "https://other.example"}, "in the name of another host", id="A128 another's issuer"),
        pytest.param({"registration_endpoint": "https://taker.example/r"}, "on another host", id="A128 another's desk"),
        *(
            pytest.param({name: "http://lms.example/x"}, f"{name} does not begin with https://", id=f"A128 http {name}")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        ),
    ],
)
def test_a128_a_platform_that_does_not_fit_together_is_refused(
    office: Office, changes: dict[str, Any], said: str
) -> None:
    office.configure(**changes)
    before = count_rows(office.database)

    page = office.look()

    assert page.status_code == 400
    assert said in words(page.text)
    assert "<button" not in page.text, "there is nothing to press"
    assert frames(page) == office.server.url, "read inside the LMS"
    assert count_rows(office.database) == before
    assert office.server.requests_for(REGISTRATIONS) == []


def test_a129_the_link_registers_once_and_what_it_registered_is_pending(office: Office) -> None:
    page = office.look()
    assert "waits for an operator" in words(office.press(page).text)
    rows = count_rows(office.database)
    (platform,) = office.platforms()
    key = (platform.issuer, platform.client_id)
    assert office.parts.platforms.known(*key) is None, "no launch of it is accepted yet"

    for again in (office.look(), office.press(page)):
        assert "is registered with" in words(again.text)

    assert len(office.server.requests_for(REGISTRATIONS)) == 1
    assert count_rows(office.database) == rows


@pytest.mark.parametrize("secret", ["", "/made-up", "/" + "x" * 43, "/" + "é" * 40])
def test_a129_who_was_not_invited_registers_nothing(office: Office, secret: str) -> None:
    before = count_rows(office.database)

    page = office.browser.get(f"/lti/register{secret}?{office.path().partition('?')[2]}", base_url=TOOL_URL)

    assert page.status_code == 404
    assert "invitation" in words(page.text)
    assert frames(page) == office.server.url, "read where it was opened: in the LMS"
    assert "<button" not in page.text
    assert office.server.received == [], "nobody was asked anything"
    assert count_rows(office.database) == before


@pytest.mark.parametrize("answer", ["{}", '{"client_id": ""}', '{"client_id": null, "scope": "openid"}'])
def test_a130_an_answer_without_a_client_id_leaves_nothing(office: Office, answer: str) -> None:
    page, before = office.look(), count_rows(office.database)
    office.server.on(REGISTRATIONS, reply(200, answer))

    failed = office.press(page)

    assert failed.status_code == 400
    assert "client_id" in words(failed.text)
    assert count_rows(office.database) == before
    assert office.state() == "open", "the invitation can be used again"


def test_a130_fewer_permissions_than_asked_for_are_said(office: Office) -> None:
    office.answer_like(canvas, canvas_reply, scope=f"openid {AGS}lineitem")

    page = office.register()

    assert page.status_code == 200
    assert "no grade can come home" in words(page.text)
    asked = json.loads(office.server.requests_for(REGISTRATIONS)[0].body)["scope"].split()
    assert f"{AGS}score" in asked
    (platform,) = office.platforms()
    assert platform.granted is not None
    assert f"{AGS}score" in str(platform.granted["missing"])


def test_a130_at_the_end_the_frame_is_told_to_close(office: Office) -> None:
    """In Chromium: tests/browser/test_registration_in_the_frame.py."""
    page = office.register()

    assert "data-close-frame" in page.text
    (source,) = re.findall(r'src="(/static/registration\.js[^"]*)"', page.text)
    script = office.browser.get(source, base_url=TOOL_URL)
    assert 'lms.postMessage({ subject: "org.imsglobal.lti.close" }, "*")' in script.text
    assert "window.opener || window.parent" in script.text
    script.close()
    assert "close it in the LMS" in words(page.text), "for who has no script"
    assert frames(page) == office.server.url
