"""Cookies: tied to this host, kept in a cross-site iframe, one for each login and launch, and never a heap of them."""

from datetime import timedelta

import time_machine

from tests.cast import ADA, BEN
from tests.desk import TOOL, Desk, launch_id
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.clock import now
from tool.launch.cookies import KEPT_AT_MOST, LOGIN_COOKIE_PREFIX


def test_two_people_in_one_browser_do_not_disturb_each_other(counter: Desk) -> None:
    browser = counter.browser()
    ben, ada = counter.launch(browser, BEN), counter.launch(browser, ADA)

    assert "Fractions" in browser.get(ben.location, base_url=TOOL).text
    assert "Students" in browser.get(ada.location, base_url=TOOL).text


def test_at_most_twenty_are_kept(counter: Desk) -> None:
    browser = counter.browser()
    for _ in range(KEPT_AT_MOST + 3):
        launched = counter.launch(browser)
        counter.login(browser)

    kept = [cookie.key for cookie in (browser._cookies or {}).values()]
    for prefix in (LAUNCH_COOKIE_PREFIX, LOGIN_COOKIE_PREFIX):
        assert KEPT_AT_MOST - 1 <= len([name for name in kept if name.startswith(prefix)]) <= KEPT_AT_MOST
    assert browser.get(launched.location, base_url=TOOL).status_code == 200, "the oldest go, not the newest"


def test_a_launch_ends(counter: Desk) -> None:
    browser = counter.browser()
    launched = counter.launch(browser)
    with time_machine.travel(now() + timedelta(hours=16, seconds=1)):
        ended = browser.get(launched.location, base_url=TOOL)

    assert ended.status_code == 401
    assert "Open the assignment again from your course." in ended.text


def test_a_launch_belongs_to_its_browser(counter: Desk) -> None:
    launched = counter.launch(counter.browser())
    stranger = counter.browser()
    assert stranger.get(launched.location, base_url=TOOL).status_code == 401

    name = LAUNCH_COOKIE_PREFIX + launch_id(launched)
    guess = {"Cookie": f"{name}=guess"}
    alone = counter.browser(takes_cookies=False)
    assert alone.get(launched.location, base_url=TOOL, headers=guess).status_code == 401
