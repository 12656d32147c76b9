"""Who is who: by id, by e-mail, by hand, left out; never guessed, and never two on one."""

import pytest
from sqlalchemy import delete, update

from tests.cast import AMARA, DAN
from tests.rows import count_rows
from tests.sis.linking.conftest import ALGEBRA, Course
from tests.sis.school import enrol
from tool.errors import BadInput, NotThere
from tool.model.sis import SisMatch, SisSection, SisStudent
from tool.sis.linking.matches import rematch
from tool.sis.linking.sections import unlink
from tool.sis.linking.students import (
    Choices,
    Matches,
    MatchView,
    leave_out,
    match_by_hand,
    read_choices,
    read_matches,
    undo,
)


@pytest.fixture
def section(course: Course) -> int:
    """Ben is there under his id, Cleo under her address; Nia and a namesake of Amara's have opened nothing here."""
    section_id = course.link()
    enrol(course.database, section_id, "SIS-00100", name="Ben Carter")
    enrol(course.database, section_id, "stu-2041", name="Cleo Brown", email="Cleo@School.example")
    enrol(course.database, section_id, "stu-2042", name="Okafor, Amara")
    enrol(course.database, section_id, "stu-2090", name="Nia Fontaine")
    with course.database.writing() as connection:
        rematch(connection, section_id)
    return section_id


def matches(course: Course, section_id: int) -> Matches:
    with course.database.reading() as connection:
        return read_matches(connection, section_id)


def row_of(course: Course, section_id: int, member_id: int) -> MatchView:
    return next(row for row in matches(course, section_id).rows if row.member_id == member_id)


def choices_of(course: Course, section_id: int, member_id: int) -> Choices:
    with course.database.reading() as connection:
        return read_choices(connection, section_id, member_id)


def kept(course: Course, member_id: int) -> tuple[str | None, str, int | None]:
    [row] = course.rows(SisMatch, SisMatch.member_id == member_id)
    return row.student_id, row.rule, row.matched_by


def test_the_table_tells_both_sides_and_the_rule(course: Course, section: int) -> None:
    found = matches(course, section)

    told = [(row.name, row.email, row.student and row.student.name, row.rule) for row in found.rows]
    assert told == [
        ("Ben Carter", "ben@school.example", "Ben Carter", "sis_id"),
        ("Cleo Brown", "cleo@school.example", "Cleo Brown", "email"),
    ]
    assert (found.matched, found.needing, found.is_anonymous) == (2, 0, False)
    assert [one.name for one in found.unclaimed] == ["Nia Fontaine", "Okafor, Amara"]


def test_a_name_alone_matches_nobody_and_only_sorts_the_choice(course: Course, section: int) -> None:
    amara = course.arrives(AMARA)

    row = row_of(course, section, amara.member_id)
    assert (row.rule, row.student, row.needs_person) == ("nobody", None, True)
    choices = choices_of(course, section, amara.member_id)
    assert choices.fitting == ()
    assert [one.name for one in choices.others] == ["Okafor, Amara", "Nia Fontaine"], "only whom nobody has"


def test_by_hand_holds_against_later_evidence_and_is_written_down(course: Course, section: int) -> None:
    amara = course.arrives(AMARA)
    with course.database.writing() as connection:
        match_by_hand(connection, course.actor(section), amara.member_id, "stu-2042")
    course.name(amara, sourced_id="stu-2090")
    with course.database.writing() as connection:
        rematch(connection, section)

    assert kept(course, amara.member_id) == ("stu-2042", "by_hand", course.ada.member_id)
    row = row_of(course, section, amara.member_id)
    assert row.student is not None
    assert (row.student.name, row.suspended, row.needs_person) == ("Okafor, Amara", None, False)
    told = {"member_id": amara.member_id, "student_id": "stu-2042"}
    assert course.acts(section)[1:] == [("matched", told)]


@pytest.mark.parametrize("student_id", ["SIS-00100", "stu-9", "", "stu-gone", "stu-of-another-class"])
def test_who_is_not_free_in_this_class_cannot_be_chosen(course: Course, section: int, student_id: str) -> None:
    """Ben's, nobody's, none, one who left, one of another class."""
    enrol(course.database, section, "stu-gone", is_active=False)
    enrol(course.database, course.link(ALGEBRA), "stu-of-another-class")
    amara = course.arrives(AMARA)
    before = count_rows(course.database)

    with pytest.raises(BadInput, match="cannot be chosen"), course.database.writing() as connection:
        match_by_hand(connection, course.actor(section), amara.member_id, student_id)

    assert count_rows(course.database) == before
    assert kept(course, course.ben.member_id)[0] == "SIS-00100"


def test_a_learner_of_another_course_is_not_there(course: Course, section: int) -> None:
    dan = course.arrives(DAN, resource_link={"id": "link-9"})
    before = count_rows(course.database)

    for act in (leave_out, undo):
        with pytest.raises(NotThere), course.database.writing() as connection:
            act(connection, course.actor(section), dan.member_id)
    with pytest.raises(NotThere), course.database.writing() as connection:
        match_by_hand(connection, course.actor(section), dan.member_id, "stu-2090")
    with pytest.raises(NotThere):
        choices_of(course, section, 10**30)

    assert count_rows(course.database) == before


def test_left_out_stays_out_until_it_is_taken_back(course: Course, section: int) -> None:
    ben = course.ben.member_id
    with course.database.writing() as connection:
        leave_out(connection, course.actor(section), ben)
    with course.database.writing() as connection:
        rematch(connection, section)

    row = row_of(course, section, ben)
    assert (row.rule, row.student, row.needs_person) == ("left_out", None, False)
    assert kept(course, ben) == (None, "left_out", course.ada.member_id)

    with course.database.writing() as connection:
        undo(connection, course.actor(section), ben)

    assert kept(course, ben) == ("SIS-00100", "sis_id", None)
    assert [kind for kind, _ in course.acts(section)[1:]] == ["left_out", "unmatched"]


def test_a_wrong_match_is_taken_back_and_the_student_is_free_again(course: Course, section: int) -> None:
    amara = course.arrives(AMARA)
    with course.database.writing() as connection:
        match_by_hand(connection, course.actor(section), amara.member_id, "stu-2090")
    assert "Nia Fontaine" not in [one.name for one in matches(course, section).unclaimed]

    with course.database.writing() as connection:
        undo(connection, course.actor(section), amara.member_id)

    assert kept(course, amara.member_id) == (None, "nobody", None)
    assert "Nia Fontaine" in [one.name for one in matches(course, section).unclaimed]


def test_an_address_that_moved_suspends_and_a_teacher_says_who_it_is(course: Course, section: int) -> None:
    with course.database.writing() as connection:
        connection.execute(update(SisStudent).where(SisStudent.sourced_id == "stu-2041").values(email="old@x.example"))
        nia = update(SisStudent).where(SisStudent.sourced_id == "stu-2090")
        connection.execute(nia.values(email="cleo@school.example"))
        rematch(connection, section)
    cleo = course.cleo.member_id

    row = row_of(course, section, cleo)
    assert (row.suspended, row.needs_person) == ("email", True)
    assert [one.name for one in choices_of(course, section, cleo).fitting] == ["Cleo Brown", "Nia Fontaine"]

    with course.database.writing() as connection:
        match_by_hand(connection, course.actor(section), cleo, "stu-2041")

    row = row_of(course, section, cleo)
    assert (row.suspended, row.rule, row.needs_person) == (None, "by_hand", False)


def test_who_left_the_class_there_is_still_known_and_no_longer_in_it(course: Course, section: int) -> None:
    with course.database.writing() as connection:
        connection.execute(delete(SisStudent).where(SisStudent.sourced_id == "stu-2041"))
        rematch(connection, section)

    row = row_of(course, section, course.cleo.member_id)
    assert row.student is not None
    assert (row.student.sourced_id, row.is_enrolled) == ("stu-2041", False)


def test_with_two_classes_each_learner_is_in_one_of_them(course: Course, section: int) -> None:
    other = course.link(ALGEBRA)
    enrol(course.database, other, "stu-3", name="Somebody")

    row = row_of(course, other, course.ben.member_id)
    assert (row.elsewhere, row.needs_person) == ("Math 9 · Period 3", False)

    with course.database.writing() as connection:
        unlink(connection, course.actor(section))
    row = row_of(course, other, course.ben.member_id)
    assert (row.elsewhere, row.needs_person) == (None, True)


def test_a_match_that_stays_keeps_its_day_and_author(course: Course, section: int) -> None:
    with course.database.writing() as connection:
        match_by_hand(connection, course.actor(section), course.ben.member_id, "SIS-00100")
    before = course.rows(SisMatch)
    with course.database.writing() as connection:
        rematch(connection, section)

    assert course.rows(SisMatch) == before


def test_where_the_lms_tells_nothing_of_anybody_it_is_said(course: Course, section: int) -> None:
    course.name(course.ben, sourced_id="$Person.sourcedId", email=None)
    assert not matches(course, section).is_anonymous

    course.name(course.cleo, email=" ")
    assert matches(course, section).is_anonymous


def test_an_empty_course_is_not_an_anonymous_one(course: Course, section: int) -> None:
    elsewhere = course.arrives(DAN, resource_link={"id": "link-9"}).course_id
    course.change(SisSection, SisSection.id == section, course_id=elsewhere)
    course.name(course.arrives(DAN, resource_link={"id": "link-9"}), sourced_id="district-1", email=None)

    assert not matches(course, section).is_anonymous
