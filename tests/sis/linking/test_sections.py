"""Ada links her class: who may, what is written down, and that unlinking removes nothing."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import insert, select

from tests.cast import DAN
from tests.rows import count_rows
from tests.sis.linking.conftest import ALGEBRA, MATH, Course
from tests.sis.school import add_item, connect_school, enrol, match
from tool import errands
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.model.people import Member
from tool.model.sis import SisCategory, SisConnection, SisSection
from tool.sis.linking.categories import associate, read_associations
from tool.sis.linking.sections import Linked, find_schools, find_sections, may_sync, say_road, unlink


def linked(course: Course) -> list[Linked]:
    with course.database.reading() as connection:
        return find_sections(connection, course.ada.course_id)


def refusal(course: Course, someone: Arrival | None = None) -> str | None:
    with course.database.reading() as connection:
        member = Member.id == (someone or course.ada).member_id
        person = connection.execute(select(Member.person_id).where(member)).scalar_one()
        return may_sync(connection, course.connection_id, person)


def test_a_linked_class_is_there_and_is_read_soon(course: Course) -> None:
    section_id = course.link()

    [one] = linked(course)
    assert (one.id, one.class_id, one.class_title, one.term_title) == (section_id, *MATH_FACTS)
    assert (one.sis_name, one.linked_by, one.teacher_id, one.read_at) == ("Aspire", "Ada Byron", "TCH-010", None)
    assert one.is_being_read
    assert not one.is_off
    [row] = course.rows(SisSection)
    assert (row.school_id, row.term_ids) == ("school-12", ["term-1"])
    told = {"class_id": "class-2201", "class_title": MATH.title, "lms_syncs": False}
    assert course.acts(section_id) == [("linked", told)]


MATH_FACTS = ("class-2201", "Math 9 · Period 3", "Fall")


def test_pressing_twice_links_once(course: Course) -> None:
    first = course.link()
    before = count_rows(course.database)

    assert course.link(lms_syncs=True) == first
    assert count_rows(course.database) == before
    assert not linked(course)[0].is_off, "it stays as it is"


def test_two_classes_of_one_course_stand_side_by_side(course: Course) -> None:
    first, second = course.link(), course.link(ALGEBRA)

    assert [one.id for one in linked(course)] == [first, second]


def test_another_course_does_not_see_it(course: Course) -> None:
    course.link()
    elsewhere = course.arrives(DAN, resource_link={"id": "link-9"})

    with course.database.reading() as connection:
        assert find_sections(connection, elsewhere.course_id) == []


def test_where_the_lms_sends_already_it_is_linked_and_off(course: Course) -> None:
    section_id = course.link(lms_syncs=True)
    assert linked(course)[0].is_off

    for lms_syncs in (False, False):
        with course.database.writing() as connection:
            say_road(connection, course.actor(section_id), lms_syncs=lms_syncs)

    assert not linked(course)[0].is_off
    assert [kind for kind, _ in course.acts(section_id)] == ["linked", "road"], "saying the same again is no decision"


def test_the_operators_word_about_the_lms_counts_for_every_class(course: Course) -> None:
    course.link()
    course.change(SisConnection, lms_syncs=True)

    assert linked(course)[0].is_off
    assert refusal(course) == "double_road"


def test_unlinking_stops_the_future_and_removes_nothing(course: Course) -> None:
    section_id = course.link()
    add_item(course.database, section_id, course.ben, state="done")
    enrol(course.database, section_id, "stu-1")
    match(course.database, section_id, course.ben, "stu-1")
    before = count_rows(course.database)

    for _ in range(2):
        with course.database.writing() as connection:
            unlink(connection, course.actor(section_id))

    assert linked(course) == []
    assert count_rows(course.database) == before | {"sis_acts": before["sis_acts"] + 1}
    assert course.acts(section_id)[-1] == ("unlinked", {"class_title": MATH.title})


def test_linked_again_it_has_all_that_was_set_up(course: Course) -> None:
    section_id = course.link()
    match(course.database, section_id, course.ben, "stu-1")
    with course.database.writing() as connection:
        unlink(connection, course.actor(section_id))

    later = now() + timedelta(days=3)
    with time_machine.travel(later, tick=False):
        assert course.link() == section_id

    [one] = linked(course)
    assert one.linked_at == later
    assert len(course.acts(section_id)) == 3


def test_a_removed_connection_takes_its_classes_off_the_page(course: Course) -> None:
    course.link()
    course.change(SisConnection, removed_at=now())

    assert linked(course) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"teachers": "all"}, None),
        ({"is_enabled": False}, "off"),
        ({"removed_at": "now"}, "gone"),
        ({"lms_syncs": True}, "double_road"),
        ({"teachers": "listed"}, "not_listed"),
        ({"teachers": "listed", "teacher_emails": ["grace@school.example"]}, "not_listed"),
        ({"teachers": "listed", "teacher_emails": [" Ada@School.example "]}, None),
        ({"teacher_emails": ["grace@school.example"]}, None),
    ],
)
def test_who_may_sync(course: Course, changes: dict[str, Any], expected: str | None) -> None:
    course.change(SisConnection, **{name: now() if value == "now" else value for name, value in changes.items()})

    assert refusal(course) == expected


def test_a_list_of_teachers_is_no_good_where_the_lms_tells_no_address(course: Course) -> None:
    course.name(course.ada, email="  ")
    assert refusal(course) is None

    course.change(SisConnection, teachers="listed", teacher_emails=[""])
    assert refusal(course) == "no_email"


def test_the_schools_own_connections_are_offered_and_no_others(course: Course) -> None:
    connect_school(course.database, course.ada, name="Zenith", is_enabled=False)
    connect_school(course.database, course.ada, name="Gone", removed_at=now())

    with course.database.reading() as connection:
        customer = connection.execute(select(SisConnection.customer_id).limit(1)).scalar_one()
        found = find_schools(connection, customer, course.ada.member_id)
        assert [(one.name, one.refusal) for one in found] == [("Aspire", None), ("Zenith", "off")]
        assert find_schools(connection, customer + 1, course.ada.member_id) == []


def test_reading_is_asked_for_with_the_link_and_not_without_it(course: Course) -> None:
    section_id = course.link()

    with course.database.reading() as connection:
        assert errands.state(connection, "sis_refresh", section_id).is_waiting
        assert not errands.state(connection, "sis_refresh", section_id + 1).is_waiting


def test_another_linked_class_asks_for_the_categories_again_and_one_less_does_not(course: Course) -> None:
    course.put_into(course.ben, "Homework")
    section_id = course.link()

    def say(state: str) -> None:
        with course.database.reading() as connection:
            assert [row.state for row in read_associations(connection, section_id).rows] == [state]

    def confirm() -> None:
        with course.database.writing() as connection:
            associate(connection, course.actor(section_id), {"Homework": "cat-hw"})

    with course.database.writing() as connection:
        connection.execute(insert(SisCategory).values(section_id=section_id, sourced_id="cat-hw", title="HW"))
    confirm()
    say("synchronized")

    other = course.link(ALGEBRA)
    say("unassociated")
    confirm()
    say("synchronized")

    with course.database.writing() as connection:
        unlink(connection, course.actor(other))
    say("synchronized")
