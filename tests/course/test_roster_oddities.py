"""Rosters as real LMSs write them: short roles, broken links, missing names, thousands of members."""

from collections.abc import Iterator

import pytest

from tests.cast import BEN
from tests.course.paper import LEARNER, TEACHER, Paper
from tests.lti.rough_server import RoughServer, reply
from tests.lti.service_desk import reply_json
from tool.db import Database
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import TEST_USER_ROLE
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
def paper(database: Database, server: RoughServer, outbound: Outbound) -> Paper:
    server.received.clear()
    return Paper(database, server, outbound)


def test_short_roles_are_understood(paper: Paper) -> None:
    """Moodle's rosters say Learner where its launches give a full address."""
    paper.tells(LEARNER)
    paper.read()

    assert (paper.members()["ben"].is_gradable, paper.members()["ada"].is_teacher) == (True, True)


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
