"""A launch becomes rows, and nothing that an earlier launch told is lost because a later one is silent."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase

from tests.cast import ADA, BEN, CLEO, Someone
from tests.lti.paper_lms import INSTRUCTOR, LEARNER
from tests.rows import ALL_SCOPES, COLUMN, ISSUER, arrive, count_rows, entry, make_assignment, make_platform
from tool.db import Database
from tool.model.people import Course, Member, Person
from tool.model.work import Opening, Placement
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, adopt_file_platforms

Read = Callable[[type[DeclarativeBase]], Any]


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    make_assignment(database)
    return make_platform(database)


@pytest.fixture
def read(database: Database) -> Read:
    """The only row of a table."""

    def read_one(table: type[DeclarativeBase]) -> Any:
        with database.reading() as connection:
            return connection.execute(select(table)).one()

    return read_one


def test_a_first_launch_writes_everything(database: Database, platform: KnownPlatform, read: Read) -> None:
    arrive(database, platform, BEN, email="ben@example.org", lis={"person_sourcedid": "S-1"})

    person, course, placement, opening = read(Person), read(Course), read(Placement), read(Opening)
    assert (person.subject, person.name, person.email, person.sourced_id) == (
        "ben",
        "Ben Carter",
        "ben@example.org",
        "S-1",
    )
    assert (course.context_id, course.title, course.line_items_url) == (
        BEN.course,
        "Period 3 math",
        f"{ISSUER}/columns",
    )
    assert set(course.scopes.split()) == set(ALL_SCOPES)
    assert (placement.resource_link_id, placement.assignment_id, placement.line_item_url) == (
        "link-1",
        "fractions",
        COLUMN,
    )
    assert opening.line_item_url == COLUMN


def test_a_silent_launch_loses_nothing(database: Database, platform: KnownPlatform, read: Read) -> None:
    """Privacy settings, course copies and odd placements make LMSs say less the second time."""
    told = {"email": "ben@example.org", "given_name": "Ben", "family_name": "Carter"}
    arrive(database, platform, BEN, **told, lis={"person_sourcedid": "S-1"})
    before = [read(Person), read(Course), read(Placement)]

    silent: dict[str, Any] = dict.fromkeys(("name", "ags", "nrps", "custom"))
    arrive(database, platform, BEN, **silent, context={"id": BEN.course}, resource_link={"id": "link-1"})

    assert [read(Person), read(Course), read(Placement)] == before
    assert read(Opening).line_item_url == COLUMN


def test_what_a_later_launch_does_say_counts(database: Database, platform: KnownPlatform, read: Read) -> None:
    arrive(database, platform, BEN)
    arrive(
        database,
        platform,
        BEN,
        name="Benjamin Carter",
        context={"id": BEN.course, "title": "Period 4 math"},
        ags={"lineitem": f"{ISSUER}/columns/8", "lineitems": f"{ISSUER}/new", "scope": ALL_SCOPES[:1]},
    )

    assert (read(Person).name, read(Course).title) == ("Benjamin Carter", "Period 4 math")
    assert (read(Course).line_items_url, read(Course).scopes) == (f"{ISSUER}/new", ALL_SCOPES[0])
    assert read(Placement).line_item_url == read(Opening).line_item_url == f"{ISSUER}/columns/8"


def test_the_first_opening_is_remembered(database: Database, platform: KnownPlatform, read: Read) -> None:
    arrive(database, platform, BEN)
    first = read(Opening)
    arrive(database, platform, BEN)

    assert read(Opening) == first


@pytest.mark.parametrize(
    ("roles", "is_teacher", "is_gradable"),
    [([LEARNER], False, True), ([INSTRUCTOR], True, False), ([INSTRUCTOR, LEARNER], True, False), ([], False, False)],
)
def test_the_latest_launch_says_what_somebody_is(
    database: Database, platform: KnownPlatform, read: Read, roles: list[str], is_teacher: bool, is_gradable: bool
) -> None:
    arrive(database, platform, ADA)
    arrive(database, platform, ADA, roles=roles)

    assert (read(Member).is_teacher, read(Member).is_gradable) == (is_teacher, is_gradable)


def test_equal_ids_of_two_platforms_and_two_deployments_are_different_people(database: Database) -> None:
    """Moodle counts its users, courses and links from one."""
    two: dict[str, Any] = {"deployment_ids": ("1", "2"), "family": "moodle"}
    others = "https://other.example"
    adopt_file_platforms(database, {ISSUER: (entry(**two),), others: (entry(**two),)})
    somebody = Someone("2", "Somebody", "2")

    places = [
        arrive(database, known, somebody, deployment_id=deployment, resource_link={"id": "2"})
        for known in TrustedPlatforms(database).every()
        for deployment in ("1", "2")
    ]

    assert len({place.member_id for place in places}) == 4
    assert len({place.placement_id for place in places}) == 4
    rows = count_rows(database)
    assert [rows[name] for name in ("persons", "courses", "members", "placements", "openings")] == [4] * 5


def test_without_a_context_the_link_stands_for_the_course(
    database: Database, platform: KnownPlatform, read: Read
) -> None:
    place = arrive(database, platform, BEN, context=None)

    assert place.placement_id is not None
    assert read(Course).context_id == "link:link-1"


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 12, tzinfo=UTC)


def told(moment: datetime | str) -> dict[str, str]:
    return {"assignment": "fractions", "due_at": moment if isinstance(moment, str) else moment.isoformat()}


def test_the_due_date_is_taken_from_a_teacher(database: Database, platform: KnownPlatform, read: Read) -> None:
    arrive(database, platform, ADA, custom=told(NOON))
    assert read(Placement).lms_due_at == NOON

    arrive(database, platform, ADA, custom=told(LATER))
    assert read(Placement).lms_due_at == LATER


def test_a_students_own_due_date_is_not_that_of_the_class(
    database: Database, platform: KnownPlatform, read: Read
) -> None:
    """Ben has an extension, and Canvas tells him his own date."""
    arrive(database, platform, BEN, custom=told(LATER))
    assert read(Placement).lms_due_at is None

    arrive(database, platform, ADA, custom=told(NOON))
    arrive(database, platform, BEN, custom=told(LATER))
    arrive(database, platform, CLEO, custom=told("$Canvas.assignment.dueAt.iso8601"))
    assert read(Placement).lms_due_at == NOON


def test_what_each_student_was_told_is_known_of_each(database: Database, platform: KnownPlatform, read: Read) -> None:
    arrive(database, platform, BEN, custom=told(LATER))
    arrive(database, platform, BEN)
    assert read(Opening).lms_due_at == LATER, "a launch that tells no date takes none away"

    arrive(database, platform, BEN, custom=told(NOON))
    assert read(Opening).lms_due_at == NOON
    arrive(database, platform, BEN, custom=told(""))
    assert read(Opening).lms_due_at is None, "the extension was taken away, and there is no date"


@pytest.mark.parametrize("nothing", ["$ResourceLink.submission.endDateTime", "", "soon"])
def test_a_due_date_is_taken_away_by_a_launch_that_says_so_and_by_no_other(
    database: Database, platform: KnownPlatform, read: Read, nothing: str
) -> None:
    arrive(database, platform, ADA, custom=told(NOON))
    arrive(database, platform, ADA)
    arrive(database, platform, ADA, custom=None)
    assert read(Placement).lms_due_at == NOON

    arrive(database, platform, ADA, custom=told(nothing))
    assert (read(Placement).lms_due_at, read(Placement).assignment_id) == (None, "fractions")
