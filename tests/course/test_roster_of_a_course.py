"""The roster of Ada's course, read from the demo LMS: who is in it, who left, who came back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from tests.cast import ADA, BEN, CLEO, DAN, FRACTIONS, FRACTIONS_IN_SCIENCE, TEST_STUDENT, Someone
from tests.lms_beside import LmsBeside, running_lms, write_launch
from tests.rows import make_assignment
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.course.roster import read_roster
from tool.db import Database
from tool.demo_lms.lms import MEMBERS_SCOPE
from tool.demo_lms.moods import Mood
from tool.demo_lms.records import Person as LmsPerson
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import TEST_USER_ROLE
from tool.model.people import Course, Member, Person
from tool.registration.platforms import KnownPlatform


@pytest.fixture(scope="module")
def shared_lms() -> Iterator[LmsBeside]:
    with running_lms() as lms:
        yield lms


@pytest.fixture
def lms(shared_lms: LmsBeside) -> LmsBeside:
    shared_lms.reset()
    return shared_lms


@pytest.fixture
def known(lms: LmsBeside, database: Database) -> KnownPlatform:
    make_assignment(database)
    return lms.register(database)


@pytest.fixture
def ada(lms: LmsBeside, database: Database, known: KnownPlatform) -> Arrival:
    return lms.arrive(database, known, ADA, FRACTIONS)


def read(lms: LmsBeside, database: Database, place: Arrival) -> None:
    read_roster(database, lms.connect(database), place.course_id)


def members(database: Database, place: Arrival) -> dict[str, Any]:
    with database.reading() as connection:
        rows = connection.execute(
            select(Member, Person.subject, Person.name, Person.email, Person.sourced_id)
            .join(Person, Person.id == Member.person_id)
            .where(Member.course_id == place.course_id)
        ).all()
    return {row.subject: row for row in rows}


def course(database: Database, place: Arrival) -> Any:
    with database.reading() as connection:
        return connection.execute(select(Course).where(Course.id == place.course_id)).one()


def leaves(lms: LmsBeside, someone: Someone) -> LmsPerson:
    found = lms.lms.world.course(someone.course)
    assert found is not None
    return found.people.pop(someone.subject)


def comes_back(lms: LmsBeside, someone: Someone, person: LmsPerson) -> None:
    found = lms.lms.world.course(someone.course)
    assert found is not None
    found.people[someone.subject] = person


def test_everybody_of_the_course_is_known_though_only_ada_was_here(
    lms: LmsBeside, database: Database, ada: Arrival
) -> None:
    began_at = now()
    read(lms, database, ada)

    everybody = members(database, ada)
    assert len(everybody) == 13
    ben = everybody["ben"]
    assert (ben.name, ben.email, ben.sourced_id) == ("Ben Carter", "ben@school.example", "SIS-00100")
    assert (ben.is_teacher, ben.is_gradable, ben.left_at) == (False, True, None)
    assert (everybody["ada"].is_teacher, everybody["ada"].is_gradable) == (True, False)
    assert began_at <= ben.on_roster_at <= now()
    assert (course(database, ada).roster_read_at, course(database, ada).roster_failure) == (ben.on_roster_at, None)


def test_a_short_page_size_loses_nobody(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    lms.lms.settings = replace(lms.lms.settings, page_size=5)
    read(lms, database, ada)

    assert len(members(database, ada)) == 13
    assert len(lms.requests("/names_and_roles")) == 3


def test_reading_again_changes_nothing_but_the_time(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    read(lms, database, ada)
    before = members(database, ada)
    read(lms, database, ada)

    after = members(database, ada)
    assert {name: row.id for name, row in after.items()} == {name: row.id for name, row in before.items()}
    assert after["ben"].on_roster_at > before["ben"].on_roster_at
    assert {row.left_at for row in after.values()} == {None}


def test_names_that_are_no_longer_told_stay(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    read(lms, database, ada)
    lms.lms.settings = replace(lms.lms.settings, shares_names=False)
    read(lms, database, ada)

    assert members(database, ada)["ben"].name == "Ben Carter"


def test_who_left_is_kept_and_marked_and_comes_back(
    lms: LmsBeside, database: Database, known: KnownPlatform, ada: Arrival
) -> None:
    ben = lms.arrive(database, known, BEN, FRACTIONS)
    read(lms, database, ada)
    person = leaves(lms, BEN)
    read(lms, database, ada)
    left_at = members(database, ada)["ben"].left_at
    assert left_at is not None
    assert members(database, ada)["cleo"].left_at is None

    read(lms, database, ada)
    assert (members(database, ada)["ben"].left_at, members(database, ada)["ben"].id) == (left_at, ben.member_id)

    comes_back(lms, BEN, person)
    read(lms, database, ada)
    assert members(database, ada)["ben"].left_at is None


def test_who_was_never_on_the_roster_is_marked_too(
    lms: LmsBeside, database: Database, known: KnownPlatform, ada: Arrival
) -> None:
    """Cleo launched once, and left before anybody read a roster."""
    lms.arrive(database, known, CLEO, FRACTIONS)
    leaves(lms, CLEO)
    read(lms, database, ada)

    assert members(database, ada)["cleo"].left_at is not None


def test_a_launch_is_stronger_than_a_roster(
    lms: LmsBeside, database: Database, known: KnownPlatform, ada: Arrival
) -> None:
    read(lms, database, ada)
    leaves(lms, BEN)
    read(lms, database, ada)
    assert members(database, ada)["ben"].left_at is not None

    lms.arrive(database, known, BEN, FRACTIONS)

    assert members(database, ada)["ben"].left_at is None


def test_who_launches_while_the_roster_is_read_has_not_left(
    lms: LmsBeside, database: Database, known: KnownPlatform, ada: Arrival
) -> None:
    leaves(lms, BEN)
    connect = lms.connect(database)

    def meanwhile(platform_id: int) -> Any:
        with time_machine.travel(now() + timedelta(seconds=2)):
            write_launch(database, lms.arrive(database, known, BEN, FRACTIONS))
        return connect(platform_id)

    read_roster(database, meanwhile, ada.course_id)

    assert members(database, ada)["ben"].left_at is None


def test_the_test_student_is_in_no_roster_and_never_leaves(
    lms: LmsBeside, database: Database, known: KnownPlatform, ada: Arrival
) -> None:
    lms.arrive(database, known, TEST_STUDENT, FRACTIONS, roles=["Learner", TEST_USER_ROLE])
    read(lms, database, ada)

    assert members(database, ada)["test-student"].left_at is None


def test_students_of_another_course_are_left_alone(
    lms: LmsBeside, database: Database, known: KnownPlatform, ada: Arrival
) -> None:
    dan = lms.arrive(database, known, DAN, FRACTIONS_IN_SCIENCE)
    read(lms, database, ada)

    assert members(database, dan)["dan"].left_at is None
    assert "dan" not in members(database, ada)


def test_an_lms_in_trouble_marks_nobody(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    read(lms, database, ada)
    read_at = course(database, ada).roster_read_at
    leaves(lms, BEN)
    lms.lms.moods.change(Mood("error500", target="services"))

    with pytest.raises(ServiceError):
        read(lms, database, ada)

    assert members(database, ada)["ben"].left_at is None
    now_known = course(database, ada)
    assert (now_known.roster_read_at, now_known.roster_failure) == (read_at, "server_error")


def test_a_reading_that_ends_well_forgets_the_trouble(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    lms.lms.moods.change(Mood("error500", target="services", for_requests=1))
    with pytest.raises(ServiceError):
        read(lms, database, ada)
    read(lms, database, ada)

    assert course(database, ada).roster_failure is None


def test_a_right_that_was_not_granted_is_said(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    kept = tuple(scope for scope in lms.lms.settings.granted_scopes if scope != MEMBERS_SCOPE)
    lms.lms.settings = replace(lms.lms.settings, granted_scopes=kept)

    with pytest.raises(ServiceError) as refused:
        read(lms, database, ada)

    assert refused.value.kind == "needs_person"
    assert course(database, ada).roster_failure == "scope_missing"


def test_an_lms_without_rosters_is_said(lms: LmsBeside, database: Database, known: KnownPlatform) -> None:
    ada = lms.arrive(database, known, ADA, FRACTIONS, nrps=None)
    read(lms, database, ada)

    assert course(database, ada).roster_failure == "roster_not_offered"
    assert lms.requests("/names_and_roles") == []


def test_a_platform_that_was_switched_off_is_not_asked(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    read_roster(database, lambda _: None, ada.course_id)

    assert course(database, ada).roster_failure == "platform_off"


def test_an_address_that_tells_only_some_marks_nobody(lms: LmsBeside, database: Database, ada: Arrival) -> None:
    """Some LMSs put a link into the address: who may not open that link is not told, and has not left."""
    read(lms, database, ada)
    leaves(lms, BEN)
    with database.writing() as connection:
        connection.execute(update(Course).values(memberships_url=Course.memberships_url + "?rlid=link-fractions"))
    read(lms, database, ada)

    assert members(database, ada)["ben"].left_at is None
