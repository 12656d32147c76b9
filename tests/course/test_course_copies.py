"""A course is copied for the new term: its links find their assignments."""

import pytest
from sqlalchemy import select

from tests.cast import BEN
from tests.course.school import LAST, OTHER, THIS, School
from tests.rows import ISSUER, make_assignment, make_platform
from tool.db import Database
from tool.lti.custom_parameters import read_history
from tool.model.people import Course


@pytest.fixture
def school(database: Database) -> School:
    make_assignment(database)
    make_assignment(database, id="decimals", title="Decimals")
    return School(database, make_platform(database, deployment_ids=("install-1", "install-2")))


# What it opens


def test_a_copied_link_finds_its_assignment_by_its_own_history(school: School) -> None:
    original = school.opens(LAST, "link-9", assignment="fractions")
    copy = school.opens(THIS, "link-20", links="link-15,link-9", courses=f"course-between,{LAST}")

    assert copy.assignment_id == "fractions"
    assert school.placement(copy).copied_from == original.placement_id
    assert school.opens(THIS, "link-20", BEN).assignment_id == "fractions", "for students too, and for good"


def test_the_newest_ancestor_that_is_known_counts(school: School) -> None:
    school.opens("course-two-terms-ago", "link-1", assignment="decimals")
    last = school.opens(LAST, "link-9", assignment="fractions")
    copy = school.opens(THIS, "link-20", links="link-9,link-1")

    assert (copy.assignment_id, school.placement(copy).copied_from) == ("fractions", last.placement_id)


def test_what_it_names_itself_wins_over_its_history(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions")
    copy = school.opens(THIS, "link-20", assignment="decimals", links="link-9")

    assert (copy.assignment_id, school.placement(copy).copied_from) == ("decimals", None)


def test_a_copy_that_names_its_assignment_knows_its_origin_by_the_course(school: School) -> None:
    """Canvas and Moodle tell the history of a course, and none of a link."""
    original = school.opens(LAST, "link-9", assignment="fractions")
    school.opens(LAST, "link-10", assignment="decimals")
    copy = school.opens(
        THIS, "link-20", assignment="fractions", courses=f"{LAST},truncated", links="$ResourceLink.id.history"
    )

    assert (copy.assignment_id, school.placement(copy).copied_from) == ("fractions", original.placement_id)


def test_an_assignment_that_is_not_theirs_is_not_replaced_by_an_earlier_one(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions")

    copy = school.opens(THIS, "link-20", assignment="nobody-made-this", links="link-9")
    assert (copy.assignment_id, school.placement(copy).assignment_id) == (None, None)


@pytest.mark.parametrize("nothing", ["$ResourceLink.id.history", "", " , ,", "truncated", "link-8"])
def test_a_history_that_says_nothing_binds_nothing(school: School, nothing: str) -> None:
    school.opens(LAST, "link-9", assignment="fractions")

    assert school.opens(THIS, "link-20", links=nothing, courses=LAST).assignment_id is None


def test_the_same_id_in_a_course_it_was_not_copied_from_means_nothing(school: School) -> None:
    """Small numbers repeat."""
    school.opens(OTHER, "9", assignment="decimals")

    assert school.opens(THIS, "20", links="9", courses=LAST).assignment_id is None
    school.opens(LAST, "9", assignment="fractions")
    assert school.opens(THIS, "20", links="9", courses=LAST).assignment_id == "fractions"


def test_without_a_course_an_id_counts_only_if_it_means_one_assignment(school: School) -> None:
    school.opens(LAST, "9", assignment="fractions")
    assert school.opens(THIS, "20", links="9").assignment_id == "fractions"

    school.opens(OTHER, "9", assignment="decimals")
    assert school.opens(THIS, "21", links="9").assignment_id is None


def test_another_customers_links_are_no_ancestors(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions", deployment_id="install-2")

    assert school.opens(THIS, "link-20", links="link-9", courses=LAST).assignment_id is None


def test_a_link_copied_within_its_course_is_a_copy_too(school: School) -> None:
    original = school.opens(LAST, "link-9", assignment="fractions")
    twin = school.opens(LAST, "link-10", links="link-9", courses="course-before")

    assert (twin.assignment_id, school.placement(twin).copied_from) == ("fractions", original.placement_id)
    assert school.column_of(twin) == f"{ISSUER}/columns/{LAST}-link-10"


def test_a_link_that_has_its_assignment_keeps_it(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions")
    school.opens(THIS, "link-20", assignment="decimals")

    assert school.opens(THIS, "link-20", links="link-9", courses=LAST).assignment_id == "decimals"


def test_a_long_history_is_read_as_far_as_it_goes() -> None:
    told = ",".join(
        ["$Context.id.history", " a ", "a", "x" * 300, *(str(number) for number in range(2000)), "truncated"]
    )
    read = read_history(told)

    assert read[:3] == ("a", "0", "1")
    assert len(read) < 1000
    assert read_history(None) == ()


# What is suggested


def test_the_course_alone_binds_nothing_and_suggests_what_the_title_meant(school: School) -> None:
    school.opens("course-two-terms-ago", "link-1", assignment="decimals", title="Week 1")
    school.opens(LAST, "link-9", assignment="fractions", title="Week 1")
    copy = school.opens(THIS, "link-20", title=" week  1", courses=f"{LAST},course-two-terms-ago")

    assert copy.assignment_id is None
    assert school.suggestion(copy) == ("fractions", "Fractions")


def test_nothing_is_suggested_that_is_not_certain(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions", title="Homework")
    school.opens(LAST, "link-10", assignment="decimals", title="Homework")
    school.opens(OTHER, "link-11", assignment="decimals", title="Week 2")

    assert school.suggestion(school.opens(THIS, "link-20", title="Homework", courses=LAST)) is None
    assert school.suggestion(school.opens(THIS, "link-21", title="Week 2", courses=LAST)) is None
    assert school.suggestion(school.opens("course-new", "link-22", title="Homework")) is None


def test_the_history_of_a_course_is_kept_when_a_later_launch_is_silent(school: School, database: Database) -> None:
    place = school.opens(
        THIS, "link-20", courses=f"{THIS},{LAST}," + ",".join(f"old-{number}" for number in range(999))
    )
    school.opens(THIS, "link-20")

    with database.reading() as connection:
        course = connection.execute(select(Course).where(Course.id == place.course_id)).one()
    kept = course.earlier_contexts.split(",")
    assert kept[:2] == [LAST, "old-0"]
    assert len(kept) == 50
