"""Which columns are read back: the link's, each section's own, those that are gone, and those worth nothing."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from tests.cast import BEN, CLEO, ESSAY, FRACTIONS, WARM_UP
from tests.lms_beside import CourseBeside, LmsBeside, running_lms
from tests.rows import make_assignment
from tool.db import Database
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ
from tool.model.work import Opening, Placement


@pytest.fixture(scope="module")
def shared_lms() -> Iterator[LmsBeside]:
    with running_lms("moodle") as lms:
        yield lms


@pytest.fixture
def course(shared_lms: LmsBeside, database: Database) -> CourseBeside:
    shared_lms.reset()
    make_assignment(database)
    return CourseBeside(shared_lms, database, shared_lms.register(database))


def test_a_column_worth_nothing_is_known_as_such_and_not_compared(course: CourseBeside) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    column = course.lms.column("course-math", FRACTIONS)
    assert column is not None
    course.lms.lms.world.change_column(replace(column, maximum=Decimal(0)), keeps_percentages=False)
    course.types(BEN, Decimal(0))
    course.reads(ben)

    assert course.placement(ben).line_item_maximum == 0
    assert course.drift(ben, BEN) == "unknown"


def test_what_the_column_is_worth_is_not_asked_without_the_right(course: CourseBeside) -> None:
    kept = set(course.lms.lms.settings.granted_scopes) - {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ}
    course.lms.lms.settings = replace(course.lms.lms.settings, granted_scopes=tuple(kept))
    ben = course.opens(BEN)
    course.reads(ben)

    place = course.placement(ben)
    assert (place.line_item_maximum, place.results_failure) == (None, None)
    assert len(course.lms.requests("/lti/token")) == 1


def test_linked_sections_are_read_each_from_its_own_column(course: CourseBeside) -> None:
    """Schoology: Ben's section has one column, Cleo's another. Here the essay's column is Cleo's."""
    cleos = course.lms.column("course-math", ESSAY)
    assert cleos is not None
    ben = course.opens(BEN)
    own_url = course.lms.lms.line_item_url(cleos)
    cleo = course.opens(CLEO)
    with course.database.writing() as connection:
        connection.execute(update(Opening).where(Opening.member_id == cleo.member_id).values(line_item_url=own_url))
    course.sends(ben, 8)
    course.sends(cleo, 5)
    course.lists(CLEO, 1)  # in the column that is not hers
    course.reads(ben)

    shown = course.readings()
    assert shown["cleo"].line_item_url == own_url
    assert shown["cleo"].score / shown["cleo"].maximum == Decimal("0.5")
    assert shown["ben"].line_item_url != own_url


def test_one_column_that_is_gone_does_not_hide_the_others(course: CourseBeside) -> None:
    gone = course.lms.column("course-math", ESSAY)
    assert gone is not None
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    with course.database.writing() as connection:
        own_url = course.lms.lms.line_item_url(gone)
        connection.execute(update(Opening).where(Opening.member_id == cleo.member_id).values(line_item_url=own_url))
        connection.execute(update(Placement).values(line_item_url=own_url))
    course.lms.lms.world.remove_column(gone)
    with pytest.raises(ServiceError):
        course.reads(ben)

    assert set(course.readings()) == {"ben"}
    assert (course.placement(ben).results_failure, course.placement(ben).results_read_at) == ("column_gone", None)


def test_a_grade_of_somebody_without_a_column_of_their_own_is_found_in_any(course: CourseBeside) -> None:
    """Cleo is known from the roster alone; her grade stands in her section's column, which Ben opened."""
    ben = course.opens(BEN)
    cleo = course.opens(CLEO, WARM_UP)
    assert cleo.course_id == ben.course_id
    course.lists(CLEO, 4)
    with course.database.writing() as connection:
        connection.execute(update(Placement).where(Placement.id == ben.placement_id).values(line_item_url=None))
    course.reads(ben)

    assert course.readings()["cleo"].score == 4
