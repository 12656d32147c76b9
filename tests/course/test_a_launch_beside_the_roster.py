"""Ben is not on the roster, and launches at the very moment at which that is written down: he has not left."""

import threading
import time
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.cast import ADA, BEN, FRACTIONS, Someone
from tests.lms_beside import LmsBeside, running_lms
from tests.rows import make_assignment, read_launch
from tool.course.roster import read_roster
from tool.db import Database
from tool.demo_lms.moods import Mood
from tool.demo_lms.registration import DEPLOYMENT_ID
from tool.launch.arriving import record_launch
from tool.lti.id_token import VerifiedLaunch
from tool.lti.login import LoginState
from tool.model.people import Member, Person
from tool.registration.platforms import KnownPlatform

# The launch begins after the reading and is written before the LMS has answered; it is committed after the roster has
# come to the row that the launch holds.
LMS_SECONDS, COMMITS_AFTER_SECONDS = 0.4, 1.2


@pytest.fixture
def lms() -> Iterator[LmsBeside]:
    with running_lms() as lms:
        yield lms


def launch(lms: LmsBeside, database: Database, known: KnownPlatform, someone: Someone) -> int:
    """As a launch from the LMS is recorded; returns the course."""
    facts = known.facts
    told: dict[str, Any] = {
        "iss": facts.issuer,
        "aud": facts.client_id,
        "deployment_id": DEPLOYMENT_ID,
        "resource_link": {"id": FRACTIONS},
        "ags": {"lineitems": lms.lms.line_items_url(someone.course), "scope": []},
        "nrps": {"context_memberships_url": lms.lms.members_url(someone.course)},
    }
    login = LoginState("login", "nonce", facts.issuer, facts.client_id, None, "https://tool.example/", "", 0)
    verified = VerifiedLaunch(read_launch(someone, **told), facts, token_hex(32), login)
    return record_launch(database, known, verified).arrival.course_id


def test_a_launch_that_is_not_committed_yet_counts(lms: LmsBeside, database: Database) -> None:
    make_assignment(database)
    known = lms.register(database)
    launch(lms, database, known, BEN)
    course_id = launch(lms, database, known, ADA)
    read_roster(database, lms.connect(database), course_id)
    course = lms.lms.world.course(BEN.course)
    assert course is not None
    del course.people["ben"]
    lms.lms.moods.change(Mood("slow", delay_seconds=LMS_SECONDS, target="services", for_requests=1))
    connect = lms.connect(database)
    launching = threading.Timer(0.1, launch, (lms, database, known, BEN))

    def take_time(_connection: object) -> None:
        if threading.current_thread() is launching:
            time.sleep(COMMITS_AFTER_SECONDS)

    def meanwhile(platform_id: int) -> Any:
        launching.start()
        return connect(platform_id)

    event.listen(database.engine, "commit", take_time)
    try:
        read_roster(database, meanwhile, course_id)
    finally:
        launching.join()
        event.remove(database.engine, "commit", take_time)

    with database.reading() as connection:
        ben = select(Member.left_at).join(Person, Person.id == Member.person_id).where(Person.subject == "ben")
        assert connection.execute(ben).scalar_one() is None
