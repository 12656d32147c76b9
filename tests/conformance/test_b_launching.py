"""Checklist B, rows 1, 4, 5, 6 and 8: whose launch it is."""

import json
import time
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN, CLEO, Someone
from tests.conformance.verdicts import assert_came_in, assert_refused, who_came
from tests.desk import TOOL, Desk, cookies_set, hidden, launch_id
from tests.lti.paper_lms import public_entry, rsa_key, sign_raw
from tests.rows import CLIENT, ISSUER, count_rows, entry, launch_claims
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.registration.platforms import adopt_file_platforms
from tool.settings import Platforms

# B1: login CSRF. Nobody can put somebody else into a launch of theirs, so that work lands in the wrong name.


def test_b1_a_launch_begun_in_another_browser_is_refused(counter: Desk, someone: Someone) -> None:
    attacker, victim = counter.browser(), counter.browser()
    form = counter.id_token(counter.login(attacker).location, someone)
    before = count_rows(counter.database)

    refused = counter.post(victim, form)

    assert_refused(counter, refused, before, says="Your browser did not keep the cookie")


def test_b1_a_login_of_one_s_own_does_not_help(counter: Desk) -> None:
    attacker, victim = counter.browser(), counter.browser()
    form = counter.id_token(counter.login(attacker).location)
    counter.login(victim)
    before = count_rows(counter.database)

    assert_refused(counter, counter.post(victim, form), before)


def test_b1_another_secret_under_the_login_s_name_is_noticed(counter: Desk) -> None:
    begun = counter.login(counter.browser())
    name = begun.headers["Set-Cookie"].partition("=")[0]
    form, before = counter.id_token(begun.location), count_rows(counter.database)
    alone = counter.browser(takes_cookies=False)

    forged = {"Cookie": f"{name}=something-else"}
    refused = alone.post("/lti/launch", data=form, base_url=TOOL, headers=forged)

    assert_refused(counter, refused, before, says="This launch began in another browser.")


def test_b1_a_launch_without_a_beginning_is_refused(counter: Desk) -> None:
    browser = counter.browser()
    form = counter.id_token(counter.login(browser).location)
    before = count_rows(counter.database)

    without = counter.post(browser, {"id_token": form["id_token"]})
    made_up = counter.post(browser, form | {"state": "state-made-up"})

    assert_refused(counter, without, before, framed=False)
    assert_refused(counter, made_up, before, framed=False)


# B4: one platform's words under another's name.


PLATFORMS = {
    "A": (ISSUER, CLIENT, "install-a", "lms-key"),
    "B": ("https://other.example", "passback-2", "install-b", "other"),
}


@pytest.fixture
def two_platforms(own_desk: Callable[..., Desk]) -> Desk:
    """Two platforms whose keys go by the same id."""
    desk = own_desk()
    told: Platforms = {}
    for issuer, client_id, deployment_id, key in PLATFORMS.values():
        key_set = {"keys": [public_entry("lms-key", rsa_key("lms" if key == "lms-key" else key))]}
        told[issuer] = (entry(host=issuer, client_id=client_id, deployment_ids=(deployment_id,), key_set=key_set),)
    adopt_file_platforms(desk.database, told)
    desk.parts.platforms.forget()
    return desk


def post_mixed(desk: Desk, signer: str, begun_with: str, mixed: tuple[str, ...]) -> TestResponse:
    """Signed by the key of `signer`, in answer to a login at `begun_with`."""
    (issuer, client_id, *_), browser = PLATFORMS[begun_with], desk.browser()
    begun = desk.login(browser, iss=issuer, client_id=client_id)
    asked, present = parse_qs(urlsplit(begun.location).query), int(time.time())
    claims = launch_claims(BEN, iss=mixed[0], deployment_id=mixed[2]) | {"aud": mixed[1], "nonce": asked["nonce"][0]}
    claims |= {"iat": present, "exp": present + 60}
    key = rsa_key("lms") if signer == "A" else rsa_key("other")
    header = json.dumps({"alg": "RS256", "typ": "JWT", "kid": "lms-key"}).encode()
    token = sign_raw(header, json.dumps(claims).encode(), key)
    return desk.post(browser, {"state": asked["state"][0], "id_token": token})


def test_b4_only_the_true_issuer_client_and_deployment_come_in(two_platforms: Desk) -> None:
    """A's and B's key × a login at A or B × all eight mixtures: two of the 32 are true."""
    desk, accepted = two_platforms, []
    for signer, begun_with in product("AB", "AB"):
        for names in product("AB", repeat=3):
            mixed = tuple(PLATFORMS[name][place] for place, name in enumerate(names))
            before = count_rows(desk.database)
            answer = post_mixed(desk, signer, begun_with, mixed)
            # A platform's own signed word of a deployment nobody knows is held for an operator: see A52.
            before["deployments"] = count_rows(desk.database)["deployments"]
            if answer.status_code == 303:
                accepted.append((signer, begun_with, *names))
            else:
                assert answer.status_code == 400, (signer, begun_with, names)
                assert count_rows(desk.database) == before, (signer, begun_with, names)

    assert accepted == [("A",) * 5, ("B",) * 5]
    assert count_rows(desk.database)["customers"] == 3, "the two, and the one of the paper LMS as it comes"


def test_b4_a_platform_with_two_deployments_keeps_them_apart(own_desk: Callable[..., Desk]) -> None:
    """The login named one, the token another."""
    desk = own_desk({"deployment_ids": ("one", "two")})
    for said, signed in product(("one", "two"), repeat=2):
        browser = desk.browser()
        begun = desk.login(browser, lti_deployment_id=said)
        answer = desk.post(browser, desk.id_token(begun.location, BEN, deployment_id=signed))

        assert (answer.status_code == 303) == (said == signed), (said, signed)


# B5, B6: people are told apart by platform, deployment and `sub`, and by nothing else.


@pytest.fixture
def three_schools(own_desk: Callable[..., Desk]) -> Callable[..., TestResponse]:
    """Two deployments of one platform, and another platform: each sends the same ids."""
    desk = own_desk()
    adopt_file_platforms(
        desk.database,
        {
            ISSUER: (entry(deployment_ids=("one", "two")),),
            "https://other.example": (entry(host="https://other.example", deployment_ids=("one",)),),
        },
    )
    desk.parts.platforms.forget()

    def send(school: int, someone: Someone = BEN, **changes: Any) -> TestResponse:
        issuer, deployment = [(ISSUER, "one"), (ISSUER, "two"), ("https://other.example", "one")][school]
        browser = desk.browser()
        begun = desk.login(browser, iss=issuer)
        form = desk.id_token(begun.location, someone, iss=issuer, deployment_id=deployment, **changes)
        launched = desk.post(browser, form)
        assert_came_in(desk, launched, changes.get("sub", someone.subject))
        launched.browser, launched.desk = browser, desk  # type: ignore[attr-defined]
        return launched

    return send


def test_b5_the_same_ids_of_three_schools_are_three_of_each(three_schools: Callable[..., TestResponse]) -> None:
    ids: dict[str, Any] = {"context": {"id": "1", "title": "Math"}, "resource_link": {"id": "2", "title": "Link"}}
    launched = [three_schools(school, BEN, name=f"Ben of {school}", **ids) for school in (0, 1, 2)]
    desk: Desk = launched[0].desk  # type: ignore[attr-defined]
    rows = count_rows(desk.database)
    assert [rows[name] for name in ("persons", "courses", "placements", "members")] == [3, 3, 3, 3]

    for response in launched:
        browser: FlaskClient = response.browser  # type: ignore[attr-defined]
        page = browser.get(response.location, base_url=TOOL)
        form = {
            "csrf": hidden(page, "csrf"),
            "revision": hidden(page, "revision"),
            "half": "0.5",
            "Submit": "confirmed",
        }
        if response is launched[0]:
            browser.post(response.location.replace("work", "submit"), data=form, base_url=TOOL)
        else:
            assert 'value="0.5"' not in page.text, "what Ben of 0 typed"
    for school in (0, 1, 2):
        seen = three_schools(school, ADA, **ids)
        browser = seen.browser  # type: ignore[attr-defined]
        page = browser.get(seen.location.replace("overview", "grades"), base_url=TOOL)
        assert [f"Ben of {one}" in page.text for one in (0, 1, 2)] == [one == school for one in (0, 1, 2)]


def test_b6_the_same_e_mail_joins_nobody(three_schools: Callable[..., TestResponse]) -> None:
    """Not across platforms, not across deployments, not within one: `sub` is who it is."""
    ben = {"email": "ben@school.example", "name": "Ben Carter", "given_name": "Ben", "family_name": "Carter"}
    launched = [three_schools(school, BEN, **ben) for school in (0, 1, 2)]
    launched.append(three_schools(0, BEN, sub="ben-of-another-account", **ben))
    desk: Desk = launched[0].desk  # type: ignore[attr-defined]

    assert len({who_came(desk, one).id for one in launched}) == 4
    assert count_rows(desk.database)["persons"] == 4


# B8: sessions of two people in one browser.


def test_b8_each_launch_gets_an_id_and_a_secret_of_its_own(counter: Desk) -> None:
    browser = counter.browser()
    launched = [counter.launch(browser, BEN) for _ in range(3)]
    secrets = [cookies_set(one)[LAUNCH_COOKIE_PREFIX + launch_id(one)].split(";")[0] for one in launched]

    assert len({launch_id(one) for one in launched}) == 3
    assert len({one.partition("=")[2] for one in secrets}) == 3


def test_b8_a_cookie_planted_beforehand_is_not_taken_over(counter: Desk) -> None:
    """Whatever a browser was given before: the launch makes its own."""
    browser = counter.browser()
    browser.set_cookie(f"{LAUNCH_COOKIE_PREFIX}planted", "planted", domain="tool.example")

    launched = counter.launch(browser, BEN)

    assert launch_id(launched) != "planted"
    assert browser.get("/l/planted/work", base_url=TOOL).status_code == 401
    assert "planted" not in cookies_set(launched)[LAUNCH_COOKIE_PREFIX + launch_id(launched)]


def test_b8_a_page_belongs_to_the_launch_that_made_it(counter: Desk) -> None:
    """Ben comes in where Cleo is; her page stays hers, and what is sent from it is her work."""
    browser = counter.browser()
    cleo = counter.launch(browser, CLEO)
    page = browser.get(cleo.location, base_url=TOOL)
    ben = counter.launch(browser, BEN)
    form = {name: hidden(page, name) for name in ("csrf", "revision")} | {"half": "0.125"}

    saved = browser.post(cleo.location.replace("work", "save"), data=form, base_url=TOOL)
    ridden = browser.post(ben.location.replace("work", "save"), data=form, base_url=TOOL)

    assert saved.status_code == 200
    assert ridden.status_code == 403, "the form of her page does nothing in his launch"
    assert 'value="0.125"' in browser.get(cleo.location, base_url=TOOL).text
    assert 'value="0.125"' not in browser.get(ben.location, base_url=TOOL).text
