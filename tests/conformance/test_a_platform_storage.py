"""Checklist A124–A127: a launch where the browser keeps no cookie of ours, and the pages behind it. What the scripts do
with an LMS that keeps words, keeps none, or lies is seen in Chromium: tests/browser/test_platform_storage.py."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN, CLEO, Someone
from tests.conformance.verdicts import assert_refused
from tests.desk import LMS_FRAME, TOOL, Desk, hidden
from tests.operators import words
from tests.rows import ISSUER, count_rows, make_assignment, open_copy
from tool.app import ROOT
from tool.clock import now
from tool.model.people import Member, Person
from tool.model.work import Launch
from tool.page_tokens import PAGE_LIFE

SIGN_IN = "https://sign-in.lms.example"
"""The origin of the registered authorization address differs from the issuer's, as hosted Canvas's does."""
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
OWN_FORM = OWN_PAGE | {"Origin": TOOL}
SOMEBODYS_FORMS = [
    pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, id="A124 of another site"),
    pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": ISSUER}, id="A124 of the LMS"),
    pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": TOOL}, id="A124 that lies about its origin"),
    pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, id="A124 from a page without an origin"),
    pytest.param({"Origin": TOOL}, id="A124 that does not say where it comes from"),
    pytest.param({}, id="A124 that says nothing"),
]


@pytest.fixture(scope="module")
def counter(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("storage")
    database = open_copy(migrated_sqlite, folder / "storage.db")
    make_assignment(database)
    opened = Desk(database, folder, {"auth_login_url": f"{SIGN_IN}/auth"})
    yield opened
    opened.outbound.close()
    database.close()


class Frame:
    """A browser that keeps no cookie, with the tool in a frame of the LMS; `target` is what the LMS offers."""

    def __init__(self, desk: Desk, target: str | None = "_parent") -> None:
        self.desk = desk
        self.browser: FlaskClient = desk.browser(takes_cookies=False)
        offered = {"lti_storage_target": target} if target else {}
        probe = desk.login(self.browser, LMS_FRAME, **offered)
        self.page: TestResponse = self.browser.get(probe.location, base_url=TOOL)

    def told(self, name: str, page: TestResponse | None = None) -> str:
        """What a page tells its script."""
        found = re.search(rf'data-{name}="([^"]*)"', (page or self.page).text)
        assert found, self.page.text
        return unescape(found[1])

    def answer(self, someone: Someone = BEN, **changes: Any) -> dict[str, str]:
        """The form of the LMS."""
        return self.desk.id_token(self.told("onward"), someone, **changes)

    def post(self, form: dict[str, str], headers: dict[str, str] | None = None) -> TestResponse:
        return self.browser.post("/lti/launch", data=form, base_url=TOOL, headers=headers or {"Origin": SIGN_IN})

    def launch(self, someone: Someone = BEN, **changes: Any) -> TestResponse:
        form = self.answer(someone, **changes)
        return self.post(form | {"binding": self.told("secret")}, OWN_FORM)

    def get(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        return self.browser.get(path, base_url=TOOL, headers=OWN_PAGE if headers is None else headers)


@pytest.mark.parametrize("target", ["_parent", "lms_storage", '"><script>x</script>'])
def test_a124_the_secret_goes_to_the_offered_frame_on_the_registered_origin(counter: Desk, target: str) -> None:
    frame = Frame(counter, target)

    assert frame.page.status_code == 200
    assert frame.told("frame") == target
    assert "<script>x" not in frame.page.text
    assert frame.told("origin") == SIGN_IN
    assert frame.told("onward").startswith(f"{SIGN_IN}/auth?")
    assert len(frame.told("secret")) == 43
    assert "Set-Cookie" not in frame.page.headers
    assert frame.page.headers["Cache-Control"] == "no-store"
    ancestors = frame.page.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].split()
    assert {ISSUER, SIGN_IN} <= set(ancestors)


def test_a124_no_message_goes_to_whoever_happens_to_listen() -> None:
    script = (ROOT / "static" / "platform_storage.js").read_text()

    assert re.findall(r"postMessage\((.*)\)", script) == ["{ ...question, message_id: messageId }, this.#origin"]
    assert '"*"' not in script


def test_a124_what_was_kept_opens_the_launch(counter: Desk, someone: Someone) -> None:
    """The launch's own page asks for it, and only then is anything checked further, spent or written."""
    frame = Frame(counter)
    form, before = frame.answer(someone), count_rows(counter.database)

    asking = frame.post(form)

    assert asking.status_code == 200
    assert frame.told("origin", asking) == SIGN_IN
    assert frame.told("key", asking) == frame.told("key")
    assert {name: unescape(hidden(asking, name)) for name in form} == form
    assert frame.told("secret") not in asking.text
    assert count_rows(counter.database) == before
    launched = frame.post(form | {"binding": frame.told("secret")}, OWN_FORM)

    assert launched.status_code == 303
    assert who_came_by_token(counter, launched) == someone.subject
    assert "Set-Cookie" not in launched.headers
    assert frame.get(launched.location).status_code == 200


def test_a124_a_form_around_the_kept_words_is_escaped(counter: Desk) -> None:
    frame = Frame(counter)

    asking = frame.post(frame.answer() | {"id_token": '"><img src=x onerror=alert(1)>'})

    assert asking.status_code == 200
    assert "<img" not in asking.text


@pytest.mark.parametrize("headers", SOMEBODYS_FORMS)
def test_a124_only_our_own_page_may_say_what_was_kept(counter: Desk, headers: dict[str, str]) -> None:
    """Somebody who began a login knows its secret, and could put it into a form for somebody else's browser."""
    frame = Frame(counter)
    form, before = frame.answer() | {"binding": frame.told("secret")}, count_rows(counter.database)

    refused = frame.browser.post("/lti/launch", data=form, base_url=TOOL, headers=headers)

    assert_refused(counter, refused, before, says="Your browser did not keep the cookie")


def test_a124_what_a_cookie_keeps_no_form_may_say(counter: Desk) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    (cookie,) = (line.split(";")[0] for line in begun.headers.getlist("Set-Cookie"))
    form, before = counter.id_token(begun.location), count_rows(counter.database)

    posted = form | {"binding": cookie.partition("=")[2]}
    refused = counter.browser(takes_cookies=False).post("/lti/launch", data=posted, base_url=TOOL, headers=OWN_FORM)

    assert_refused(counter, refused, before, says="Your browser did not keep the cookie")


def test_a125_without_an_answer_one_press_opens_a_window(counter: Desk) -> None:
    """The button is on the page from the start, and its login is unspent; without a script it simply stays."""
    frame = Frame(counter)
    link = re.search(r'href="(/lti/login/continue[^"]*)" target="_blank"', frame.page.text)
    assert link

    window = counter.browser()
    onward = window.get(unescape(link[1]), base_url=TOOL)

    launched = counter.post(window, counter.id_token(onward.location))
    assert launched.status_code == 303
    assert window.get(launched.location, base_url=TOOL).status_code == 200


def test_a125_no_answer_at_the_launch_is_told(counter: Desk) -> None:
    frame = Frame(counter)
    form, before = frame.answer(), count_rows(counter.database)

    refused = frame.post(form | {"binding": ""}, OWN_FORM)

    assert_refused(counter, refused, before, says="Open the link in a new window")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda secret: secret + "x", id="A126 longer"),
        pytest.param(lambda secret: secret[:-1], id="A126 shorter"),
        pytest.param(lambda secret: secret[::-1], id="A126 turned round"),
        pytest.param(lambda _: "é" * 43, id="A126 of other letters"),
        pytest.param(lambda _: "null", id="A126 nothing, in words"),
    ],
)
def test_a126_a_changed_value_is_refused(counter: Desk, someone: Someone, change: Callable[[str], str]) -> None:
    frame = Frame(counter)
    form, before = frame.answer(someone), count_rows(counter.database)

    refused = frame.post(form | {"binding": change(frame.told("secret"))}, OWN_FORM)

    assert_refused(counter, refused, before, says="This launch began in another browser.")


def test_a126_the_value_of_another_login_is_refused(counter: Desk) -> None:
    frame, other = Frame(counter), Frame(counter)
    form, before = frame.answer(), count_rows(counter.database)

    refused = frame.post(form | {"binding": other.told("secret")}, OWN_FORM)

    assert_refused(counter, refused, before, says="This launch began in another browser.")


def test_a126_a_launch_by_storage_is_good_once(counter: Desk) -> None:
    frame = Frame(counter)
    form = frame.answer() | {"binding": frame.told("secret")}
    assert frame.post(form, OWN_FORM).status_code == 303
    before = count_rows(counter.database)

    assert_refused(counter, frame.post(form, OWN_FORM), before, says="used")


def test_a127_without_storage_on_offer_the_window_is_all_there_is(counter: Desk) -> None:
    """What an LMS says of itself is asked by the script: tests/browser/test_platform_storage.py."""
    page = Frame(counter, target=None).page

    assert "This needs a window of its own" in page.text
    assert "platform_storage" not in page.text


# ── the pages behind such a launch ───────────────────────────────────────────────────────────────────────────────


def test_every_address_on_its_pages_carries_a_token(counter: Desk, someone: Someone) -> None:
    frame = Frame(counter)
    launched = frame.launch(someone)
    place = launched.location.split("/")[2]
    waiting, seen = [launched.location], set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        page = frame.get(path)
        if page.status_code == 303:
            waiting.append(page.location)
            continue
        assert page.status_code == 200, path
        for name, found in re.findall(r'(\w+)="(/l/[^"]+)"', page.text):
            assert place.split(".")[0] in found
            assert re.match(r"/l/[\w-]{22}\.[0-9a-f]+\.[\w-]{43}/", found), (path, name, found)
            without = re.sub(r"\.[0-9a-f]+\.[\w-]{43}/", "./", unescape(found).partition("#")[0])
            if name == "href" and without not in {re.sub(r"\.[0-9a-f]+\.[\w-]{43}/", "./", one) for one in seen}:
                waiting.append(unescape(found).partition("#")[0])
        if len(seen) > 25:
            break
    assert len(seen) > (5 if someone is ADA else 0)


def test_a_student_saves_and_hands_in(counter: Desk) -> None:
    """As the script does, and as a browser without it."""
    frame = Frame(counter)
    work = frame.get(frame.launch(CLEO).location)
    (save_url,) = re.findall(r'data-autosave="([^"]+)"', work.text)
    (submit_url,) = re.findall(r' action="([^"]+)"', work.text)
    answers = {"csrf": hidden(work, "csrf"), "revision": hidden(work, "revision"), "half": "0.5", "quarter": "0.25"}

    saved = frame.browser.post(save_url, data=answers, base_url=TOOL, headers=OWN_FORM | {"X-Passback-Autosave": "1"})
    assert saved.status_code == 200, saved.text
    sent = answers | {"revision": str((saved.json or {})["revision"]), "Submit": "submit"}
    submitted = frame.browser.post(submit_url, data=sent, base_url=TOOL, headers=OWN_FORM)

    assert submitted.status_code == 303
    assert "10 of 10" in words(frame.get(submitted.location).text)


def test_a_form_of_its_pages_still_needs_its_own_mark(counter: Desk) -> None:
    frame = Frame(counter)
    work = frame.get(frame.launch().location)
    (save_url,) = re.findall(r'data-autosave="([^"]+)"', work.text)

    refused = frame.browser.post(save_url, data={"half": "1"}, base_url=TOOL, headers=OWN_FORM)

    assert refused.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "none"}, id="typed or pasted"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="a link on another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a link on a neighbour's site"),
        pytest.param({}, id="a browser that does not say"),
    ],
)
def test_a_copied_address_opens_nothing(counter: Desk, headers: dict[str, str]) -> None:
    frame = Frame(counter)
    path = frame.launch().location

    assert frame.get(path).status_code == 200
    assert frame.get(path, headers).status_code == 401


def test_a_token_is_of_one_launch_and_ends(counter: Desk) -> None:
    frame = Frame(counter)
    path = frame.launch().location
    launch_id, made_at, mark = path.split("/")[2].split(".")
    other_id = Frame(counter).launch(ADA).location.split("/")[2].split(".")[0]
    later = f"{int(made_at, 16) + 60:x}"
    for place in (launch_id, f"{other_id}.{made_at}.{mark}", f"{launch_id}.{later}.{mark}", f"{launch_id}.x.é"):
        assert frame.get(f"/l/{place}/work").status_code == 401, place

    with time_machine.travel(now() + PAGE_LIFE - timedelta(minutes=1)):
        fresh = frame.get(path)
    with time_machine.travel(now() + PAGE_LIFE + timedelta(minutes=1)):
        assert frame.get(path).status_code == 401
        assert fresh.status_code == 200, "an open page saves for hours"
        (save_url,) = re.findall(r'data-autosave="([^"]+)"', fresh.text)
        assert frame.get(save_url.replace("/save", "/work")).status_code == 200, "and every page has a token of its own"


def test_no_cookie_opens_it_and_no_token_opens_what_has_a_cookie(counter: Desk) -> None:
    browser = counter.browser()
    with_cookie = counter.launch(browser).location
    by_token = Frame(counter).launch().location
    token = by_token.split("/")[2].partition(".")[2]

    assert browser.get(with_cookie, base_url=TOOL).status_code == 200
    carried = with_cookie.replace("/work", f".{token}/work")
    assert browser.get(carried, base_url=TOOL, headers=OWN_PAGE).status_code == 401
    stored = {"Cookie": f"__Host-passback-launch-{by_token.split('/')[2].split('.')[0]}=anything"}
    assert browser.get(by_token.split(".")[0] + "/work", base_url=TOOL, headers=OWN_PAGE | stored).status_code == 401


def test_from_the_course_into_an_assignment_the_token_goes_along(desk: Desk) -> None:
    """On both databases."""
    Frame(desk).launch(ADA)
    frame = Frame(desk)
    course = frame.get(frame.launch(ADA, resource_link={"id": ADA.course}).location)
    if course.status_code == 303:
        course = frame.get(course.location)
    (enter,) = set(re.findall(r'action="([^"]+/enter)"', course.text))

    entered = frame.browser.post(enter, data={"csrf": hidden(course, "csrf")}, base_url=TOOL, headers=OWN_FORM)

    assert entered.status_code == 303
    assert "Set-Cookie" not in entered.headers
    assert entered.location.split("/")[2].split(".")[0] != enter.split("/")[2].split(".")[0]
    assert frame.get(entered.location).status_code == 200


def who_came_by_token(desk: Desk, launched: TestResponse) -> str:
    """The person's id in the LMS; their launch is one that carries a token."""
    place, _, token = launched.location.split("/")[2].partition(".")
    assert token
    people = select(Person.subject).join(Member, Member.person_id == Person.id).join(Launch)
    with desk.database.reading() as connection:
        return str(connection.execute(people.where(Launch.id == place, Launch.carries_token)).scalar_one())
