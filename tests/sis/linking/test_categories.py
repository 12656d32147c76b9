"""Which category is which: suggested by an equal name, true when a teacher says so, and asked again each term."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import delete, insert

from tests.cast import BEN
from tests.rows import count_rows, make_assignment
from tests.sis.linking.conftest import Course
from tests.sis.school import add_item
from tool.errors import BadInput
from tool.model.sis import SisCategory, SisCategoryLink, SisSection
from tool.sis.linking.categories import Association, Associations, associate, read_associations, suggest
from tool.sis.linking.terms import present_for, write_terms
from tool.sis.plain import Category

OFFERED = {"cat-hw": "homework", "cat-test": "Tests"}


@pytest.fixture
def section(course: Course) -> int:
    """Ben's link is homework; a second link of the course has no category."""
    course.put_into(course.ben, "Homework")
    make_assignment(course.database, id="warm-up", title="Warm-up")
    course.arrives(BEN, resource_link={"id": "link-2"}, custom={"assignment": "warm-up"})
    section_id = course.link()
    offer(course, section_id, OFFERED)
    return section_id


def offer(course: Course, section_id: int, titles: Mapping[str, str]) -> None:
    """What the SIS has for the class, as the last reading found it."""
    with course.database.writing() as connection:
        connection.execute(delete(SisCategory).where(SisCategory.section_id == section_id))
        for sourced_id, title in titles.items():
            row = {"section_id": section_id, "sourced_id": sourced_id, "title": title}
            connection.execute(insert(SisCategory).values(**row))


def associations(course: Course, section_id: int) -> Associations:
    with course.database.reading() as connection:
        return read_associations(connection, section_id)


def homework(course: Course, section_id: int) -> Association:
    return next(row for row in associations(course, section_id).rows if row.category == "Homework")


def say(course: Course, section_id: int, choices: dict[str, str | None]) -> int:
    with course.database.writing() as connection:
        return associate(connection, course.actor(section_id), choices)


def test_before_anybody_said_anything_all_are_unassociated_and_one_is_suggested(course: Course, section: int) -> None:
    found = associations(course, section)

    assert [(row.category, row.assignments, row.state, row.suggested) for row in found.rows] == [
        ("Homework", 1, "unassociated", "cat-hw"),
        ("", 1, "unassociated", None),
    ]
    assert (found.changed, found.unassociated) == (0, 2)
    assert {one.title for one in found.offered} == set(OFFERED.values())


def test_what_a_teacher_confirms_holds_for_this_term_and_is_written_down(course: Course, section: int) -> None:
    assert say(course, section, {"Homework": "cat-hw", "": "cat-test"}) == 2

    found = associations(course, section)
    assert [(row.chosen, row.state, row.suggested, row.confirmed_by) for row in found.rows] == [
        ("cat-hw", "synchronized", None, "Ada Byron"),
        ("cat-test", "synchronized", None, "Ada Byron"),
    ]
    [row] = course.rows(SisSection)
    links = course.rows(SisCategoryLink)
    with course.database.reading() as connection:
        assert {row.associated_for, *(link.term for link in links)} == {present_for(connection, section)}
    told = {"category": "Homework", "sis_category_id": "cat-hw", "sis_title": "homework"}
    assert course.acts(section)[1] == ("associated", told)


def test_saying_the_same_again_is_no_decision(course: Course, section: int) -> None:
    say(course, section, {"Homework": "cat-hw", "": None})
    before = count_rows(course.database)

    assert say(course, section, {"Homework": "cat-hw", "": None}) == 0
    assert count_rows(course.database) == before


def test_taken_back_it_is_unassociated_and_not_suggested_again(course: Course, section: int) -> None:
    say(course, section, {"Homework": "cat-hw"})
    say(course, section, {"Homework": None})

    row = homework(course, section)
    assert (row.state, row.chosen, row.suggested) == ("unassociated", None, None)
    assert course.acts(section)[-1] == ("unassociated", {"category": "Homework"})


def test_a_suggestion_that_was_declined_does_not_come_back(course: Course, section: int) -> None:
    assert say(course, section, {"Homework": None}) == 1

    assert homework(course, section).suggested is None


def test_renamed_in_the_sis_it_is_changed_until_it_is_confirmed(course: Course, section: int) -> None:
    say(course, section, {"Homework": "cat-hw"})
    offer(course, section, {"cat-hw": "Daily work", "cat-test": "Tests"})

    row = homework(course, section)
    assert (row.state, row.because, row.before, row.chosen) == ("changed", "renamed", "homework", "cat-hw")
    assert associations(course, section).changed == 1

    say(course, section, {"Homework": "cat-hw"})
    assert homework(course, section).state == "synchronized"


def test_gone_from_the_sis_it_is_changed_and_holds_no_more(course: Course, section: int) -> None:
    say(course, section, {"Homework": "cat-hw"})
    offer(course, section, {"cat-test": "Tests"})

    row = homework(course, section)
    assert (row.state, row.because, row.chosen, row.suggested) == ("changed", "gone", None, None)


def test_a_new_term_asks_again_and_suggests_what_is_called_as_before(course: Course, section: int) -> None:
    say(course, section, {"Homework": "cat-test"})
    course.change(SisSection, term_ids=["term-2"])
    offer(course, section, {"cat-hw-2": "Homework", "cat-test-2": "tests"})

    row = homework(course, section)
    assert (row.state, row.because, row.chosen, row.suggested) == ("unassociated", "reset", None, "cat-test-2")

    say(course, section, {"Homework": "cat-test-2"})
    assert homework(course, section).state == "synchronized"


@pytest.mark.parametrize(
    "choices",
    [
        {"Homework": "cat-hw", "": "cat-of-another-class"},
        {"Homework": "cat-hw", "No such word": "cat-test"},
    ],
)
def test_with_anything_that_is_not_there_nothing_is_saved(
    course: Course, section: int, choices: dict[str, str | None]
) -> None:
    before = count_rows(course.database)

    with pytest.raises(BadInput, match="Nothing was saved"):
        say(course, section, choices)

    assert count_rows(course.database) == before
    assert course.rows(SisSection)[0].associated_for is None


def test_an_item_with_a_category_of_its_own_counts_there(course: Course, section: int) -> None:
    add_item(course.database, section, course.ben, category="Projects")

    assert [row.category for row in associations(course, section).rows] == ["Projects", ""]


def category(sourced_id: str, title: str) -> Category:
    return Category(sourced_id, title)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Home  work", "1"), ("HOME WORK", "1"), ("Quiz", None), ("Quizzes", None), ("", None)],
)
def test_only_one_and_the_same_name_suggests(word: str, expected: Any) -> None:
    offered = [category("1", "Home work"), category("2", "quizzes"), category("3", "Quizzes"), category("4", "")]

    assert suggest(word, offered) == expected


def test_terms_and_classes_make_one_text_whatever_their_order() -> None:
    assert write_terms(["b", "a"], ["y", "x"]) == write_terms(["a", "b"], ["x", "y"])
    assert write_terms(["a"], ["x"]) != write_terms(["a"], ["x", "y"]) != write_terms(["a", "b"], ["x", "y"])
