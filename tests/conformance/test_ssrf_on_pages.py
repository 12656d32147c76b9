"""The same on the pages: an invited stranger's LMS, and the test of a platform whose rows name such places."""

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from tests.cast import BEN
from tests.conformance import forms
from tests.conformance.pretend_internet import CLOSES, LMS, LMS_ADDRESS, LMS_URL, Internet
from tests.lti.paper_lms import public_entry
from tests.lti.recorded_platforms import moodle
from tests.lti.rough_server import reply
from tests.registration.wired import EVERY_SCOPE, granting
from tests.rows import ALL_SCOPES, arrive, count_rows, make_platform, open_copy
from tool.app import create_app
from tool.db import Database
from tool.model.platforms import CheckTurn, Platform
from tool.parts import Parts
from tool.registration.checking import check_platform
from tool.registration.checks.steps import Step
from tool.registration.invitations import invite
from tool.registration.keys import ensure_signing_key
from tool.registration.platforms import TrustedPlatforms, confirm_host
from tool.settings import Settings
from tool.wake import Bell

TOOL_URL = "https://tool.example"
PRESSED = {"Origin": TOOL_URL, "Sec-Fetch-Dest": "iframe"}
# The page of an address that is none is the invitation's own.
PLACES = [form for form in forms.PRODUCTION if form]
HOSTS = [f"https://{host}:{{port}}" for host in (*forms.LOOPBACK, *forms.NOT_LOOPBACK, *forms.NAMES)]


class House:
    """Passback in production on that internet."""

    def __init__(self, net: Internet, empty: Path, folder: Path) -> None:
        self.net = net
        self.database: Database = open_copy(empty, folder / "house.db")
        self.settings = Settings(base_url=TOOL_URL, keys_dir=folder / "keys", environment="production")
        parts = Parts(self.settings, self.database, TrustedPlatforms(self.database), net.outbound, Bell())
        self.browser: FlaskClient = create_app(parts).test_client()
        ensure_signing_key(self.database, self.settings)
        one_day = timedelta(days=1)
        self.secret = invite(self.database, note="", approves=True, valid_for=one_day, made_by=None)

    def look(self, url: str) -> Any:
        asked = urlencode({"openid_configuration": url, "registration_token": "secret-of-the-lms"}, errors="replace")
        return self.browser.get(f"/lti/register/{self.secret}?{asked}", base_url=TOOL_URL)

    def press(self, page: Any) -> Any:
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
        fields = {name: html.unescape(value) for name, value in found}
        return self.browser.post(f"/lti/register/{self.secret}", data=fields, base_url=TOOL_URL, headers=PRESSED)

    def register(self, **changes: Any) -> int:
        platform = make_platform(self.database, issuer=LMS_URL, host=LMS_URL)
        with self.database.writing() as connection:
            connection.execute(update(Platform).values(key_set=None, key_set_url=f"{LMS_URL}/keys", **changes))
        return platform.id

    def test(self, platform_id: int) -> dict[str, Step]:
        with self.database.writing() as connection:
            connection.execute(delete(CheckTurn))
        steps = check_platform(self.database, self.settings, platform_id, invited=True)
        return {step.key: step for step in steps}


@pytest.fixture
def house(net: Internet, migrated_sqlite: Path, tmp_path: Path) -> Iterator[House]:
    net.names |= {name: [addresses] for name, addresses in forms.NAMES.items()}
    net.names["tool.example"] = [[LMS_ADDRESS]]
    opened = House(net, migrated_sqlite, tmp_path)
    yield opened
    opened.database.close()


def test_b15_an_invited_stranger_cannot_make_us_look_inside(house: House) -> None:
    for form in PLACES:
        page = house.look(form.format(port=house.net.inside.port))

        assert page.status_code == 400, form
        assert re.search(r"<h1>(The address|What the LMS gives as openid_configuration)[^<]{20,}</h1>", page.text), form
        assert "secret-of-the-lms" not in page.text
    assert house.net.inside.count() == 0
    assert house.net.reached == []


@pytest.mark.parametrize("member", ["registration_endpoint", "token_endpoint", "jwks_uri", "authorization_endpoint"])
def test_b15_a_configuration_that_names_places_inside_is_not_registered(house: House, member: str) -> None:
    """A name's owner chooses anew at every moment where it leads, so that is judged when it is connected to: such a
    registration may be written down, for an operator to look at, and nothing goes there."""
    for form in (one for one in PLACES if not any(name in one for name in forms.NAMES)):
        told = moodle(LMS_URL, registration_endpoint=f"{LMS_URL}/registrations")
        told[member] = form.format(port=house.net.inside.port)
        house.net.lms.on("/configuration", reply(200, json.dumps(told)))
        page = house.look(f"{LMS_URL}/configuration")

        if page.status_code == 200:
            assert "Keys or tokens of this LMS are on another host" in page.text, form
        else:
            assert re.search(r"<h1>[^<]{30,}</h1>", page.text), form
    assert house.net.nobody_came_in()
    assert count_rows(house.database)["platforms"] == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::ffff:127.0.0.1"])
def test_b15_between_the_look_and_the_press_its_name_comes_to_lead_inside(house: House, address: str) -> None:
    told = moodle(LMS_URL, registration_endpoint=f"{LMS_URL}/registrations")
    house.net.lms.on("/configuration", reply(200, json.dumps(told), CLOSES))
    house.net.names[LMS] = [[LMS_ADDRESS], [address]]
    page = house.look(f"{LMS_URL}/configuration")
    assert page.status_code == 200

    pressed = house.press(page)

    assert pressed.status_code == 400
    assert "The LMS did not answer the registration." in pressed.text
    assert house.net.nobody_came_in()
    assert count_rows(house.database)["platforms"] == 0


@pytest.mark.parametrize(("column", "step"), [("key_set_url", "key_set"), ("auth_token_url", "token.score")])
def test_b15_the_connection_test_does_not_look_inside(house: House, column: str, step: str) -> None:
    platform_id = house.register()
    for form in HOSTS:
        with house.database.writing() as connection:
            connection.execute(update(Platform).values({column: form.format(port=house.net.inside.port) + "/x"}))
        told = house.test(platform_id)[step]

        assert told.state == "bad", form
        assert "It lies where Passback may not connect" in told.text, (form, told)
        assert told.remedy
    assert house.net.nobody_came_in()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "10.1.2.3", "inside.school.example", "2130706433"])
def test_b15_a_host_that_an_operator_confirmed_is_not_let_in_by_that(house: House, host: str) -> None:
    """Confirmed is whom the token may go to; never where a connection may lead."""
    platform_id = house.register()
    house.net.lms.on("/keys", reply(200, json.dumps({"keys": [public_entry("lms-key")]})))
    house.net.lms.on("/token", granting(*EVERY_SCOPE))
    known = TrustedPlatforms(house.database).by_id(platform_id)
    assert known is not None
    place = f"https://{host}:{house.net.inside.port}"
    ags = {"lineitem": f"{place}/columns/7", "lineitems": f"{place}/columns", "scope": ALL_SCOPES}
    arrive(house.database, known, BEN, ags=ags, nrps={"context_memberships_url": f"{place}/members"})
    steps = ("course.line_items", "course.members", "course.results")

    before = house.test(platform_id)
    confirm_host(house.database, platform_id, host)
    after = house.test(platform_id)

    assert house.net.nobody_came_in()
    for step in steps:
        assert "does not belong to this registration" in before[step].text
        assert "It lies where Passback may not connect" in after[step].text
