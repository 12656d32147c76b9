"""What "refused" and "accepted" mean in every row of the checklist."""

import re
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.desk import Desk, cookies_set, launch_id
from tests.rows import ISSUER, count_rows
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.model.people import Member, Person
from tool.model.work import Launch

REFERENCE = re.compile(r'<code class="reference">[0-9a-f]{8}</code>')
HEADING = re.compile(r"<h1>([^<]+)</h1>")


def assert_refused(
    desk: Desk, response: TestResponse, before: dict[str, int], *, says: str = "", framed: bool = True
) -> None:
    """A page that a teacher can read, with a code to quote; nobody came in and nothing was written. `framed`: it can be
    read inside the LMS, too, which holds for every platform that is known."""
    assert 400 <= response.status_code < 500, response.status_code
    assert response.mimetype == "text/html"
    heading = HEADING.search(response.text)
    assert heading, response.text
    assert heading[1].endswith("."), "a sentence, no status line"
    assert REFERENCE.search(response.text)
    assert "Traceback" not in response.text
    assert says in response.text
    assert not [name for name in cookies_set(response) if name.startswith(LAUNCH_COOKIE_PREFIX)]
    assert count_rows(desk.database) == before
    ancestors = response.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].split()
    assert (ISSUER in ancestors) == framed, ancestors


def assert_came_in(desk: Desk, response: TestResponse, subject: str) -> None:
    """A launch of exactly this person, with a secret of its own, led to a page of ours."""
    assert response.status_code == 303, response.text
    assert response.location.startswith("/l/")
    assert [name for name in cookies_set(response) if name.startswith(LAUNCH_COOKIE_PREFIX)]
    assert who_came(desk, response).subject == subject


def who_came(desk: Desk, response: TestResponse) -> Any:
    """The person a launch is of."""
    is_this = Launch.id == launch_id(response)
    people = select(Person).join(Member, Member.person_id == Person.id).join(Launch, Launch.member_id == Member.id)
    with desk.database.reading() as connection:
        return connection.execute(people.where(is_this)).one()
