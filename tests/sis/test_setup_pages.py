"""Ada sets up at the pages, the demo SIS answering over a real socket: she links, matches and associates."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tests.cast import ADA, AMARA, BEN, CLEO, DAN
from tests.rows import arrive, count_rows, make_assignment, make_platform
from tests.sis.linking.school_beside import MATH, SCIENCE, SchoolBeside, open_school
from tests.sis.school import enrol
from tests.web import Desk
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.demo_sis.moods import Mood
from tool.demo_sis.records import Enrolment, SchoolClass
from tool.model.people import Course, Member, Person
from tool.model.platforms import Platform
from tool.model.sis import SisCategory, SisCategoryLink, SisConnection, SisMatch, SisSection
from tool.model.sis_syncs import SisAct
from tool.model.work import Assignment
from tool.registration.keys import ensure_secret
from tool.sis.connecting.connections import NewConnection, make_connection, switch_connection
from tool.sis.connecting.sealing import Sealing
from tool.sis.linking.matches import rematch
from tool.sis.linking.reading import refresh
from tool.sis.screens import asking

OTHERS_ID = 10**30


@pytest.fixture(scope="module")
def running() -> Iterator[SchoolBeside]:
    with open_school() as school:
        yield school


@pytest.fixture
def school(running: SchoolBeside) -> SchoolBeside:
    running.set_mood(Mood())
    running.sis.school.reset(running.sis.local_day())
    return running


class SetUp:
    """Ada at her pages, with Ben and Cleo in the course and a connection that an operator made."""

    def __init__(self, database: Database, folder: Path, school: SchoolBeside) -> None:
        self.database = database
        make_assignment(database)
        self.platform = make_platform(database)
        self.ben = arrive(database, self.platform, BEN, lis={"person_sourcedid": "SIS-00100"})
        self.cleo = arrive(database, self.platform, CLEO, email="cleo@school.example")
        self.ada = arrive(database, self.platform, ADA, email="Ada@School.example")
        told = school.agreement
        names = ("name", "vendor", "version", "auth", "rostering_url", "gradebook_url", "time_zone", "secret")
        more = {name: told[name] for name in ("token_url", "client_id", "resources_url")}
        new = NewConnection(**{name: told[name] for name in names}, **more, profile={"requests_per_second": 50.0})
        with database.reading() as connection:
            mine = Course.id == self.ada.course_id
            customer = connection.execute(select(Course.customer_id).where(mine)).scalar_one()
        self.connection_id = make_connection(database, Sealing(ensure_secret(folder / "keys")), customer, new)
        switch_connection(database, self.connection_id, is_enabled=True)
        self.desk = Desk(database, folder, self.ada)
        self.choice = f"sis/setup/schools/{self.connection_id}"

    def link(self, class_id: str = MATH, road: str = "no") -> int:
        self.desk.post(self.choice, ("class", class_id), ("road", road))
        with self.database.reading() as connection:
            mine = SisSection.class_id == class_id
            return int(connection.execute(select(SisSection.id).where(mine)).scalar_one())

    def link_and_read(self) -> int:
        """And what the reading in the background would have found: three students, two categories."""
        section_id = self.link()
        enrol(self.database, section_id, "SIS-00100", name="Ben Carter")
        enrol(self.database, section_id, "stu-2041", name="Cleo Brown", email="cleo@school.example")
        enrol(self.database, section_id, "stu-2042", name="Okafor, Amara", email="amara@school.example")
        with self.database.writing() as connection:
            for sourced_id, title in (("cat-hw", "Homework"), ("cat-test", "Tests")):
                row = {"section_id": section_id, "sourced_id": sourced_id, "title": title}
                connection.execute(insert(SisCategory).values(**row))
            connection.execute(update(Assignment).values(category="Homework"))
            connection.execute(update(SisSection).values(read_at=now()))
            rematch(connection, section_id)
        return section_id

    def change(self, table: Any, *conditions: Any, **values: Any) -> None:
        with self.database.writing() as connection:
            connection.execute(update(table).where(*conditions).values(**values))

    def rows(self, table: Any) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(table)))

    def acts(self) -> list[str]:
        return [act.kind for act in sorted(self.rows(SisAct), key=lambda act: act.id)]

    def learn(self, place: Arrival, **values: Any) -> None:
        """What the LMS tells of a person from now on."""
        person = select(Member.person_id).where(Member.id == place.member_id).scalar_subquery()
        self.change(Person, Person.id == person, **values)


@pytest.fixture
def at(database: Database, tmp_path: Path, school: SchoolBeside) -> SetUp:
    return SetUp(database, tmp_path, school)


def words(page: str) -> str:
    """What a reader of the page gets to read, or of a piece of one."""
    main = page.partition("<main")[2].partition(">")[2] or page
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def rows_of(page: str) -> list[list[str]]:
    bodies = "".join(re.findall(r"<tbody.*?</tbody>", page, re.S))
    rows = re.findall(r"<tr.*?</tr>", bodies, re.S)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in rows]


def options_of(page: str) -> list[tuple[str, bool]]:
    """Values of the lists, and whether each is selected."""
    return [(value, "selected" in rest) for value, rest in re.findall(r'<option value="([^"]*)"([^>]*)>', page)]


# ── the first step ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_page_teaches_the_first_step(at: SetUp) -> None:
    page = at.desk.get("sis/setup")

    assert "0 of 3 done" in words(page)
    assert "Find my classes in Demo SIS" in words(page)
    assert f'/{at.choice}"' in page


def test_without_a_connection_it_says_whom_to_ask(at: SetUp) -> None:
    at.change(SisConnection, removed_at=now())

    assert "Whoever runs Passback for your school can make a connection" in words(at.desk.get("sis/setup"))
    assert at.desk.client.get(f"/l/{at.desk.launch_id}/{at.choice}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_enabled": False}, "The connection to Demo SIS is switched off."),
        ({"lms_syncs": True}, "Paper LMS sends grades to Demo SIS itself, so Passback does not."),
        ({"teachers": "listed"}, "You are not among the teachers who may sync to Demo SIS."),
    ],
)
def test_who_may_not_is_told_why_and_whom_to_ask(at: SetUp, changes: dict[str, Any], said: str) -> None:
    at.change(SisConnection, **changes)
    before = count_rows(at.database)

    page = words(at.desk.get("sis/setup"))
    assert said in page
    assert "runs Passback" in page
    assert "Find my classes" not in page
    refused = at.desk.post(at.choice, ("class", MATH), ("road", "no"), expects=400)
    assert said in words(refused)
    assert count_rows(at.database) == before


def test_her_classes_are_shown_and_none_is_chosen_for_her(at: SetUp) -> None:
    page = at.desk.get(at.choice)

    [row] = rows_of(page)
    assert row[1:] == [
        "MATH 9 - Period 3",
        "Semester 1",
        "Lincoln High School",
        "12 students 2 of the 2 of this course",
    ]
    assert f'type="radio" name="class" value="{MATH}"' in page
    assert " checked" not in page
    assert "Does Paper LMS already send the grades of this class to Demo SIS?" in words(page)
    assert "It goes one way" in words(page)


def test_linking_writes_it_down_has_it_read_and_comes_back(at: SetUp) -> None:
    section_id = at.link()

    [section] = at.rows(SisSection)
    assert (section.class_title, section.term_ids, section.teacher_id) == ("MATH 9 - Period 3", ["term-s1"], "TCH-010")
    assert (section.linked_by, section.lms_syncs) == (at.ada.member_id, False)
    page = at.desk.get("sis/setup")
    assert f'id="class-{section_id}"' in page
    assert "1 of 3 done" in words(page)
    assert "reading Demo SIS…" in words(page)
    assert "linked already" in words(at.desk.get(at.choice))
    assert "It goes one way" not in words(at.desk.get(at.choice)), "it was said on the first link"


def test_where_the_lms_sends_already_it_is_linked_but_off_and_says_so(at: SetUp) -> None:
    section_id = at.link(road="yes")
    assert at.rows(SisSection)[0].lms_syncs
    page = words(at.desk.get("sis/setup"))
    assert "Linked, but off" in page
    assert "Two roads would make two columns" in page
    assert "1 of 3 done" in page

    at.desk.post(f"sis/setup/{section_id}/road", ("road", "no"))
    assert "Linked, but off" not in words(at.desk.get("sis/setup"))
    at.desk.post(f"sis/setup/{section_id}/road", expects=400)
    assert at.acts() == ["linked", "road"]


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ([("road", "no")], 400, "Choose a class first."),
        ([("class", MATH)], 400, "Say first whether your LMS already sends these grades."),
        ([("class", MATH), ("road", "maybe")], 400, "Say first whether your LMS already sends these grades."),
        ([("class", SCIENCE), ("road", "no")], 404, "This is not one of your classes in Demo SIS."),
        ([("class", "no-such\x00class"), ("road", "no")], 404, "This is not one of your classes in Demo SIS."),
    ],
)
def test_a_form_that_says_too_little_or_too_much_links_nothing(
    at: SetUp, fields: list[tuple[str, str]], status: int, said: str
) -> None:
    before = count_rows(at.database)

    assert said in words(at.desk.post(at.choice, *fields, expects=status))
    assert count_rows(at.database) == before


def test_a_sis_that_is_down_is_said_in_words_and_can_be_tried_again(at: SetUp, school: SchoolBeside) -> None:
    school.set_mood(Mood("error500"))

    page = at.desk.get(at.choice)
    assert "Your classes could not be read from Demo SIS" in words(page)
    assert "Demo SIS reports a fault of its own." in words(page)
    assert "Try again" in words(page)
    refused = at.desk.post(at.choice, ("class", MATH), ("road", "no"), expects=400)
    assert "Nothing was changed." in words(refused)
    assert at.rows(SisSection) == []


def test_a_sis_that_hangs_keeps_nobody_waiting(
    at: SetUp, school: SchoolBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0.5)
    school.set_mood(Mood("hang"))
    begun = now()

    page = at.desk.get(at.choice)

    assert "Your classes could not be read from Demo SIS" in words(page)
    assert now() - begun < timedelta(seconds=4)
    school.set_mood(Mood())


def test_without_an_address_of_hers_the_lms_is_named(at: SetUp) -> None:
    at.learn(at.ada, email=None)

    page = words(at.desk.get(at.choice))
    assert "Paper LMS does not tell your e-mail address" in page
    at.desk.post(at.choice, ("class", MATH), ("road", "no"), expects=404)


def test_the_class_that_the_lms_names_needs_no_address(at: SetUp) -> None:
    """Ada's launch says which section of the school records her course is."""
    arrive(at.database, at.platform, BEN, lis={"course_section_sourcedid": SCIENCE})
    arrive(at.database, at.platform, ADA, lis={"course_section_sourcedid": MATH})
    at.learn(at.ada, email=None)

    assert "Paper LMS says that this course is it" in words(at.desk.get(at.choice))
    section_id = at.link()
    (section,) = at.rows(SisSection)
    assert (section.id, section.class_title, section.teacher_id) == (section_id, "MATH 9 - Period 3", None)


def test_the_name_of_a_variable_names_no_class(at: SetUp) -> None:
    """Canvas sends it where it has no id."""
    at.learn(at.ada, email=None)
    arrive(at.database, at.platform, ADA, lis={"course_section_sourcedid": "$CourseSection.sourcedId"})

    assert [course.section_sourced_id for course in at.rows(Course)] == [None]


def test_an_address_that_the_sis_does_not_know_has_no_classes(at: SetUp) -> None:
    at.learn(at.ada, email="ada@elsewhere.example")

    assert "Demo SIS has no class of ada@elsewhere.example" in words(at.desk.get(at.choice))


def test_unlinking_removes_nothing(at: SetUp) -> None:
    section_id = at.link_and_read()
    before = count_rows(at.database)

    at.desk.post(f"sis/setup/{section_id}/unlink")

    assert count_rows(at.database) == before | {"sis_acts": before["sis_acts"] + 1}
    assert "0 of 3 done" in words(at.desk.get("sis/setup"))
    at.desk.post(f"sis/setup/{section_id}/unlink", expects=404)
    assert at.link() == section_id
    assert "2 of 2 matched" in words(at.desk.get("sis/setup"))


def test_reading_again_is_asked_for_and_its_trouble_is_told(at: SetUp) -> None:
    section_id = at.link_and_read()
    at.change(SisSection, read_failure="sis.route")
    with at.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM errands")
    assert "Demo SIS does not know the address that Passback asked." in words(at.desk.get("sis/setup"))

    at.desk.post(f"sis/setup/{section_id}/refresh")

    assert "reading Demo SIS…" in words(at.desk.get("sis/setup"))


# ── students ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_says_who_is_who_and_by_which_rule(at: SetUp) -> None:
    section_id = at.link_and_read()
    amara = arrive(at.database, at.platform, AMARA)

    page = at.desk.get(f"sis/setup/{section_id}/students")
    assert [row[:3] for row in rows_of(page)] == [
        ["Amara Okafor", "–", "not matched"],
        ["Ben Carter", "Ben Carter", "by SIS id"],
        ["Cleo Brown cleo@school.example", "Cleo Brown cleo@school.example", "by e-mail"],
    ]
    assert "2 of 3 matched · 1 needs you" in words(page)
    assert "1 student of Demo SIS is nobody here" in words(page)
    assert f"student={amara.member_id}#student-{amara.member_id}" in page


def test_by_hand_nobody_is_chosen_beforehand(at: SetUp) -> None:
    section_id = at.link_and_read()
    amara = arrive(at.database, at.platform, AMARA)
    students = f"sis/setup/{section_id}/students"

    page = at.desk.get(f"{students}?student={amara.member_id}")
    assert options_of(page) == [("", True), ("stu-2042", False)], "whom nobody has, and none of them selected"
    at.desk.post(f"{students}/{amara.member_id}", ("do", "match"), expects=400)
    at.desk.post(f"{students}/{amara.member_id}", ("do", "match"), ("sis_student", "stu-2042"))

    told = next(row for row in rows_of(at.desk.get(students)) if row[0] == "Amara Okafor")
    assert told[1:3] == ["Okafor, Amara amara@school.example", "by hand"]
    assert at.acts()[-1] == "matched"


def test_left_out_and_taken_back(at: SetUp) -> None:
    section_id = at.link_and_read()
    ben = f"sis/setup/{section_id}/students/{at.ben.member_id}"
    at.desk.post(ben, ("do", "leave_out"))
    [row] = [one for one in rows_of(at.desk.get(f"sis/setup/{section_id}/students")) if one[0] == "Ben Carter"]
    assert row[1:3] == ["–", "left out Nothing goes for this student."]

    opened = at.desk.get(f"sis/setup/{section_id}/students?student={at.ben.member_id}")
    assert 'value="undo"' in opened
    assert 'value="leave_out"' not in opened
    at.desk.post(ben, ("do", "undo"))

    assert {row.member_id: row.rule for row in at.rows(SisMatch)}[at.ben.member_id] == "sis_id"
    assert at.acts()[-2:] == ["left_out", "unmatched"]


def test_where_the_lms_tells_nothing_the_privacy_level_comes_first(at: SetUp) -> None:
    section_id = at.link_and_read()
    at.learn(at.ben, sourced_id=None)
    at.learn(at.cleo, email=None)

    page = words(at.desk.get(f"sis/setup/{section_id}/students"))
    assert "Paper LMS tells neither ids nor e-mail addresses of your students" in page
    assert "Choose “Public”" in page
    assert page.index("neither ids") < page.index("Ben Carter")

    at.change(Platform, family="unknown")
    assert "In Paper LMS: where Passback is set up as a tool." in words(at.desk.get(f"sis/setup/{section_id}/students"))


@pytest.mark.parametrize("typed", ["-1", "x", "9" * 40, "0", "\x00"])
def test_a_student_that_is_not_there_opens_nothing(at: SetUp, typed: str) -> None:
    section_id = at.link_and_read()

    assert 'class="panel"' not in at.desk.get(f"sis/setup/{section_id}/students?student={typed}")


@pytest.mark.parametrize(
    "fields", [[("do", "leave_out")], [("do", "undo")], [("do", "match"), ("sis_student", "stu-2042")]]
)
def test_a_learner_of_another_course_is_as_good_as_none(at: SetUp, fields: list[tuple[str, str]]) -> None:
    section_id = at.link_and_read()
    dan = arrive(at.database, at.platform, DAN, resource_link={"id": "link-9"})
    before = count_rows(at.database)

    told = {
        at.desk.post(f"sis/setup/{section_id}/students/{number}", *fields, expects=404).partition("<footer")[0][-2000:]
        for number in (dan.member_id, OTHERS_ID)
    }

    assert all("This student is not on the list." in one for one in told)
    assert count_rows(at.database) == before


# ── categories ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_equal_name_is_suggested_and_true_when_she_saves(at: SetUp) -> None:
    section_id = at.link_and_read()
    categories = f"sis/setup/{section_id}/categories"

    page = at.desk.get(categories)
    assert "1 Unassociated" in words(page)
    assert options_of(page) == [("", False), ("cat-hw", True), ("cat-test", False)]
    assert "Suggested by its name. It holds when you save." in words(page)
    assert at.rows(SisCategoryLink) == []

    at.desk.post(categories, ("category", "Homework"), ("sis_category", "cat-hw"))
    page = at.desk.get(categories)
    assert "Synchronized" in words(page)
    assert "Ada Byron" in words(page)
    assert "Suggested" not in words(page)
    assert "3 of 3 done" in words(at.desk.get("sis/setup"))
    assert at.acts() == ["linked", "associated"]


def test_unassociated_again(at: SetUp) -> None:
    section_id = at.link_and_read()
    categories = f"sis/setup/{section_id}/categories"
    at.desk.post(categories, ("category", "Homework"), ("sis_category", "cat-hw"))
    at.desk.post(categories, ("category", "Homework"), ("sis_category", ""))

    assert options_of(at.desk.get(categories))[0] == ("", False)
    assert "1 Unassociated" in words(at.desk.get("sis/setup"))
    assert at.acts()[-1] == "unassociated"


def test_a_renamed_category_and_a_new_term_are_said(at: SetUp) -> None:
    section_id = at.link_and_read()
    categories = f"sis/setup/{section_id}/categories"
    at.desk.post(categories, ("category", "Homework"), ("sis_category", "cat-hw"))
    at.change(SisCategory, SisCategory.sourced_id == "cat-hw", title="Daily work")
    page = words(at.desk.get(categories))
    assert "1 Changed" in page
    assert "“Homework” is called “Daily work” there now." in page

    at.change(SisSection, term_ids=["term-s2"])
    page = words(at.desk.get(categories))
    assert "1 Unassociated" in page
    assert "It was “Homework” before this term, or before another class was linked." in page


@pytest.mark.parametrize(
    "fields",
    [
        [("category", "Homework"), ("sis_category", "cat-of-another-class")],
        [("category", "No such word"), ("sis_category", "cat-hw")],
        [("category", "Homework"), ("category", "Homework"), ("sis_category", "cat-hw"), ("sis_category", "cat-test")],
        [("category", "Homework")],
        [("sis_category", "cat-hw")],
    ],
)
def test_a_form_that_does_not_fit_saves_nothing(at: SetUp, fields: list[tuple[str, str]]) -> None:
    section_id = at.link_and_read()
    before = count_rows(at.database)

    told = at.desk.post(f"sis/setup/{section_id}/categories", *fields, expects=400)

    assert "Nothing was saved." in words(told)
    assert count_rows(at.database) == before


def test_where_the_sis_offers_nothing_the_page_says_what_to_do(at: SetUp) -> None:
    section_id = at.link()

    assert "The class was not read from Demo SIS yet" in words(at.desk.get(f"sis/setup/{section_id}/categories"))
    at.change(SisSection, read_at=now())
    page = words(at.desk.get(f"sis/setup/{section_id}/categories"))
    assert "Demo SIS offers no categories for this class" in page
    assert "Read Demo SIS again" in page


# ── whose page it is ─────────────────────────────────────────────────────────────────────────────────────────────

PAGES = ("students", "categories")
ACTS = ("refresh", "unlink", "road", "categories")


def test_a_class_of_another_course_is_simply_not_there(at: SetUp, tmp_path: Path) -> None:
    section_id = at.link_and_read()
    grace = arrive(
        at.database,
        at.platform,
        ADA,
        context={"id": "course-science"},
        resource_link={"id": "l-8"},
        email="g@x.example",
    )
    other = Desk(at.database, tmp_path, grace)
    before = count_rows(at.database)

    for number in (section_id, OTHERS_ID):
        for page in PAGES:
            answer = other.client.get(f"/l/{other.launch_id}/sis/setup/{number}/{page}")
            assert (answer.status_code, "not linked to your course" in answer.text) == (404, True)
        for act in ACTS:
            fields = [("category", "Homework"), ("sis_category", ""), ("road", "yes")]
            other.post(f"sis/setup/{number}/{act}", *fields, expects=404)
        other.post(f"sis/setup/{number}/students/{at.ben.member_id}", ("do", "leave_out"), expects=404)
    assert other.client.get(f"/l/{other.launch_id}/sis/setup/schools/{OTHERS_ID}").status_code == 404
    assert count_rows(at.database) == before
    assert "0 of 3 done" in words(other.get("sis/setup"))


def test_learners_see_none_of_it_and_foreign_forms_change_nothing(at: SetUp, tmp_path: Path) -> None:
    section_id = at.link_and_read()
    ben = Desk(at.database, tmp_path, at.ben)
    before = count_rows(at.database)

    for page in ("sis/setup", f"sis/setup/{section_id}/students", at.choice):
        assert ben.client.get(f"/l/{ben.launch_id}/{page}").status_code == 403
    for act in ACTS:
        ben.post(f"sis/setup/{section_id}/{act}", ("road", "yes"), expects=403)
    at.desk.csrf = "made up"
    for act in ACTS:
        at.desk.post(f"sis/setup/{section_id}/{act}", ("road", "yes"), expects=403)
    assert count_rows(at.database) == before


def test_a_teacher_off_the_list_reads_and_changes_nothing(at: SetUp) -> None:
    section_id = at.link_and_read()
    at.change(SisConnection, teachers="listed", teacher_emails=["grace@school.example"])
    before = count_rows(at.database)

    assert "by SIS id" in at.desk.get(f"sis/setup/{section_id}/students")
    for act, fields in (
        (f"students/{at.ben.member_id}", [("do", "leave_out")]),
        ("categories", [("category", "Homework"), ("sis_category", "cat-hw")]),
        ("road", [("road", "yes")]),
    ):
        told = at.desk.post(f"sis/setup/{section_id}/{act}", *fields, expects=400)
        assert "You are not among the teachers who may sync" in words(told)
    assert count_rows(at.database) == before

    at.change(SisConnection, teacher_emails=["ADA@school.example"])
    at.desk.post(f"sis/setup/{section_id}/students/{at.ben.member_id}", ("do", "leave_out"))


def test_the_next_step_is_the_one_main_button(at: SetUp) -> None:
    section_id = at.link_and_read()
    amara = arrive(at.database, at.platform, AMARA)

    def main() -> list[str]:
        page = at.desk.get("sis/setup")
        found = re.findall(r'<a class="button button--main" href="[^"]*/sis/setup/([^"]*)"', page)
        assert page.count("button--main") == len(found)
        return [str(one) for one in found]

    assert main() == [f"{section_id}/students"]
    at.desk.post(f"sis/setup/{section_id}/students/{amara.member_id}", ("do", "leave_out"))
    assert main() == [f"{section_id}/categories"]
    at.desk.post(f"sis/setup/{section_id}/categories", ("category", "Homework"), ("sis_category", "cat-hw"))
    assert main() == []


def test_with_two_classes_each_has_its_own_students_and_categories(at: SetUp, school: SchoolBeside) -> None:
    first = at.link_and_read()
    records, day = school.sis.school, school.sis.local_day()
    records.add_class(SchoolClass("class-2202", "ALG 1 - Period 4", "course-math-9", ("term-s1",), "4"))
    records.enrol(Enrolment("TCH-010", "class-2202", "teacher", day, day + timedelta(days=9)))
    second = at.link("class-2202")
    at.change(SisSection, read_at=now())

    page = at.desk.get(f"sis/setup/{second}/students")
    assert [row[2] for row in rows_of(page)] == ["in another class MATH 9 - Period 3"] * 2
    assert f'sis/setup/{first}/students"' in page
    setup = words(at.desk.get("sis/setup"))
    assert "MATH 9 - Period 3 · ALG 1 - Period 4" in setup
    assert "2 of 2 matched · All students of this course are in another class" in setup
    assert "2 of 3 done" in setup, "the categories of both are still to be associated"


def test_from_the_link_to_all_done_with_what_the_sis_really_tells(at: SetUp, school: SchoolBeside) -> None:
    at.change(Assignment, category="tests")
    section_id = at.link()
    refresh(at.database, school.client(), section_id)

    rows = rows_of(at.desk.get(f"sis/setup/{section_id}/students"))
    assert [(row[0].split(" c")[0], row[2]) for row in rows] == [
        ("Ben Carter", "by SIS id"),
        ("Cleo Brown", "by e-mail"),
    ]
    page = at.desk.get(f"sis/setup/{section_id}/categories")
    assert [value for value, is_selected in options_of(page) if is_selected] == ["cat-test-2201"], "capitals aside"
    at.desk.post(f"sis/setup/{section_id}/categories", ("category", "tests"), ("sis_category", "cat-test-2201"))
    assert "3 of 3 done" in words(at.desk.get("sis/setup"))

    school.sis.school.rename_category("cat-test-2201", None)
    refresh(at.database, school.client(), section_id)
    assert "“Tests” is no longer there." in words(at.desk.get(f"sis/setup/{section_id}/categories"))
    assert "2 of 3 done" in words(at.desk.get("sis/setup"))
