"""Rosters as real LMSs write them: short roles, broken links, missing names, thousands of members."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cast import ADA, BEN
from tests.lti.rough_server import RoughServer, reply
from tests.lti.service_desk import CountedTokens, reply_json
from tests.rows import arrive, make_assignment, make_platform
from tool.course.arrivals import Arrival
from tool.course.roster import read_roster
from tool.db import Database
from tool.lti.access_token import Connector
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import MEMBERSHIPS_TYPE, SCOPE_MEMBERSHIPS, TEST_USER_ROLE
from tool.model.people import Course, Member, Person
from tool.outbound import Outbound
from tool.registration.platforms import KnownPlatform

TEACHER = {"user_id": "ada", "roles": ["Instructor"]}
LEARNER = {"user_id": "ben", "roles": ["Learner"], "name": "Ben Carter"}


class Paper:
    """An LMS that answers with what is written down for it."""

    def __init__(self, database: Database, server: RoughServer, outbound: Outbound) -> None:
        self.database = database
        self.server = server
        self.tokens = CountedTokens()
        self._outbound = outbound
        make_assignment(database)
        self.known: KnownPlatform = make_platform(database, host=server.url)
        self.ada: Arrival = self.arrive(ADA)

    def arrive(self, someone: Any, **changes: Any) -> Arrival:
        nrps = {"context_memberships_url": self.server.url + "/members"}
        return arrive(self.database, self.known, someone, **({"nrps": nrps} | changes))

    def tells(self, *members: dict[str, Any]) -> None:
        self.server.on("/members", reply_json({"members": [TEACHER, *members]}))

    def read(self) -> None:
        def connect(_: int) -> Connector:
            return Connector(self.known.facts, self.tokens, self._outbound)

        read_roster(self.database, connect, self.ada.course_id)

    def members(self) -> dict[str, Any]:
        query = select(Member, Person.subject, Person.name).join(Person, Person.id == Member.person_id)
        with self.database.reading() as connection:
            return {row.subject: row for row in connection.execute(query)}

    def failure(self) -> str | None:
        with self.database.reading() as connection:
            found: str | None = connection.execute(select(Course.roster_failure)).scalar_one()
        return found


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=10)
    yield client
    client.close()


@pytest.fixture(scope="module")
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


@pytest.fixture
def paper(database: Database, server: RoughServer, outbound: Outbound) -> Paper:
    server.received.clear()
    return Paper(database, server, outbound)


def test_the_right_asked_for_is_the_rosters_alone(paper: Paper) -> None:
    paper.tells(LEARNER)
    paper.read()

    assert paper.tokens.asked == [frozenset({SCOPE_MEMBERSHIPS})]
    assert paper.server.received[0].headers["Accept"] == MEMBERSHIPS_TYPE


def test_three_pages_with_capitals_and_escaped_addresses(paper: Paper) -> None:
    """Moodle's typographic quotes and `&amp;`, a cursor with capitals, several relations in one header."""
    pages = [
        {"members": [TEACHER, LEARNER]},
        {"members": [LEARNER, {"user_id": "cleo"}]},
        {"members": [{"user_id": 5}]},
    ]
    paper.server.on(
        "/members",
        reply_json(pages[0], 200, {"Link": "</members?Cursor=AbC&amp;x=1>; rel=“next”"}),
        reply_json(pages[1], 200, {"Link": '</members?p=1>; rel="first", </members?p=3>; title="a, b"; rel="next"'}),
        reply_json(pages[2]),
    )
    paper.read()

    assert set(paper.members()) == {"ada", "ben", "cleo", "5"}
    asked = [one.path for one in paper.server.received]
    assert asked == ["/members", "/members?Cursor=AbC&x=1", "/members?p=3"]


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.2:9/members?p=2", "https://127.0.0.1/members?p=2"])
def test_a_next_page_elsewhere_is_not_fetched_and_nobody_is_marked(paper: Paper, elsewhere: str) -> None:
    paper.arrive(BEN)
    paper.server.on("/members", reply_json({"members": [TEACHER]}, 200, {"Link": f'<{elsewhere}>; rel="next"'}))

    with pytest.raises(ServiceError):
        paper.read()

    assert paper.failure() == "host_not_allowed"
    assert paper.members()["ben"].left_at is None


def test_short_roles_are_understood(paper: Paper) -> None:
    """Moodle's rosters say Learner where its launches give a full address."""
    paper.tells(LEARNER)
    paper.read()

    assert (paper.members()["ben"].is_gradable, paper.members()["ada"].is_teacher) == (True, True)


def test_a_member_without_names_or_roles_keeps_what_a_launch_told(paper: Paper) -> None:
    paper.arrive(BEN)
    paper.tells({"user_id": "ben"}, {"user_id": "nobody"})
    paper.read()

    ben, nobody = paper.members()["ben"], paper.members()["nobody"]
    assert (ben.name, ben.is_gradable) == ("Ben Carter", True)
    assert (nobody.name, nobody.is_gradable, nobody.is_teacher) == (None, False, False)


def test_a_roster_that_calls_the_test_student_a_learner_does_not_make_one(paper: Paper) -> None:
    paper.arrive(BEN, roles=["Learner", TEST_USER_ROLE])
    paper.tells(LEARNER)
    paper.read()

    assert not paper.members()["ben"].is_gradable


def test_a_learner_who_became_an_assistant_is_graded_no_longer(paper: Paper) -> None:
    paper.tells(LEARNER)
    paper.read()
    paper.tells(LEARNER | {"roles": ["Learner", "Instructor"]})
    paper.read()

    assert (paper.members()["ben"].is_gradable, paper.members()["ben"].is_teacher) == (False, True)


@pytest.mark.parametrize(
    "status", ["Inactive", "Deleted", "inactive", "http://purl.imsglobal.org/vocab/lis/v2/x#Inactive"]
)
def test_an_inactive_member_has_left_and_may_come_back(paper: Paper, status: str) -> None:
    paper.tells(LEARNER | {"status": status})
    paper.read()
    left_at = paper.members()["ben"].left_at
    assert left_at is not None

    paper.read()
    assert paper.members()["ben"].left_at == left_at

    paper.tells(LEARNER | {"status": "Active"})
    paper.read()
    assert paper.members()["ben"].left_at is None


def test_a_course_without_anybody_marks_nobody(paper: Paper) -> None:
    paper.arrive(BEN)
    paper.server.on("/members", reply_json({"members": []}))
    paper.read()

    assert {row.left_at for row in paper.members().values()} == {None}
    assert paper.failure() is None


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [(403, "{}", "forbidden"), (404, "{}", "course_gone"), (200, "<html>", "unreadable"), (503, "", "server_error")],
)
def test_a_refusal_is_kept_as_a_reason_and_marks_nobody(paper: Paper, status: int, body: str, reason: str) -> None:
    paper.arrive(BEN)
    paper.server.on("/members", reply(status, body))

    with pytest.raises(ServiceError):
        paper.read()

    assert paper.failure() == reason
    assert paper.members()["ben"].left_at is None


def test_a_page_that_breaks_half_way_marks_nobody(paper: Paper) -> None:
    paper.arrive(BEN)
    paper.server.on(
        "/members",
        reply_json({"members": [TEACHER]}, 200, {"Link": '</members?p=2>; rel="next"'}),
        reply(500, "oops"),
    )
    with pytest.raises(ServiceError):
        paper.read()

    assert paper.members()["ben"].left_at is None


def test_ids_that_no_launch_could_have_are_passed_over(paper: Paper) -> None:
    paper.tells({"user_id": "x" * 256}, {"user_id": "line\nbreak"}, {"user_id": "x" * 255})
    paper.read()

    assert set(paper.members()) == {"ada", "x" * 255}


def test_five_thousand_members_are_written_in_bounded_time(paper: Paper) -> None:
    crowd = [{"user_id": f"u{number}", "roles": ["Learner"], "name": f"Learner {number}"} for number in range(5000)]
    paper.server.on("/members", reply(200, json.dumps({"members": [TEACHER, *crowd]})))
    began = time.process_time()
    paper.read()
    paper.read()
    took_seconds = time.process_time() - began

    with paper.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Member)).scalar_one() == 5001
    assert took_seconds < 10
