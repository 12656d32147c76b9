"""Checklist A53–A60: state, nonce, replay. A launch belongs to one login in one browser, and is good once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from werkzeug.test import TestResponse

from tests.cast import BEN, Someone
from tests.conformance.forging import asked, claims_for, post, sign
from tests.conformance.verdicts import assert_came_in, assert_refused
from tests.desk import TOOL, Desk
from tests.rows import count_rows
from tool.clock import now
from tool.db import Database


def cookie_of(begun: TestResponse) -> dict[str, str]:
    """What ties a login to its browser, as that browser sends it."""
    return {"Cookie": begun.headers["Set-Cookie"].partition(";")[0]}


def post_with(desk: Desk, form: dict[str, str], headers: dict[str, str] | None = None) -> TestResponse:
    """A form posted by hand, with these headers and no cookies besides."""
    return desk.browser(takes_cookies=False).post("/lti/launch", data=form, base_url=TOOL, headers=headers)


@contextmanager
def another_process(desk: Desk, folder: Path) -> Iterator[Desk]:
    """The same installation once more, sharing nothing but database and keys; `folder` has the keys."""
    database = Database(desk.database.engine.url.render_as_string(hide_password=False))
    opened = Desk(database, folder)
    yield opened
    opened.outbound.close()
    database.close()


def test_a53_a_launch_without_a_state_is_refused(counter: Desk, someone: Someone) -> None:
    browser = counter.browser()
    form = counter.id_token(counter.login(browser).location, someone)
    before = count_rows(counter.database)

    refused = counter.post(browser, {"id_token": form["id_token"]})

    assert_refused(counter, refused, before, says="has no beginning here", framed=False)


@pytest.mark.parametrize("made_up", ["x", "state-made-up", "state-eyJhIjoxfQ.AAAA", "state-" + "x" * 50_000, "\0"])
def test_a53_a_made_up_state_is_refused(counter: Desk, someone: Someone, made_up: str) -> None:
    browser = counter.browser()
    form = counter.id_token(counter.login(browser).location, someone)
    before = count_rows(counter.database)

    refused = counter.post(browser, form | {"state": made_up})

    assert_refused(counter, refused, before, says="did not begin here", framed=False)


def test_a53_a_changed_state_is_refused(counter: Desk) -> None:
    browser = counter.browser()
    form = counter.id_token(counter.login(browser).location)
    head, dot, signature = form["state"].rpartition(".")
    before = count_rows(counter.database)

    refused = counter.post(browser, form | {"state": f"{head[:-1]}{'A' if head[-1] != 'A' else 'B'}{dot}{signature}"})

    assert_refused(counter, refused, before, says="did not begin here", framed=False)


def test_a53_a_state_of_another_browser_is_refused(counter: Desk, someone: Someone) -> None:
    """Login CSRF: nobody can put somebody else into a launch of theirs, so that work lands in the wrong name."""
    attacker, victim = counter.browser(), counter.browser()
    form = counter.id_token(counter.login(attacker).location, someone)
    before = count_rows(counter.database)

    assert_refused(counter, counter.post(victim, form), before, says="Your browser did not keep the cookie")
    counter.login(victim)
    assert_refused(counter, counter.post(victim, form), before, says="Your browser did not keep the cookie")
    assert_came_in(counter, counter.post(attacker, form), someone.subject)


@pytest.mark.parametrize("guess", ["something-else", "", "é"])
def test_a53_another_secret_under_the_logins_name_is_noticed(counter: Desk, guess: str) -> None:
    begun = counter.login(counter.browser())
    name = begun.headers["Set-Cookie"].partition("=")[0]
    before = count_rows(counter.database)

    refused = post_with(counter, counter.id_token(begun.location), {"Cookie": f"{name}={guess}"})

    assert_refused(counter, refused, before)


@pytest.mark.parametrize("nonce", ["made-up", "", "\ud800", 7, ["a"]])
def test_a54_a_made_up_nonce_is_refused(counter: Desk, someone: Someone, nonce: object) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    before = count_rows(counter.database)

    assert_refused(counter, post(counter, browser, begun, sign(claims_for(begun, someone, {"nonce": nonce}))), before)


def test_a55_the_nonce_of_one_login_does_not_fit_the_state_of_another(counter: Desk, someone: Someone) -> None:
    """Both are this browser's own, and neither was used."""
    browser = counter.browser()
    first, second = counter.login(browser), counter.login(browser)
    before = count_rows(counter.database)

    crossed = post(counter, browser, first, sign(claims_for(second, someone)))

    assert_refused(counter, crossed, before, says="belongs to another login")
    assert_came_in(counter, post(counter, browser, second, sign(claims_for(second, someone))), someone.subject)


def test_a56_the_same_form_posted_again_is_refused(desk: Desk, someone: Someone) -> None:
    begun = desk.login(desk.browser())
    form = desk.id_token(begun.location, someone)
    assert_came_in(desk, post_with(desk, form, cookie_of(begun)), someone.subject)
    before = count_rows(desk.database)

    again = post_with(desk, form, cookie_of(begun))

    assert_refused(desk, again, before, says="This launch was used already.")
    assert "Open it again from your course" in again.text


def test_a56_a_refused_launch_does_not_spend_its_nonce(counter: Desk) -> None:
    """The LMS's mistake is mended, and the same login is answered again."""
    browser = counter.browser()
    begun = counter.login(browser)

    assert post(counter, browser, begun, sign(claims_for(begun, BEN, {"roles": 7}))).status_code == 400
    assert_came_in(counter, post(counter, browser, begun, sign(claims_for(begun))), "ben")


def test_a57_a_used_nonce_does_not_fit_a_fresh_login(counter: Desk, someone: Someone) -> None:
    browser = counter.browser()
    used = counter.login(browser)
    assert_came_in(counter, post(counter, browser, used, sign(claims_for(used, someone))), someone.subject)
    fresh = counter.login(browser)
    before = count_rows(counter.database)

    token = sign(claims_for(fresh, someone, {"nonce": asked(used)["nonce"]}))

    assert_refused(counter, post(counter, browser, fresh, token), before, says="belongs to another login")


def test_a57_a_fresh_token_does_not_revive_a_used_login(counter: Desk, someone: Someone) -> None:
    begun = counter.login(counter.browser())
    form = {"state": asked(begun)["state"], "id_token": sign(claims_for(begun, someone))}
    assert_came_in(counter, post_with(counter, form, cookie_of(begun)), someone.subject)
    before = count_rows(counter.database)

    form["id_token"] = sign(claims_for(begun, someone, {"exp": int(now().timestamp()) + 90}))

    assert_refused(counter, post_with(counter, form, cookie_of(begun)), before, says="This launch was used already.")


def test_a58_eight_posts_at_once_to_several_processes_are_one_launch(desk: Desk, tmp_path: Path) -> None:
    begun = desk.login(desk.browser())
    form, cookie = desk.id_token(begun.location), cookie_of(begun)
    together = threading.Barrier(8)

    with another_process(desk, tmp_path) as second, another_process(desk, tmp_path) as third:

        def send(number: int) -> int:
            together.wait()
            return post_with((desk, second, third)[number % 3], form, cookie).status_code

        with ThreadPoolExecutor(8) as threads:
            answers = sorted(threads.map(send, range(8)))

    assert answers == [303] + [400] * 7
    rows = count_rows(desk.database)
    assert (rows["launches"], rows["persons"], rows["openings"]) == (1, 1, 1)


def test_a59_a_launch_after_ten_minutes_is_refused(counter: Desk, someone: Someone) -> None:
    begun = counter.login(counter.browser())
    before = count_rows(counter.database)
    with time_machine.travel(now().timestamp() + 601, tick=False):
        form = {"state": asked(begun)["state"], "id_token": sign(claims_for(begun, someone))}

        late = post_with(counter, form, cookie_of(begun))

    assert_refused(counter, late, before, says="This launch took too long.")


def test_a59_a_used_launch_stays_used_however_late(counter: Desk) -> None:
    """The row of its nonce outlives the state, and so does what refuses it."""
    begun = counter.login(counter.browser())
    form = {"state": asked(begun)["state"], "id_token": sign(claims_for(begun))}
    assert_came_in(counter, post_with(counter, form, cookie_of(begun)), "ben")
    before = count_rows(counter.database)

    for minutes in (1, 9, 11, 60 * 17):
        with time_machine.travel(now().timestamp() + 60 * minutes, tick=False):
            form["id_token"] = sign(claims_for(begun))
            assert_refused(counter, post_with(counter, form, cookie_of(begun)), before)


def test_a59_another_process_finishes_what_this_one_began(desk: Desk, tmp_path: Path, someone: Someone) -> None:
    """And so does this one after a restart: a login lies in no process's memory."""
    begun = desk.login(desk.browser())
    form, cookie = desk.id_token(begun.location, someone), cookie_of(begun)

    with another_process(desk, tmp_path) as elsewhere:
        came = post_with(elsewhere, form, cookie)
        assert_came_in(elsewhere, came, someone.subject)
        before = count_rows(desk.database)
        assert_refused(desk, post_with(desk, form, cookie), before, says="This launch was used already.")


def test_a60_six_hundred_who_begin_at_once_all_come_in(own_desk: Callable[..., Desk]) -> None:
    """A whole school at the bell, behind one address: first everybody's login, then everybody's launch."""
    desk = own_desk()
    students = [Someone(f"student-{number}", f"Student {number}", BEN.course) for number in range(600)]
    begun = [(student, desk.login(desk.browser())) for student in students]

    came = [
        post_with(desk, desk.id_token(login.location, student), cookie_of(login)).status_code
        for student, login in begun
    ]

    assert came == [303] * 600
    rows = count_rows(desk.database)
    assert (rows["launches"], rows["persons"]) == (600, 600)
