"""*Copy for the help desk*: everything a vendor asks for in the first mail, and nothing that must not be mailed."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests.cast import BEN
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice
from tests.rows import CLIENT, DEPLOYMENT, passback_of
from tool.clock import now

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TALKATIVE = {
    "errors": "ben.carter@school.example (BEN CARTER, SIS-00100) may not be graded",
    "request": {"Authorization": "Bearer token-1", "access_token": "abc.def"},
}
PERSONAL = {"email": "ben.carter@school.example", "given_name": "Ben", "family_name": "Carter"}


@pytest.fixture
def ticket(office: PostOffice, tmp_path: Path) -> str:
    """Of a score that was down for two tries, and then refused by an LMS that tells everything it knows."""
    room = Classroom(office, tmp_path)
    lis = {"person_sourcedid": "SIS-00100"}
    with time_machine.travel(now(), tick=False) as clock:
        ben = room.hands_in(BEN, "/columns/1?secret=s3cr3t", lis=lis, **PERSONAL)
        room.lms_says((503, {}), (503, {}), (418, TALKATIVE))
        for _ in range(3):
            room.sends()
            clock.shift(timedelta(minutes=1))
        assert passback_of(office.database, ben).tries == 3
        return room.ticket(ben)


def test_it_says_who_we_are_there_and_whose_score_it_is(office: PostOffice, ticket: str) -> None:
    assert f"issuer: {office.lms.url}  client id: {CLIENT}" in ticket
    assert f"deployment: {DEPLOYMENT}  key set of the tool: http://localhost:8000/.well-known/jwks.json" in ticket
    assert "context: course-math  resource link: link-1" in ticket
    assert "user id: ben" in ticket
    assert "Passback's ids: course 1, placement 1, passback 1" in ticket


def test_it_says_where_when_and_what_was_tried(office: PostOffice, ticket: str) -> None:
    host = office.lms.url.removeprefix("http://")
    tries = [line for line in ticket.splitlines() if line.startswith("- ")]

    assert f"line item: {host}/columns/1" in ticket
    assert "reason: bad_request  failed tries in a row: 3  since: 20" in ticket
    assert re.search(r"next try: 20\d\d-\d\d-\d\dT", ticket)
    assert len(tries) == 3
    newest = rf"- 20\S+ POST {re.escape(host)}/columns/1/scores\?… \(automatic\): 10\S* of 10\S*, timestamp 20\S+, "
    assert re.match(newest + "418 needs_person bad_request", tries[0])
    assert tries[1].endswith("503 later server_error")
    assert len({re.search(r"timestamp (\S+),", line)[1] for line in tries}) == 1, "one version, one time"  # type: ignore[index]


def test_it_repeats_what_the_lms_said_without_names_and_tokens(ticket: str) -> None:
    assert "may not be graded" in ticket.split("last answer: ", 1)[1]
    for secret in ("token-1", "abc.def", "s3cr3t", "Ben", "BEN", "Carter", "CARTER", "school.example", "SIS-00100"):
        assert secret not in ticket, secret
