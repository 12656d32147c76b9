"""Ada's library: what stands in it, what she may do with whose, and what another school cannot reach."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.cast import ADA, Someone
from tests.library.papers import PICK, paper
from tests.lti.paper_lms import INSTRUCTOR
from tests.rows import ISSUER, arrive, entry, make_assignment, make_platform
from tests.web import Desk
from tool.assessment.making import Owner, create_assignment
from tool.assessment.questions import read_assignment_file
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.library.screens.shelf import file_name
from tool.model.people import Course, Member
from tool.model.work import Assignment
from tool.registration.platforms import TrustedPlatforms, adopt_file_platforms

GRACE = Someone("grace", "Grace Kim", "course-math")


def owner(database: Database, place: Arrival) -> Owner:
    with database.reading() as connection:
        found = select(Course.customer_id, Member.person_id).join(Member, Member.course_id == Course.id)
        row = connection.execute(found.where(Member.id == place.member_id)).one()
    return Owner(row.customer_id, row.person_id)


def put(database: Database, place: Arrival, assignment_id: str, title: str) -> str:
    with database.writing() as connection:
        file = paper(PICK, id=assignment_id, title=title)
        return create_assignment(connection, owner(database, place), file)


def words(text: str) -> str:
    main = text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.fixture
def ada(database: Database) -> Arrival:
    """Ada, at a link with everyone's fractions in it; one of her own lies in her library."""
    make_assignment(database)
    place = arrive(database, make_platform(database), ADA)
    put(database, place, "a-own", "Halves & thirds")
    return place


@pytest.fixture
def grace(database: Database, ada: Arrival) -> Arrival:
    """A colleague of Ada's, who put one of her own into the course that both teach, and one into no course."""
    platform = make_platform(database)
    first = arrive(database, platform, GRACE, roles=[INSTRUCTOR])
    put(database, first, "a-graces", "Decimals")
    put(database, first, "a-private", "Grace's drawer")
    link = {"custom": {"assignment": "a-graces"}, "resource_link": {"id": "link-2"}}
    return arrive(database, platform, GRACE, roles=[INSTRUCTOR], **link)


@pytest.fixture
def desk(database: Database, tmp_path: Path, ada: Arrival) -> Desk:
    return Desk(database, tmp_path, ada)


def test_the_list_says_whose_each_is_and_what_can_be_done(desk: Desk, grace: Arrival) -> None:
    text = desk.get("library")
    read = words(text)

    assert "Halves & thirds 1 2 –" in read
    assert "Decimals A colleague’s, used in your courses 1 2 1 link" in read
    assert "Fractions For everyone 2 10 1 link" in read
    assert "drawer" not in read
    assert {"Edit Halves & thirds", "Look at Decimals", "Look at Fractions", "Copy Decimals"} <= labels(text)
    assert not {"Edit Decimals", "Archive Decimals", "Archive Fractions"} & labels(text)


def labels(text: str) -> set[str]:
    return {unescape(one) for one in re.findall(r'aria-label="([^"]*)"', text)}


def test_words_of_a_title_find_it_and_nothing_found_leads_back(desk: Desk) -> None:
    found = words(desk.get("library?find=THIRDS+halv"))
    assert "Halves & thirds" in found
    assert "For everyone" not in found

    nothing = desk.get("library?find=%3Cb%3E")
    assert "No title has “<b>” in it" in words(nothing)
    assert "<b>" not in nothing


def test_archived_is_out_of_sight_and_comes_back(desk: Desk) -> None:
    desk.post("library/a-own/archive", ("archived", "yes"))
    assert "Halves" not in words(desk.get("library"))
    assert "Halves" in words(desk.get("library?archived=1"))

    desk.post("library/a-own/archive", ("archived", "no"))
    assert "Halves" in words(desk.get("library"))
    assert "Nothing is archived" in words(desk.get("library?archived=1"))


def test_an_empty_library_says_what_to_do(database: Database, tmp_path: Path) -> None:
    place = arrive(database, make_platform(database), ADA, custom=None)

    assert "Make your first assignment" in words(Desk(database, tmp_path, place).get("library"))


def test_a_copy_is_ones_own_and_opens_in_the_editor(database: Database, desk: Desk, grace: Arrival) -> None:
    answer = desk.client.post(
        f"/l/{desk.launch_id}/library/a-graces/copy",
        data={"csrf": desk.csrf},
        headers={"Origin": "http://localhost:8000"},
    )
    with database.reading() as connection:
        copy = connection.execute(select(Assignment).where(Assignment.copied_from == "a-graces")).one()

    assert copy.title == "Copy of Decimals"
    assert f"library/{copy.id}/edit" in answer.location
    assert "This is your own copy." in desk.get(answer.location.partition(f"{desk.launch_id}/")[2])


def test_the_file_of_an_assignment_is_the_assignment(desk: Desk) -> None:
    answer = desk.client.get(f"/l/{desk.launch_id}/library/a-own/export")

    assert read_assignment_file(answer.text) == paper(PICK, id="a-own", title="Halves & thirds")
    assert answer.headers["Content-Disposition"] == "attachment; filename=Halves-thirds.json"
    assert json.loads(answer.text)["title"] == "Halves & thirds"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ('a"b\\c;d', "a-b-c-d"),
        ("Brüche", "Brüche"),
        ("分数", "分数"),
        ("…", "assignment"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_title_makes_a_safe_file_name(title: str, name: str) -> None:
    assert file_name(title) == name


@pytest.mark.parametrize("other", ["a-graces", "fractions"])
def test_anothers_is_looked_at_and_copied_and_never_changed(
    database: Database, desk: Desk, grace: Arrival, other: str
) -> None:
    before = stored(database)
    assert "Copy to my library" in desk.get(f"library/{other}/look")
    refused = desk.client.get(f"/l/{desk.launch_id}/library/{other}/edit")
    assert refused.status_code == 403
    assert "Copy to my library" in refused.text
    desk.post(f"library/{other}/edit", ("title", "Mine now"), ("do", "save"), expects=403)
    desk.post(f"library/{other}/archive", ("archived", "yes"), expects=403)

    assert stored(database) == before


@pytest.mark.parametrize("unreachable", ["a-private", "a-theirs", "nobodys", "%00"])
def test_what_is_not_on_the_shelf_is_not_there(
    database: Database, desk: Desk, grace: Arrival, unreachable: str
) -> None:
    other = "https://other.example"
    adopt_file_platforms(database, {ISSUER: (entry(),), other: (entry(client_id="other-1", host=other),)})
    elsewhere = TrustedPlatforms(database).known(other, "other-1")
    assert elsewhere is not None
    stranger = arrive(database, elsewhere, GRACE, roles=[INSTRUCTOR])
    put(database, stranger, "a-theirs", "Another school's")
    before = stored(database)
    for page in ("look", "edit", "export"):
        assert desk.client.get(f"/l/{desk.launch_id}/library/{unreachable}/{page}").status_code == 404
    for deed in ("copy", "archive", "edit"):
        desk.post(f"library/{unreachable}/{deed}", ("do", "save"), ("title", "x"), expects=404)

    assert stored(database) == before


def stored(database: Database) -> list[object]:
    with database.reading() as connection:
        return list(connection.execute(select(Assignment).order_by(Assignment.id)).all())


def test_the_course_and_the_settings_lead_to_the_library(database: Database, tmp_path: Path, ada: Arrival) -> None:
    desk = Desk(database, tmp_path, ada)
    assert f"/l/{desk.launch_id}/library" in desk.get("course/grades")
    assert "Copy to my library" in desk.get("settings")

    link = {"custom": {"assignment": "a-own"}, "resource_link": {"id": "link-3"}}
    own = Desk(database, tmp_path, arrive(database, make_platform(database), ADA, **link))
    assert f"/l/{own.launch_id}/library/a-own/edit" in own.get("settings")
