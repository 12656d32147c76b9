"""Ben has handed in before and tries again: the screen goes by what counts, not by what is only begun."""

import pytest

from tests.assessment.stories import ESSAY, HALF, change, mark, try_again, work_of
from tests.cast import BEN
from tests.rows import arrive, hand_in, make_assignment
from tool.assessment.submitting import begin_again
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.choosing import is_missing_work
from tool.passback.students import Student, read_link, read_students
from tool.passback.verdict import Verdict, judge
from tool.registration.platforms import KnownPlatform

ANSWERS = {"half": "0.5", "story": "Once."}


@pytest.fixture
def ben(database: Database, platform: KnownPlatform) -> Arrival:
    make_assignment(database, questions=[HALF, ESSAY], attempts=3)
    return arrive(database, platform, BEN)


def look(database: Database, place: Arrival) -> tuple[Student, Verdict]:
    with database.reading() as connection:
        link = read_link(connection, place.placement_id or 0)
        [student] = [one for one in read_students(connection, link) if one.member_id == place.member_id]
    return student, judge(link, student)


@pytest.mark.parametrize("rule", ["first", "best", "last"])
def test_an_attempt_only_begun_hides_nothing(
    database: Database, platform: KnownPlatform, ben: Arrival, rule: str
) -> None:
    change(database, counting_attempt=rule)
    hand_in(database, ben, ANSWERS)
    mark(database, platform, ben, story=4)
    with database.writing() as connection:
        begin_again(connection, work_of(database, ben), ben.placement_id or 0, ben.member_id)

    student, verdict = look(database, ben)

    assert verdict.status == "not_sent"
    assert verdict.earned == 9
    assert verdict.to_send is not None
    assert not is_missing_work(student, verdict)


@pytest.mark.parametrize(
    ("rule", "status"), [("first", "not_sent"), ("last", "needs_grading"), ("best", "needs_grading")]
)
def test_an_ungraded_attempt_waits_where_it_has_a_say(
    database: Database, platform: KnownPlatform, ben: Arrival, rule: str, status: str
) -> None:
    change(database, counting_attempt=rule)
    hand_in(database, ben, ANSWERS)
    mark(database, platform, ben, story=4)
    try_again(database, ben, ANSWERS)

    assert look(database, ben)[1].status == status


def test_a_first_attempt_still_waits_when_the_second_is_graded(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, counting_attempt="average")
    hand_in(database, ben, ANSWERS)
    try_again(database, ben, ANSWERS)
    mark(database, platform, ben, story=4)

    assert look(database, ben)[1].to_send is None
