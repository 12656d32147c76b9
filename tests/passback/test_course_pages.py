"""The course at a glance, before class, the last day, the history, and the scores as files."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ADA, BEN, CLEO
from tests.rows import arrive, ended, hand_in, make_assignment, make_platform, passback_of
from tests.web import Desk
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.digest import read_digest, write_digest
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform


class School:
    """Ben's score arrived, Cleo's was refused; Ada looks at it."""

    def __init__(self, database: Database, folder: Path, **changes: Any) -> None:
        self.database = database
        self.platform: KnownPlatform = make_platform(database)
        make_assignment(database)
        self.ben: Arrival = arrive(database, self.platform, BEN, **changes)
        self.cleo: Arrival = arrive(database, self.platform, CLEO, **changes)
        for place in (self.ben, self.cleo):
            hand_in(database, place)
        cleos = passback_of(database, self.cleo).id
        settle(
            database,
            [
                ended(
                    one, "needs_person", reason="not_enrolled", needs_person=True, status=422, next_try_at=one.timestamp
                )
                if one.id == cleos
                else ended(one)
                for one in claim(database, self.platform.id, holder="test", limit=10)
            ],
        )
        self.desk = Desk(database, folder, arrive(database, self.platform, ADA, **changes))


@pytest.fixture
def school(database: Database, tmp_path: Path) -> School:
    return School(database, tmp_path)


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_course_at_a_glance(school: School) -> None:
    text = school.desk.get("course/grades")

    assert "Fractions" in text
    assert "Cleo Brown" in text, "the status log names who was not served"
    assert text.count("Not delivered") == 1
    assert text.count("Delivered") == 1


def test_the_last_day_says_what_needs_her(school: School) -> None:
    text = words(school.desk.get("course/digest"))

    assert "1 score reached the gradebook." in text
    assert "1 could not be delivered" in text


def test_the_mail_names_no_student(school: School) -> None:
    with school.database.reading() as connection:
        subject, text = write_digest(read_digest(connection, school.ben.course_id))

    assert "Period 3 math" in subject
    assert "Fractions: 1 could not be delivered" in text
    assert "Cleo" not in text


def test_before_class_says_what_would_keep_scores_away(database: Database, tmp_path: Path) -> None:
    ags = {"lineitems": "https://lms.example/columns", "scope": []}
    poor = School(database, tmp_path, ags=ags).desk.get("preflight")

    assert "Scores will not arrive" in poor
    assert "does not allow it" in words(poor)


def test_before_class_is_content_with_a_good_link(school: School) -> None:
    assert "Scores will not arrive" not in school.desk.get("preflight")


def test_what_went_by_itself_opens_to_its_attempts(school: School) -> None:
    text = words(school.desk.get("history?run=0"))

    assert "1 score went by itself" in text
    assert "Ben Carter" in text
    assert "the LMS does not list this student in the course" in text


def test_scores_as_a_file(school: School) -> None:
    rows = list(csv.DictReader(io.StringIO(school.desk.get("grades.csv"))))

    assert [row["Student"] for row in rows] == ["Ben Carter", "Cleo Brown"]
    assert rows[0]["Last sent"] == "10"
    assert [row["Status"] for row in rows] == ["Successful", "Error"]


def test_scores_in_the_shape_that_canvas_imports(school: School) -> None:
    rows = list(csv.reader(io.StringIO(school.desk.get("grades.csv?shape=canvas"))))

    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Fractions"]
    assert rows[1][5] == "10"
    assert rows[2] == ["Ben Carter", "", "", "", "", "10"]


def test_a_name_in_a_file_is_never_a_formula(database: Database, tmp_path: Path) -> None:
    school = School(database, tmp_path)
    arrive(database, school.platform, BEN, name="=HYPERLINK(1)")

    assert "\n=HYPERLINK" not in school.desk.get("grades.csv")
    assert "'=HYPERLINK(1)" in school.desk.get("grades.csv")


def test_the_error_panel_has_a_text_for_the_help_desk_without_names(school: School) -> None:
    text = school.desk.get(f"grades?open={school.cleo.member_id}&panel=error")

    assert "does not know Cleo Brown as a student" in text
    ticket = text.split("LTI AGS score passback", 1)[1].split("</", 1)[0]
    assert "user id: cleo" in ticket
    assert "Cleo Brown" not in ticket


def test_the_dot_is_there_until_she_looked(school: School) -> None:
    school.desk.get("grades")
    assert "An error waits for you" in school.desk.get("overview"), "fetching it alone is not looking"
    school.desk.post("grades/seen")
    assert "An error waits for you" not in school.desk.get("overview")


def test_excused_students_are_left_out(school: School) -> None:
    school.desk.post(f"grades/{school.ben.member_id}/excused", ("excused", "yes"))

    preview = words(
        school.desk.post("grades/preview", ("kind", "send_again"), ("student", str(school.ben.member_id)), expects=200)
    )
    assert "excused" in preview.lower()
    school.desk.post("grades/send", ("kind", "send_again"), ("student", str(school.ben.member_id)), expects=400)
    assert "Excused" in school.desk.get("grades")


def test_send_again_is_possible_once_an_hour(school: School) -> None:
    fields = (("kind", "send_again"), ("student", str(school.ben.member_id)))

    school.desk.post("grades/send", *fields)
    refused = school.desk.post("grades/send", *fields, expects=400)

    assert "less than an hour ago" in refused


def test_no_zeros_before_the_due_date(database: Database, tmp_path: Path) -> None:
    school = School(database, tmp_path)
    make_assignment(database, due_at="2099-01-01T00:00:00+00:00")

    refused = school.desk.post("grades/preview", ("kind", "zeros"), expects=400)

    assert "not due yet" in refused
