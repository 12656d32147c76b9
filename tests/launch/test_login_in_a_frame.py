"""A login inside the LMS's page tries its cookie first; where it is kept out, a new window takes over."""

from html import unescape
from re import search
from urllib.parse import urlsplit

from tests.desk import LMS_FRAME, TOOL, Desk
from tests.rows import ISSUER


def test_without_a_frame_it_goes_straight_on(counter: Desk) -> None:
    begun = counter.login(counter.browser())

    assert begun.status_code == 302
    assert begun.location.startswith(f"{ISSUER}/auth?")


def test_a_cookie_that_came_back_goes_on_to_the_lms(counter: Desk) -> None:
    browser = counter.browser()
    probe = counter.login(browser, LMS_FRAME)
    assert probe.status_code == 303
    assert probe.location.startswith("/lti/login/check?")

    onward = browser.get(probe.location, base_url=TOOL)

    assert onward.status_code == 302
    assert onward.location.startswith(f"{ISSUER}/auth?")
    assert counter.post(browser, counter.id_token(onward.location)).status_code == 303


def test_a_cookie_that_was_kept_out_gets_a_window(counter: Desk) -> None:
    framed = counter.browser(takes_cookies=False)
    probe = counter.login(framed, LMS_FRAME)

    page = framed.get(probe.location, base_url=TOOL)
    assert page.status_code == 200
    assert "frame-ancestors https://lms.example" in page.headers["Content-Security-Policy"]
    link = search(r'href="(/lti/login/continue[^"]*)" target="_blank"', page.text)
    assert link is not None

    window = counter.browser()
    onward = window.get(unescape(link[1]), base_url=TOOL)
    assert onward.location.startswith(f"{ISSUER}/auth?")
    assert counter.post(window, counter.id_token(onward.location)).status_code == 303


def test_another_logins_cookie_is_not_this_ones(counter: Desk) -> None:
    first = counter.login(counter.browser(), LMS_FRAME)
    name = first.headers["Set-Cookie"].partition("=")[0]
    other = counter.browser()
    counter.login(other, LMS_FRAME)
    alone = counter.browser(takes_cookies=False)

    assert "needs a window of its own" in other.get(first.location, base_url=TOOL).text
    guessed = alone.get(first.location, base_url=TOOL, headers={"Cookie": f"{name}=guessed"})
    assert "needs a window of its own" in guessed.text


def test_a_forged_step_is_refused(counter: Desk) -> None:
    browser = counter.browser()
    probe = counter.login(browser, LMS_FRAME)
    query = urlsplit(probe.location).query
    for path in ("/lti/login/check", "/lti/login/continue"):
        assert browser.get(f"{path}?{query}x", base_url=TOOL).status_code == 400
        assert browser.get(path, base_url=TOOL).status_code == 400
