"""The invitation's link in the frame of an LMS: looking changes nothing, the button registers once, and a registration
that fails leaves nothing behind."""

import html
import json
import re
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from structlog.testing import capture_logs

from tests.desk import Desk
from tests.lti.recorded_platforms import TOOL, canvas, canvas_reply, moodle, moodle_reply, without
from tests.lti.rough_server import RoughServer, hang, reply
from tests.operators import words
from tests.registration.office import (
    CONFIGURATION,
    REGISTRATIONS,
    TOKEN,
    TOOL_URL,
    Office,
    frames,
    make_office,
)
from tests.rows import count_rows, open_copy
from tool.app import create_app
from tool.clock import now
from tool.db import Database
from tool.registration.invitations import find_invitation, invite, revoke


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


# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_choosing_assignments_is_announced_where_it_is_asked_for(office: Office) -> None:
    chooses = "let a teacher choose assignments for a course from inside the LMS"
    assert chooses in words(office.look().text)

    platform = office.configuration["https://purl.imsglobal.org/spec/lti-platform-configuration"]
    platform["messages_supported"] = [{"type": "LtiResourceLinkRequest"}]
    office.configure()
    assert chooses not in words(office.look().text)


def test_looking_shows_what_will_be_asked_and_uses_nothing_up(office: Office) -> None:
    before = count_rows(office.database)
    for _ in range(3):
        page = office.look()
        assert page.status_code == 200

    read = words(page.text)
    assert office.server.url in read
    assert "send scores into its columns" in read
    assert page.text.count("<button") == 1
    assert count_rows(office.database) == before
    assert office.state() == "open"
    assert office.server.requests_for(REGISTRATIONS) == []


def test_the_page_stands_in_the_frame_of_the_lms_that_was_asked_and_no_other(office: Office) -> None:
    page = office.look()

    assert frames(page) == office.server.url
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]


def test_opened_by_itself_it_says_what_to_do_with_the_link(office: Office) -> None:
    page = office.browser.get(f"/lti/register/{office.secret}", base_url=TOOL_URL)

    assert f"{TOOL_URL}/lti/register/{office.secret}" in page.text
    assert {"Canvas", "Moodle", "Brightspace"} <= set(words(page.text).replace(",", " ").split())
    assert f'href="/lti/invited/{office.secret}"' in page.text
    assert frames(page) == "'none'"
    assert office.server.received == []


def test_an_invitation_that_ended_asks_nobody(office: Office) -> None:
    page = office.look()
    with time_machine.travel(now() + timedelta(days=2)):
        assert office.look().status_code == 404
        assert office.press(page).status_code == 404
    with office.database.reading() as connection:
        found = find_invitation(connection, office.secret)
    assert found is not None
    revoke(office.database, found.id)

    assert office.look().status_code == 404
    assert office.press(page).status_code == 404
    assert len(office.server.received) == 1
    assert office.platforms() == []


@pytest.mark.parametrize("name", ["openid_configuration", "registration_token"])
def test_a_link_with_somebody_elses_lms_behind_it_gets_no_token(office: Office, name: str) -> None:
    own = {"openid_configuration": office.server.url + CONFIGURATION, "registration_token": TOKEN}

    twice: dict[str, Any] = {name: [f"{office.server.url}/of-a-stranger", own[name]]}

    page = office.look(**twice)

    assert page.status_code == 400
    assert office.server.received == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"jwks_uri": None}, "jwks_uri is missing"),
        ({"issuer": "https://moodle.example.org"}, "in the name of another host: moodle.example.org"),
        ({"registration_endpoint": "https://collector.example/r"}, "on another host: collector.example"),
        ({"token_endpoint": "http://lms.example/token"}, "token_endpoint does not begin with https://"),
        ({"authorization_endpoint": "https://10.0.0.1/auth"}, "authorization_endpoint is not on the public internet"),
        ({"authorization_server": "https://victim.example/token"}, "in the name of victim.example"),
    ],
)
def test_an_lms_that_does_not_fit_together_is_told_so(office: Office, changes: dict[str, Any], said: str) -> None:
    office.configure(**changes)

    page = office.look()

    assert page.status_code == 400
    assert said in words(page.text)
    assert "<button" not in page.text
    assert frames(page) == office.server.url


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "http://lms.example/c", "https://192.168.1.1/c", "x" * 3000])
def test_an_address_that_is_not_asked_frames_nothing(office: Office, scheme: str) -> None:
    page = office.look(openid_configuration=scheme)

    assert page.status_code == 400
    assert frames(page) == "'none'"


# ── the button ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_registered_waits_for_an_operator(office: Office) -> None:
    page = office.register()

    assert page.status_code == 200
    assert "waits for an operator" in words(page.text)
    (platform,) = office.platforms()
    assert (platform.issuer, platform.client_id, platform.family) == (office.server.url, "pHsQ0Tqg4uCBq8s", "moodle")
    assert platform.key_set_url == f"{office.server.url}/mod/lti/certs.php"
    assert platform.approved_at is None
    assert office.deployments() == ["3"]
    assert office.state() == "used"
    assert office.parts.platforms.known(platform.issuer, platform.client_id) is None


def test_an_invitation_that_approves_opens_the_door_at_once(office: Office) -> None:
    office.approves = True
    office.secret = office.invite()
    assert office.parts.platforms.every() == []

    page = office.register()

    assert "It is approved here" in words(page.text)
    known = office.parts.platforms.known(office.server.url, "pHsQ0Tqg4uCBq8s")
    assert known is not None
    assert set(known.customers) == {"3"}


def test_keys_on_another_host_wait_for_a_person_whatever_the_invitation_says(office: Office) -> None:
    office.approves = True
    office.secret = office.invite()
    office.configure(jwks_uri="https://keys.example/jwks")

    assert "keys.example" in words(office.look().text)
    page = office.register()

    assert "waits for an operator" in words(page.text)
    assert "keys.example" in words(page.text)
    (platform,) = office.platforms()
    assert platform.approved_at is None


def test_canvas_with_its_deployment_beside_the_client_id(office: Office) -> None:
    office.answer_like(canvas, canvas_reply)

    page = office.register()

    (platform,) = office.platforms()
    assert (platform.family, platform.name, platform.auth_audience) == ("canvas", "North High", None)
    assert office.deployments() == ["9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"]
    assert "Canvas shows what was registered" in words(page.text)


def test_no_deployment_id_is_said_and_is_no_failure(office: Office) -> None:
    office.answer_like(canvas, canvas_reply, deployment_id=None)

    page = office.register()

    assert page.status_code == 200
    assert "has not told the deployment id yet" in words(page.text)
    assert office.deployments() == []
    assert len(office.platforms()) == 1


# ── what goes wrong leaves nothing behind ────────────────────────────────────────────────────────────────────────

FAILURES = {
    "refused": (reply(401, "token_already_used"), "token_already_used"),
    "a page": (reply(404, "<!DOCTYPE html><title>Error</title>"), "404"),
    "a page that is fine": (reply(200, "<html>"), "cannot be read"),
    "a redirect": (reply(307, "", {"Location": "https://collector.example/r"}), "sent us elsewhere"),
    "no client id": (reply(200, "{}"), "client_id"),
    "a huge body": (reply(200, b"x" * 1_100_000), "did not answer"),
}


@pytest.mark.parametrize("how", FAILURES)
def test_a_registration_that_fails_leaves_nothing_and_can_be_tried_again(office: Office, how: str) -> None:
    behaviour, said = FAILURES[how]
    page, before = office.look(), count_rows(office.database)
    office.server.on(REGISTRATIONS, behaviour)

    failed = office.press(page)

    assert failed.status_code == 400
    assert said in words(failed.text)
    assert frames(failed) == office.server.url
    assert count_rows(office.database) == before
    assert office.state() == "open"

    office.answer_like(moodle, moodle_reply)
    assert office.register().status_code == 200


def test_an_lms_that_is_known_already_is_not_written_twice(office: Office) -> None:
    office.register()
    before = office.platforms()[0]
    office.secret = office.invite()

    again = office.register()

    assert again.status_code == 400
    assert "registered here already" in words(again.text)
    (after,) = office.platforms()
    assert (after.id, after.approved_at, after.granted) == (before.id, before.approved_at, before.granted)
    assert office.state() == "open"


def test_nobody_registers_with_the_client_id_of_another_lms_at_its_token_address(office: Office) -> None:
    """Our signature for the one would open the gradebooks of the other."""
    office.register()
    other = RoughServer()
    try:
        told = moodle(other.url, registration_endpoint=other.url + REGISTRATIONS)
        told["token_endpoint"] = f"{office.server.url}/mod/lti/token.php?else"
        other.on(CONFIGURATION, reply(200, json.dumps(told)))
        other.on(REGISTRATIONS, reply(200, json.dumps({"client_id": "pHsQ0Tqg4uCBq8s", TOOL: {}})))
        office.secret = office.invite()

        page = office.press(office.look(openid_configuration=other.url + CONFIGURATION))
    finally:
        other.stop()

    assert page.status_code == 400
    assert "Another LMS is registered here with this client id" in words(page.text)
    assert len(office.platforms()) == 1
    assert office.state() == "open"


def test_another_lms_may_have_the_same_client_id(office: Office) -> None:
    office.register()
    other = RoughServer()
    try:
        told = moodle(other.url, registration_endpoint=other.url + REGISTRATIONS)
        other.on(CONFIGURATION, reply(200, json.dumps(told)))
        other.on(REGISTRATIONS, reply(200, json.dumps({"client_id": "pHsQ0Tqg4uCBq8s", TOOL: {}})))
        office.secret = office.invite()
        office.press(office.look(openid_configuration=other.url + CONFIGURATION))
    finally:
        other.stop()

    assert len(office.platforms()) == 2


def test_a_second_press_while_the_lms_answers_the_first(office: Office) -> None:
    page = office.look()
    twin, has_come, may_answer = copy(office), Event(), Event()
    twin.browser = create_app(office.parts).test_client()
    statuses: list[int] = []

    def answer(handler: Any) -> None:
        has_come.set()
        may_answer.wait(10)
        reply(200, json.dumps({"client_id": "first", TOOL: {}}))(handler)

    office.server.on(REGISTRATIONS, answer)
    first = Thread(target=lambda: statuses.append(office.press(page).status_code))
    first.start()
    assert has_come.wait(10)
    second = twin.press(page)
    may_answer.set()
    first.join(10)

    assert (second.status_code, statuses) == (409, [200])
    assert "at this very moment" in words(second.text)
    assert len(office.server.requests_for(REGISTRATIONS)) == 1
    assert [one.client_id for one in office.platforms()] == ["first"]


def test_withdrawn_while_the_lms_answers_nothing_is_kept(office: Office) -> None:
    page = office.look()

    def answer(handler: Any) -> None:
        with office.database.reading() as connection:
            found = find_invitation(connection, office.secret)
        assert found is not None
        revoke(office.database, found.id)
        reply(200, json.dumps({"client_id": "late", TOOL: {}}))(handler)

    office.server.on(REGISTRATIONS, answer)

    assert office.press(page).status_code == 400
    assert office.platforms() == []


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_page_that_was_shown_counts(office: Office) -> None:
    page = office.look()
    elsewhere = page.text.replace(office.server.url, "https://collector.example")
    offers = re.findall(r'name="offer" value="([^"]*)"', elsewhere)
    other_secret = office.invite()

    changed = office.press(page, offer=html.unescape(offers[0]))
    unsealed = office.press(page, csrf="")
    for_another = office.press(page, secret=other_secret)
    from_elsewhere = office.press(page, headers={"Origin": "https://evil.example"})

    assert {changed.status_code, unsealed.status_code, for_another.status_code, from_elsewhere.status_code} == {400}
    assert office.server.requests_for(REGISTRATIONS) == []
    assert office.platforms() == []
    assert office.state() == "open"


def test_tokens_and_secrets_are_written_nowhere(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    with capture_logs() as logs:
        office.register()
        office.secret = office.invite()
        office.server.on(REGISTRATIONS, reply(401, f"no: {TOKEN}"))
        refused = office.register()
        office.configure(jwks_uri=None)
        office.look()

    assert TOKEN not in refused.text
    written = json.dumps(logs, default=str) + "".join(capfd.readouterr())
    assert "registration.refused" in written
    assert TOKEN not in written
    assert office.secret not in written
    folder = Path(str(office.database.engine.url.database)).parent
    kept = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    assert not any(TOKEN.encode() in one or office.secret.encode() in one for one in kept)


def test_in_production_this_machine_is_not_asked(migrated_sqlite: Path, server: RoughServer, tmp_path: Path) -> None:
    database = open_copy(migrated_sqlite, tmp_path / "production.db")
    desk = Desk(database, tmp_path, settings={"environment": "production"})
    secret = invite(database, note="", approves=True, valid_for=timedelta(days=1), made_by=None)
    server.on(CONFIGURATION, reply(200, json.dumps(without(moodle(server.url), "scopes_supported"))))
    asked = urlencode({"openid_configuration": server.url + CONFIGURATION})

    page = desk.browser().get(f"/lti/register/{secret}?{asked}", base_url="https://tool.example")

    desk.outbound.close()
    database.close()
    assert page.status_code == 400
    assert frames(page) == "'none'"
    assert server.connections == 0


def test_the_same_on_both_databases(database: Database, server: RoughServer, tmp_path: Path) -> None:
    office = make_office(database, server, tmp_path)

    office.register()

    (platform,) = office.platforms()
    assert platform.approved_at is None
    assert office.state() == "used"
    office.parts.outbound.close()


def test_an_lms_that_says_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.lti.platform_configuration.FETCH_SECONDS", 0.3)
    office.server.on(CONFIGURATION, hang)

    page = office.look()

    assert page.status_code == 400
    assert "could not be reached" in words(page.text)
