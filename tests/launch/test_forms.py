"""A form counts only when it comes from the page it belongs to: cookies come along with anybody's form."""

from itertools import count

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import BEN, CLEO, Someone
from tests.desk import TOOL, Desk, hidden

ANSWERS = {"half": "0.5", "quarter": "0.25", "Submit": "submit"}


NUMBERS = count()


class Work:
    """A learner's page, open in a browser; each story has a learner of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.browser: FlaskClient = desk.browser()
        learner = Someone(f"learner-{next(NUMBERS)}", "A Learner", BEN.course)
        launched = desk.launch(self.browser, learner)
        self.page = self.browser.get(launched.location, base_url=TOOL)
        self.submit_url = launched.location.replace("/work", "/submit")
        self.fields = ANSWERS | {name: hidden(self.page, name) for name in ("csrf", "revision")}

    def submit(self, fields: dict[str, str], origin: str | None = TOOL) -> TestResponse:
        headers = {"Origin": origin} if origin else {}
        return self.browser.post(self.submit_url, data=fields, base_url=TOOL, headers=headers)

    def is_handed_in(self) -> bool:
        page = self.browser.get(self.submit_url.replace("/submit", "/result"), base_url=TOOL)
        return page.status_code == 200


@pytest.fixture
def work(counter: Desk) -> Work:
    return Work(counter)


def test_the_page_itself_may_hand_in(work: Work) -> None:
    assert work.submit(work.fields).status_code == 303
    assert work.is_handed_in()


def test_a_browser_that_names_no_origin_may_too(work: Work) -> None:
    assert work.submit(work.fields, origin=None).status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://tool.example", f"{TOOL}.evil.example"])
def test_another_sites_form_is_refused(work: Work, origin: str) -> None:
    refused = work.submit(work.fields, origin)

    assert refused.status_code == 403
    assert "was not sent from the page it belongs to" in refused.text
    assert not work.is_handed_in()


@pytest.mark.parametrize("csrf", ["", "0" * 64, "ü"])
def test_a_form_without_the_pages_own_mark_is_refused(work: Work, csrf: str) -> None:
    assert work.submit(work.fields | {"csrf": csrf}).status_code == 403
    assert not work.is_handed_in()


def test_another_launchs_mark_does_not_fit(counter: Desk, work: Work) -> None:
    other = counter.open(counter.browser(), CLEO)

    assert work.submit(work.fields | {"csrf": hidden(other, "csrf")}).status_code == 403
    assert not work.is_handed_in()


def test_a_form_on_postgresql_may_hold_anything(desk: Desk) -> None:
    """Bytes that PostgreSQL cannot store are the sender's mistake, no trouble with the database."""
    work = Work(desk)

    odd = work.submit(work.fields | {"revision": "0.\0\0", "half": "0.\0", "\0": "\0"})

    assert odd.status_code < 500
