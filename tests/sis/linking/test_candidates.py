"""Ada's classes as the demo SIS tells them: found by her e-mail address, with how many of her students are in each."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cast import AMARA
from tests.sis.linking.conftest import Course
from tests.sis.linking.school_beside import ADAS_EMAIL, MATH, SCIENCE, SchoolBeside, open_school
from tool.demo_sis.moods import Mood
from tool.demo_sis.records import Enrolment, SchoolClass
from tool.sis.linking.candidates import Candidate, Known, find_candidates, find_own_class
from tool.sis.linking.matches import read_learners
from tool.sis.plain import SisError

ALGEBRA = "class-9999"


@pytest.fixture(scope="module")
def running() -> Iterator[SchoolBeside]:
    with open_school() as school:
        yield school


@pytest.fixture
def school(running: SchoolBeside) -> SchoolBeside:
    """Ada teaches a second class, with one student of hers in it."""
    running.set_mood(Mood())
    records, day = running.sis.school, running.sis.local_day()
    records.reset(day)
    records.add_class(SchoolClass(ALGEBRA, "ALG 1 - Period 1", "course-math-9", ("term-s1",), "1"))
    begun, ends = day - timedelta(days=9), day + timedelta(days=9)
    records.enrol(Enrolment("TCH-010", ALGEBRA, "teacher", begun, ends))
    records.enrol(Enrolment("SIS-00103", ALGEBRA, "student", begun, ends))
    return running


def candidates(
    school: SchoolBeside, course: Course, email: str | None = ADAS_EMAIL, class_id: str | None = None
) -> list[Candidate]:
    with course.database.reading() as connection:
        learners = read_learners(connection, course.ada.course_id)
    return find_candidates(school.client(), Known(email, class_id), learners)


def test_her_classes_come_with_term_school_and_known_students(course: Course, school: SchoolBeside) -> None:
    course.arrives(AMARA, lis={"person_sourcedid": "SIS-00102"})

    told = [
        (one.found.sourced_id, one.found.term_title, one.found.school_title, one.students, one.known)
        for one in candidates(school, course)
    ]
    assert told == [
        (MATH, "Semester 1", "Lincoln High School", 12, 3),
        (ALGEBRA, "Semester 1", "Lincoln High School", 1, 0),
    ]


def test_nobodys_address_has_no_classes(course: Course, school: SchoolBeside) -> None:
    assert candidates(school, course, "nobody@school.example") == []


def test_students_that_do_not_come_leave_the_class_on_the_list(course: Course, school: SchoolBeside) -> None:
    school.sis.journal.clear()
    school.client().find_classes_of_teacher(ADAS_EMAIL)
    asked = [one for one in school.sis.journal.read() if "rostering" in str(one["path"])]
    school.set_mood(Mood("error500", after_requests=len(asked), target="rostering"))

    found = candidates(school, course)

    told = {(one.found.sourced_id, one.students, one.known) for one in found}
    assert told == {(MATH, None, None), (ALGEBRA, None, None)}


def test_a_sis_that_is_down_says_so(course: Course, school: SchoolBeside) -> None:
    school.set_mood(Mood("down"))

    with pytest.raises(SisError):
        candidates(school, course)


def test_only_her_own_class_is_hers(school: SchoolBeside) -> None:
    ada = Known(ADAS_EMAIL, None)
    found = find_own_class(school.client(), ada, MATH)

    assert found is not None
    assert (found[0].title, found[0].term_ids, found[1]) == ("MATH 9 - Period 3", ("term-s1",), "TCH-010")
    assert find_own_class(school.client(), ada, SCIENCE) is None
    assert find_own_class(school.client(), ada, "no-such-class") is None


def test_the_class_that_the_lms_names_comes_first(course: Course, school: SchoolBeside) -> None:
    found = candidates(school, course, class_id=ALGEBRA)

    assert [(one.found.sourced_id, one.is_told) for one in found] == [(ALGEBRA, True), (MATH, False)]


@pytest.mark.parametrize("email", [None, "nobody@school.example"], ids=["no address", "an unknown address"])
def test_it_is_found_without_an_address_that_the_sis_knows(
    course: Course, school: SchoolBeside, email: str | None
) -> None:
    (found,) = candidates(school, course, email, MATH)
    own = find_own_class(school.client(), Known(email, MATH), MATH)

    assert (found.found.title, found.students, found.is_told) == ("MATH 9 - Period 3", 12, True)
    assert own is not None
    assert (own[0].sourced_id, own[1]) == (MATH, None)
    assert find_own_class(school.client(), Known(email, MATH), SCIENCE) is None, "only the class it names"


@pytest.mark.parametrize("told", ["no-such-class", "../classes/x", "101 - Section 2"])
def test_an_id_of_another_system_names_no_class(course: Course, school: SchoolBeside, told: str) -> None:
    found = candidates(school, course, class_id=told)

    assert [one.found.sourced_id for one in found] == [MATH, ALGEBRA]
    assert not any(one.is_told for one in found)
