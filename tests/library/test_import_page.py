"""Ada imports on the page: she looks, ticks, adds, and gives the assignment to her students."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN, DAN, Someone
from tests.desk import TOOL, Desk, hidden
from tests.library.canvas_quiz import RIGHT, every_type
from tests.library.packing import PACKAGES, assessment, choices, equal, item, rule, zipped
from tests.rows import count_rows, make_assignment
from tool.assessment.assignments import read_assignment
from tool.assessment.autograding import grade_answers
from tool.assessment.questions import write_assignment_file
from tool.db import Database
from tool.model.work import Assignment

CHOICE = item("multiple_choice", "Two plus two?", choices("3", "4"), rule(equal("2")))
TEACHER: dict[str, Any] = {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]}


class Importing:
    """Somebody's browser in the library."""

    def __init__(self, desk: Desk, someone: Someone = ADA, **changes: Any) -> None:
        self.browser = desk.browser()
        launched = desk.launch(self.browser, someone, **changes)
        assert launched.status_code == 303, launched.text
        self.launch = launched.location.removeprefix(TOOL).split("/")[2]
        self.path = f"/l/{self.launch}/library/import"

    def see(self) -> TestResponse:
        return self.browser.get(self.path, base_url=TOOL)

    def look(self, content: bytes, name: str = "quiz.zip") -> TestResponse:
        form = {"csrf": hidden(self.see(), "csrf"), "file": (BytesIO(content), name)}
        return self.browser.post(self.path, data=form, base_url=TOOL, headers={"Origin": TOOL})

    def add(self, report: TestResponse, *ticked: str) -> TestResponse:
        ids = list(ticked) or re.findall(r'name="assignment" value="([^"]+)"', report.text)
        form = {"csrf": hidden(report, "csrf"), "found": unescape(hidden(report, "found")), "assignment": ids}
        return self.browser.post(f"{self.path}/add", data=form, base_url=TOOL, headers={"Origin": TOOL})


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    make_assignment(database)
    return Desk(database, tmp_path)


@pytest.fixture
def ada(desk: Desk) -> Importing:
    return Importing(desk, **TEACHER)


def owned(database: Database) -> list[tuple[str, str]]:
    rows = select(Assignment.id, Assignment.title).where(Assignment.owner_id.is_not(None)).order_by(Assignment.title)
    with database.reading() as connection:
        return [(row.id, row.title) for row in connection.execute(rows)]


def test_looking_stores_nothing_and_shows_what_becomes_of_each_question(ada: Importing, database: Database) -> None:
    before = count_rows(database)

    report = ada.look(every_type())

    assert report.status_code == 200
    assert count_rows(database) == before
    text = unescape(re.sub(r"<[^>]+>", " ", report.text))
    assert "Everything & more" in text
    assert "Students would hand in a file; Passback takes no files." in text
    assert "It became 3 questions, which share its points." in text
    assert "Nothing is added yet." in text


def test_what_is_added_is_in_the_library_and_grades_as_in_canvas(ada: Importing, database: Database) -> None:
    added = ada.add(ada.look(every_type()))

    assert added.status_code == 303
    assert "Added to your library." in ada.browser.get(added.location, base_url=TOOL).text
    ((assignment_id, title),) = owned(database)
    assert title == "Everything & more"
    with database.reading() as connection:
        file = read_assignment(connection, assignment_id)
    assert grade_answers(file.questions, RIGHT).earned == 15
    assert "Everything &amp; more" in ada.browser.get(f"/l/{ada.launch}/library", base_url=TOOL).text


def test_a_student_opens_the_imported_assignment_and_is_graded(desk: Desk, ada: Importing, database: Database) -> None:
    quiz = assessment(CHOICE, item("short_answer", "Type yes", '<response_str ident="response1"/>', rule(equal("yes"))))
    ada.add(ada.look(zipped(quiz_xml=quiz)))
    ((assignment_id, _),) = owned(database)
    browser = desk.browser()

    work = desk.open(browser, BEN, custom={"assignment": assignment_id})
    path = re.search(r'<form[^>]*action="([^"]+)"', work.text)
    assert path is not None
    form = {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', work.text)
    }
    form |= {"q1": "b", "q2": "Yes", "Submit": "1"}
    sent = browser.post(path[1], data=form, base_url=TOOL, headers={"Origin": TOOL}, follow_redirects=True)

    assert "Two plus two?" in work.text
    assert re.search(r"2\s*(</strong>)?\s*(/|of|out of)", re.sub(r"<[^>]+>", "", sent.text)), sent.text


def test_the_same_form_twice_stores_nothing_twice(ada: Importing, database: Database) -> None:
    report = ada.look(every_type())
    ada.add(report)

    again = ada.add(report)

    assert again.status_code == 303
    assert len(owned(database)) == 1


def test_only_what_is_ticked_is_added(ada: Importing, database: Database) -> None:
    both = zipped(a_xml=assessment(CHOICE, title="First"), b_xml=assessment(CHOICE, ident="quiz2", title="Second"))
    report = ada.look(both)
    ids = re.findall(r'name="assignment" value="([^"]+)"', report.text)

    ada.add(report, ids[1])

    assert [title for _, title in owned(database)] == ["Second"]


def test_with_nothing_ticked_the_page_asks_again(ada: Importing, database: Database) -> None:
    both = zipped(a_xml=assessment(CHOICE, title="First"), b_xml=assessment(CHOICE, ident="quiz2", title="Second"))

    asked = ada.add(ada.look(both), "none-of-them")

    assert asked.status_code == 400
    assert "Tick at least one assignment." in asked.text
    assert owned(database) == []
    assert ada.add(asked).status_code == 303
    assert len(owned(database)) == 2


def test_what_one_teacher_looked_at_no_other_launch_can_add(desk: Desk, ada: Importing, database: Database) -> None:
    sealed = unescape(hidden(ada.look(every_type()), "found"))
    other = Importing(desk, DAN, **TEACHER)
    form = {"csrf": hidden(other.see(), "csrf"), "found": sealed, "assignment": "a"}

    refused = other.browser.post(f"{other.path}/add", data=form, base_url=TOOL, headers={"Origin": TOOL})

    assert refused.status_code == 400
    assert "too old to add" in refused.text
    assert owned(database) == []


def test_a_changed_form_adds_nothing(ada: Importing, database: Database) -> None:
    report = ada.look(every_type())
    form = {"csrf": hidden(report, "csrf"), "found": unescape(hidden(report, "found"))[:-3] + "abc", "assignment": "a"}

    refused = ada.browser.post(f"{ada.path}/add", data=form, base_url=TOOL, headers={"Origin": TOOL})

    assert refused.status_code == 400
    assert owned(database) == []


def test_our_own_file_comes_back_as_it_was_and_a_taken_id_gets_a_new_one(ada: Importing, database: Database) -> None:
    """The example of everyone's library, taken out and in again."""
    with database.reading() as connection:
        before = read_assignment(connection, "fractions")

    report = ada.look(write_assignment_file(before).encode(), "fractions.json")
    ada.add(report)

    assert "Its id is in use already" in report.text
    ((new_id, _),) = owned(database)
    with database.reading() as connection:
        assert read_assignment(connection, new_id) == before.model_copy(update={"id": new_id})


def test_a_free_id_of_our_own_file_is_kept(ada: Importing, database: Database) -> None:
    with database.reading() as connection:
        before = read_assignment(connection, "fractions").model_copy(update={"id": "from-elsewhere"})

    ada.add(ada.look(write_assignment_file(before).encode(), "fractions.json"))

    assert [one for one, _ in owned(database)] == ["from-elsewhere"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"hello", "neither a QTI package"),
        (b"PK\x03\x04", "damaged"),
        (b"{}", "is required"),
    ],
)
def test_a_refusal_stands_beside_the_field(ada: Importing, content: bytes, reason: str) -> None:
    refused = ada.look(content)

    assert refused.status_code == 400
    assert reason in refused.text
    assert 'aria-describedby="file-help file-wrong"' in refused.text
    assert "Nothing was added." in refused.text


def test_no_file_is_a_reason_too(ada: Importing) -> None:
    form = {"csrf": hidden(ada.see(), "csrf")}

    assert ada.browser.post(ada.path, data=form, base_url=TOOL, headers={"Origin": TOOL}).status_code == 400


def test_a_body_that_is_too_large_names_the_file(ada: Importing) -> None:
    kind = "multipart/form-data; boundary=b"
    answer = ada.browser.post(ada.path, data=b"x" * 6_500_000, content_type=kind, base_url=TOOL)

    assert answer.status_code == 413
    assert "choose a smaller file" in answer.text


def test_markup_of_a_package_is_shown_as_text(ada: Importing) -> None:
    hostile = assessment(
        item("essay", "<script>alert(1)</script>&lt;img src=x onerror=alert(2)&gt; why?"), title="<b>Bold</b>"
    )

    report = ada.look(zipped(quiz_xml=hostile))

    assert "<script>alert" not in report.text
    assert "<img src=x" not in report.text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in report.text


def test_students_do_not_import(desk: Desk) -> None:
    ben = Importing(desk, BEN)

    assert ben.see().status_code == 403


def test_the_packages_of_other_software_come_in_by_the_page(ada: Importing, database: Database) -> None:
    for name in ("text2qti.zip", "qti12-sampler.zip", "qti21-sampler.zip", "qti21-science.zip"):
        assert ada.add(ada.look((PACKAGES / name).read_bytes(), name)).status_code == 303

    assert len(owned(database)) == 4
