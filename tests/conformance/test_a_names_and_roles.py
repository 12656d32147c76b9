"""Checklist A97–A101: who is in the course, as real LMSs tell it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cast import ADA, BEN, Someone
from tests.course.paper import LEARNER, TEACHER, Paper
from tests.lti.rough_server import RoughServer, reply
from tests.lti.service_desk import reply_json
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice, opened_office
from tests.rows import hand_in, open_copy
from tests.web import Desk
from tool.db import Database
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import MEMBERSHIPS_TYPE, SCOPE_MEMBERSHIPS
from tool.model.people import Member
from tool.outbound import Outbound


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
def office(migrated_sqlite: Path, tmp_path: Path, outbound: Outbound) -> Iterator[PostOffice]:
    database = open_copy(migrated_sqlite, tmp_path / "office.db")
    yield from opened_office(database, outbound)
    database.close()


@pytest.fixture
def paper(database: Database, server: RoughServer, outbound: Outbound) -> Paper:
    server.received.clear()
    return Paper(database, server, outbound)


def test_a97_the_right_asked_for_is_the_rosters_alone(paper: Paper) -> None:
    paper.tells(LEARNER)
    paper.read()

    assert paper.tokens.asked == [frozenset({SCOPE_MEMBERSHIPS})]
    assert paper.server.received[0].headers["Accept"] == MEMBERSHIPS_TYPE


def test_a98_three_pages_with_capitals_and_escaped_addresses(paper: Paper) -> None:
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
def test_a99_a_next_page_elsewhere_is_not_fetched_and_nobody_is_marked(paper: Paper, elsewhere: str) -> None:
    paper.arrive(BEN)
    paper.server.on("/members", reply_json({"members": [TEACHER]}, 200, {"Link": f'<{elsewhere}>; rel="next"'}))

    with pytest.raises(ServiceError):
        paper.read()

    assert [one.path for one in paper.server.received] == ["/members"], "nor is the token sent there"
    assert paper.failure() == "host_not_allowed"
    assert paper.members()["ben"].left_at is None


def test_a100_a_member_without_names_or_roles_keeps_what_a_launch_told(paper: Paper) -> None:
    paper.arrive(BEN)
    paper.tells({"user_id": "ben"}, {"user_id": "nobody"})
    paper.read()

    ben, nobody = paper.members()["ben"], paper.members()["nobody"]
    assert (ben.name, ben.is_gradable) == ("Ben Carter", True)
    assert (nobody.name, nobody.is_gradable, nobody.is_teacher) == (None, False, False)


@pytest.mark.parametrize(
    "status", ["Inactive", "Deleted", "inactive", "http://purl.imsglobal.org/vocab/lis/v2/x#Inactive"]
)
def test_a100_an_inactive_member_has_left_and_may_come_back(paper: Paper, status: str) -> None:
    paper.tells(LEARNER | {"status": status})
    paper.read()
    left_at = paper.members()["ben"].left_at
    assert left_at is not None

    paper.read()
    assert paper.members()["ben"].left_at == left_at

    paper.tells(LEARNER | {"status": "Active"})
    paper.read()
    assert paper.members()["ben"].left_at is None


def test_a100_a_course_without_anybody_marks_nobody(paper: Paper) -> None:
    paper.arrive(BEN)
    paper.server.on("/members", reply_json({"members": []}))
    paper.read()

    assert {row.left_at for row in paper.members().values()} == {None}
    assert paper.failure() is None


def test_a100_five_thousand_members_are_written_in_bounded_time(paper: Paper) -> None:
    crowd = [{"user_id": f"u{number}", "roles": ["Learner"], "name": f"Learner {number}"} for number in range(5000)]
    paper.server.on("/members", reply(200, json.dumps({"members": [TEACHER, *crowd]})))
    began = time.process_time()
    paper.read()
    paper.read()
    took_seconds = time.process_time() - began

    with paper.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Member)).scalar_one() == 5001
    assert took_seconds < 10


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [(403, "{}", "forbidden"), (404, "{}", "course_gone"), (200, "<html>", "unreadable"), (503, "", "server_error")],
)
def test_a101_a_refusal_is_kept_as_a_reason_and_marks_nobody(paper: Paper, status: int, body: str, reason: str) -> None:
    paper.arrive(BEN)
    paper.server.on("/members", reply(status, body))

    with pytest.raises(ServiceError):
        paper.read()

    assert paper.failure() == reason
    assert paper.members()["ben"].left_at is None


def test_a100_who_has_no_name_is_shown_by_a_neutral_one(office: PostOffice, tmp_path: Path) -> None:
    room = Classroom(office, tmp_path)
    nobody = room.hands_in(Someone("learner-7", "", BEN.course), name=None)
    office.lms.roster_answer = (200, {"members": [TEACHER, {"user_id": "learner-7", "roles": ["Learner"]}]})
    room.reads_roster()

    row = room.row(nobody)
    assert "No name given" in row
    assert "None" not in row


def test_a100_who_is_inactive_is_not_graded(office: PostOffice, tmp_path: Path) -> None:
    room = Classroom(office, tmp_path)
    ben = room.opens(BEN)
    office.lms.roster_answer = (200, {"members": [TEACHER, LEARNER | {"status": "Inactive"}]})
    room.reads_roster()

    hand_in(office.database, ben)

    assert "Left the course" in room.row(ben)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        pytest.param(403, {}, "Often a permission of the tool", id="the LMS forbids it"),
        pytest.param(
            401, {"errors": {"message": "Insufficient permissions"}}, SCOPE_MEMBERSHIPS, id="the right is gone"
        ),
    ],
)
def test_a101_the_page_says_what_is_missing_and_launches_go_on(
    office: PostOffice, tmp_path: Path, status: int, body: dict[str, Any], says: str
) -> None:
    room = Classroom(office, tmp_path)
    room.hands_in(BEN)
    office.lms.roster_answer = (status, body)

    assert room.reads_roster() in ("forbidden", "scope_missing")

    page = room.page()
    assert says in page
    room.sends()
    assert "Successful" in room.row(room.opens(BEN)), "a launch and a score need no class list"


def test_a101_a_course_without_the_service_says_so(office: PostOffice, tmp_path: Path) -> None:
    room = Classroom(office, tmp_path)
    bare = Classroom(office, tmp_path)
    bare.ada = bare.opens(ADA, nrps=None, context={"id": "course-bare", "title": "Bare"})
    bare.screen = Desk(office.database, tmp_path, bare.ada)

    assert "offers no class list: only students who opened the link are here" in bare.page()
    assert "offers no class list" not in room.page()
