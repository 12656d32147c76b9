"""When the LMS is asked who is in the course: when a teacher comes, not each time, and never at a launch's expense."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from tests.cast import ADA, BEN, Someone
from tests.errands.bench import look, row, running
from tests.lti.rough_server import RoughServer, reply
from tests.lti.service_desk import CountedTokens, reply_json
from tests.rows import make_assignment, make_platform, read_launch
from tests.stage import wait_until
from tool.clock import now
from tool.course.roster import read_roster
from tool.db import Database
from tool.launch.arriving import RecordedLaunch, record_launch
from tool.lti.connector import Connector
from tool.lti.id_token import VerifiedLaunch
from tool.lti.login import LoginState
from tool.model.errands import Errand
from tool.model.people import Course, Member
from tool.outbound import Outbound
from tool.registration.platforms import KnownPlatform

TOKENS = count()


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
def known(database: Database, server: RoughServer) -> KnownPlatform:
    make_assignment(database)
    return make_platform(database, host=server.url)


def launch(database: Database, known: KnownPlatform, someone: Someone, server: RoughServer) -> RecordedLaunch:
    """An accepted launch, each with a token of its own."""
    claims = read_launch(someone, nrps={"context_memberships_url": server.url + "/members"})
    login = LoginState("login", "nonce", known.facts.issuer, known.facts.client_id, None, "", "", 0)
    return record_launch(database, known, VerifiedLaunch(claims, known.facts, f"{next(TOKENS)}", login))


def asked(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).where(Errand.due_at.is_not(None))).scalar_one()


def the_course(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(select(Course)).one()


def reading(database: Database, known: KnownPlatform, outbound: Outbound) -> Any:
    def connect(_: int) -> Connector:
        return Connector(known.facts, CountedTokens(), outbound)

    return {"roster": lambda course_id: read_roster(database, connect, course_id)}


def test_a_student_asks_for_nothing(database: Database, known: KnownPlatform, server: RoughServer) -> None:
    launch(database, known, BEN, server)

    assert asked(database) == 0


def test_a_teacher_has_the_roster_read(
    database: Database, known: KnownPlatform, server: RoughServer, outbound: Outbound
) -> None:
    server.on("/members", reply_json({"members": [{"user_id": "ada"}, {"user_id": "cleo", "roles": ["Learner"]}]}))
    arrival = launch(database, known, ADA, server).arrival
    with running(database, reading(database, known, outbound)):
        wait_until(lambda: look(database, "roster", arrival.course_id).finished_at, 30)

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Member)).scalar_one() == 2
    launch(database, known, ADA, server)
    assert asked(database) == 0

    with time_machine.travel(now() + timedelta(minutes=11)):
        launch(database, known, ADA, server)
    assert asked(database) == 1


def test_a_teacher_who_comes_again_and_again_asks_once(
    database: Database, known: KnownPlatform, server: RoughServer
) -> None:
    for _ in range(3):
        launch(database, known, ADA, server)

    assert asked(database) == 1


def test_a_launch_works_while_the_lms_forbids_its_roster(
    database: Database, known: KnownPlatform, server: RoughServer, outbound: Outbound
) -> None:
    server.on("/members", reply(403, "{}"))
    course_id = launch(database, known, ADA, server).arrival.course_id
    with running(database, reading(database, known, outbound)):
        wait_until(lambda: look(database, "roster", course_id).failure, 30)

    assert the_course(database).roster_failure == "forbidden"
    assert row(database, "roster", course_id).due_at is None
    assert launch(database, known, ADA, server).arrival.placement_id is not None
    assert launch(database, known, BEN, server).arrival.placement_id is not None
    assert look(database, "roster", course_id).is_waiting
