"""Whose a gradebook column is: a copy has its own, and never last term's."""

import pytest

from tests.cast import BEN, CLEO
from tests.course.school import LAST, THIS, School
from tests.rows import ALL_SCOPES, ISSUER, arrive, make_assignment, make_platform
from tool.db import Database
from tool.registration.platforms import TrustedPlatforms


@pytest.fixture
def school(database: Database) -> School:
    make_assignment(database)
    return School(database, make_platform(database, deployment_ids=("install-1", "install-2")))


def test_a_copy_has_the_column_that_its_launch_names(school: School) -> None:
    original = school.opens(LAST, "link-9", assignment="fractions")
    copy = school.opens(THIS, "link-20", assignment="fractions", courses=LAST)

    assert school.column_of(original) == f"{ISSUER}/columns/{LAST}-link-9"
    assert school.column_of(copy) == f"{ISSUER}/columns/{THIS}-link-20"


@pytest.mark.parametrize("history", [LAST, "$Context.id.history"])
def test_a_column_of_last_terms_course_is_not_taken(school: School, history: str) -> None:
    """Whether or not the LMS says that this is a copy."""
    original = school.opens(LAST, "link-9", assignment="fractions", column="/columns/1")
    copy = school.opens(THIS, "link-20", assignment="fractions", courses=history, column="/columns/1")
    ben = school.opens(THIS, "link-20", BEN, assignment="fractions", courses=history, column="/columns/1")

    assert (school.column_of(copy), school.placement(copy).line_item_source) == (None, "elsewhere")
    assert (school.own_column(copy), school.own_column(ben)) == (None, None)
    assert school.column_of(original) == f"{ISSUER}/columns/1"


def test_a_later_launch_with_a_column_of_its_own_mends_it(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions", column="/columns/1")
    school.opens(THIS, "link-20", assignment="fractions", column="/columns/1")
    mended = school.opens(THIS, "link-20", assignment="fractions", column="/columns/2")
    school.opens(THIS, "link-20", BEN, assignment="fractions", column="/columns/1")

    assert (school.column_of(mended), school.placement(mended).line_item_source) == (f"{ISSUER}/columns/2", "launch")


def test_the_original_gets_its_column_back_however_late_it_is_opened(school: School) -> None:
    """Nobody opened last term's link from here, so its column looked free."""
    copy = school.opens(THIS, "link-20", BEN, assignment="fractions", courses=LAST, column="/columns/1")
    assert school.column_of(copy) == f"{ISSUER}/columns/1"

    original = school.opens(LAST, "link-9", assignment="fractions", column="/columns/1")
    assert (school.column_of(original), school.column_of(copy)) == (f"{ISSUER}/columns/1", None)
    assert school.own_column(copy) is None
    assert school.placement(copy).line_item_source == "elsewhere"


def test_a_section_column_of_last_term_is_not_taken_either(school: School) -> None:
    """The link's column is of the section that opened it last; the other section's stands with its students only."""
    for student, section in ((BEN, "one"), (CLEO, "two")):
        school.opens(LAST, "link-9", student, assignment="fractions", column=f"/sections/{section}")

    copy = school.opens(THIS, "link-20", assignment="fractions", courses=LAST, column="/sections/one")
    assert school.column_of(copy) is None


def test_sections_of_one_course_each_have_a_column_of_their_own(school: School) -> None:
    """Schoology's linked sections, arriving in turns."""
    ben = school.opens(THIS, "link-20", BEN, assignment="fractions", column="/sections/one")
    cleo = school.opens(THIS, "link-20", CLEO, assignment="fractions", column="/sections/two")
    school.opens(THIS, "link-20", BEN, assignment="fractions", column="/sections/one")

    assert ben.placement_id == cleo.placement_id
    assert (school.own_column(ben), school.own_column(cleo)) == (f"{ISSUER}/sections/one", f"{ISSUER}/sections/two")


def test_a_tool_that_was_registered_anew_keeps_the_columns_of_its_courses(school: School) -> None:
    """A new deployment is another customer here: the same course, link and column come once more."""
    school.opens(LAST, "link-9", assignment="fractions", column="/columns/1")
    again = school.opens(LAST, "link-9", assignment="fractions", column="/columns/1", deployment_id="install-2")

    assert school.column_of(again) == f"{ISSUER}/columns/1"


def test_a_copy_under_a_new_deployment_does_not_reach_back(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions", column="/columns/1")
    copy = school.opens(THIS, "link-20", assignment="fractions", column="/columns/1", deployment_id="install-2")

    assert school.column_of(copy) is None


def test_an_equal_address_at_another_platform_is_another_column(database: Database, school: School) -> None:
    """Nobody can take a column away by naming it first."""
    school.opens(LAST, "link-9", assignment="fractions", column="/columns/1")
    make_platform(database, issuer="https://other.example")
    other = TrustedPlatforms(database).known("https://other.example", "passback-1")
    assert other is not None

    theirs = School(database, other).opens(THIS, "link-20", assignment="fractions", column="/columns/1")
    assert school.column_of(theirs) == f"{ISSUER}/columns/1"


def test_a_launch_without_its_course_is_of_the_same_link(school: School) -> None:
    school.opens(LAST, "link-9", assignment="fractions", column="/columns/1")
    silent = arrive(
        school.database,
        school.platform,
        BEN,
        context=None,
        resource_link={"id": "link-9"},
        ags={"lineitem": f"{ISSUER}/columns/1", "scope": ALL_SCOPES},
    )

    assert school.column_of(silent) == f"{ISSUER}/columns/1"
