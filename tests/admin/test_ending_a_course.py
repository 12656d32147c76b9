"""`passback course`: a course that is over is ended, begun again, or deleted with everything that is kept of it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.admin.much_of_ben import MARKS, everything, make_ben
from tests.cast import ADA, BEN, CLEO, DAN
from tests.command_line import CommandLine
from tests.desk import TOOL, Desk
from tests.rows import arrive, count_rows, hand_in, make_assignment, make_platform, passback_of, wish_for
from tests.sis.school import add_item, connect_school, enrol, link_class, match
from tool.admin import courses, erasing
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.course.ending import list_courses
from tool.db import Database
from tool.errors import BadInput
from tool.lti.errors import LaunchRefused
from tool.model.people import Person
from tool.passback.digest import courses_to_look_at
from tool.passback.ledger.claiming import claim
from tool.passback.words import reason_text
from tool.registration.platforms import KnownPlatform

ANSWERS = {"half": "0.5", "quarter": "0.3"}


@pytest.fixture
def school(database: Database) -> KnownPlatform:
    make_assignment(database)
    return make_platform(database)


@pytest.fixture
def ben(database: Database, school: KnownPlatform) -> Arrival:
    return make_ben(database, school)


def numbers(database: Database, *, is_ended: bool) -> list[int]:
    with database.reading() as connection:
        return [one.id for one in list_courses(connection, is_ended=is_ended)]


def test_open_pages_close_and_launches_are_refused_until_it_begins_again(desk: Desk) -> None:
    make_assignment(desk.database)
    pages = []
    for someone in (ADA, BEN):
        browser = desk.browser()
        pages.append((browser, desk.open(browser, someone).request.path))
    (math,) = numbers(desk.database, is_ended=False)
    courses.end(desk.database, math)

    before = count_rows(desk.database)
    for browser, path in pages:
        assert browser.get(path, base_url=TOOL).status_code == 401
    for someone in (ADA, BEN, CLEO):
        refused = desk.launch(desk.browser(), someone)
        assert refused.status_code == 400
        assert "This course has ended here." in refused.text
    assert count_rows(desk.database) == before
    assert desk.open(desk.browser(), DAN).status_code == 200, "his course goes on"

    courses.reopen(desk.database, math)
    assert desk.open(desk.browser(), CLEO).status_code == 200
    assert numbers(desk.database, is_ended=True) == []


def test_nothing_that_waits_is_sent_and_what_is_earned_later_neither(database: Database, school: KnownPlatform) -> None:
    ben, cleo = arrive(database, school, BEN), arrive(database, school, CLEO)
    dan = arrive(database, school, DAN)
    for place in (ben, dan):
        wish_for(database, school, place)
    assert courses.end(database, ben.course_id) == 1

    decision = hand_in(database, cleo, ANSWERS)
    assert decision is not None
    assert (decision.kind, decision.reason) == ("hold", "platform_off")
    (sent,) = claim(database, school.id, holder="sender", limit=9)
    assert sent.subject == DAN.subject
    row = passback_of(database, ben)
    assert (row.state, row.reason) == ("held", "course_ended")

    courses.reopen(database, ben.course_id)
    row = passback_of(database, ben)
    assert reason_text(row.reason, ()) == "it waited when the course was ended in Passback"


def test_the_night_passes_it_by(database: Database, school: KnownPlatform, ben: Arrival) -> None:
    with database.reading() as connection:
        assert courses_to_look_at(connection, now().replace(year=2000)) == [ben.course_id]
    courses.end(database, ben.course_id)

    with database.reading() as connection:
        assert courses_to_look_at(connection, now().replace(year=2000)) == []


def test_of_a_deleted_course_nothing_is_left_but_that_it_ended(
    database: Database, school: KnownPlatform, ben: Arrival
) -> None:
    link_everything(database, ben)
    dan = arrive(database, school, DAN)
    hand_in(database, dan, ANSWERS)
    courses.delete(database, ben.course_id)

    left = everything(database)
    for mark in (*MARKS, ADA.name, "Somebody Else"):
        assert mark not in left
    with database.reading() as connection:
        (ended,) = list_courses(connection, is_ended=True)
    assert (ended.id, ended.title, ended.people) == (ben.course_id, "", 0)
    counted = count_rows(database)
    gone = ("attempts", "run_items", "runs", "readings", "acts", "marks", "digest_mails", "sis_sections")
    assert {name: counted[name] for name in (*gone, "sis_students", "sis_items", "sis_matches")} == dict.fromkeys(
        (*gone, "sis_students", "sis_items", "sis_matches"), 0
    )
    stays = ("persons", "members", "submissions", "passbacks", "sis_connections")
    assert {name: counted[name] for name in stays} == dict.fromkeys(stays, 1), "Dan's, and the school's connection"
    assert passback_of(database, dan).state == "due"
    with pytest.raises(LaunchRefused):
        arrive(database, school, BEN)


def link_everything(database: Database, ben: Arrival) -> None:
    """The course's class in the school's records, with Ben in it."""
    section = link_class(database, ben, connect_school(database, ben))
    add_item(database, section, ben)
    enrol(database, section, "stu-ben")
    match(database, section, ben, "stu-ben")


def test_who_is_in_another_course_stays_known(database: Database, school: KnownPlatform) -> None:
    here = arrive(database, school, BEN)
    there = arrive(database, school, DAN, sub="ben", name="Ben Carter")
    courses.delete(database, here.course_id)

    with database.reading() as connection:
        assert connection.execute(select(Person.name)).scalars().all() == ["Ben Carter"]
    assert numbers(database, is_ended=False) == [there.course_id]


def test_a_course_that_begins_again_knows_nobody(database: Database, school: KnownPlatform, ben: Arrival) -> None:
    courses.delete(database, ben.course_id)
    courses.reopen(database, ben.course_id)
    again = arrive(database, school, BEN, sub=MARKS[2])

    assert (again.course_id, again.placement_id) == (ben.course_id, ben.placement_id)
    assert count_rows(database)["submissions"] == 0


def test_a_score_on_the_wire_is_waited_for(
    database: Database, school: KnownPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = arrive(database, school, BEN)
    wish_for(database, school, place)
    claim(database, school.id, holder="sender", limit=1)
    before = everything(database)
    monkeypatch.setattr(erasing, "WAIT_SECONDS", 0.0)

    with pytest.raises(BadInput, match="on its way"):
        courses.delete(database, place.course_id)
    assert everything(database) == before


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    line = CommandLine(tmp_path, migrated_sqlite)
    database = Database(line.config["database_url"])
    make_assignment(database)
    school = make_platform(database)
    wish_for(database, school, arrive(database, school, BEN))
    database.close()
    return line


def test_the_command_lists_ends_reopens_and_deletes(passback: CommandLine) -> None:
    listed = passback.run("course", "list", "--open").stdout
    assert "Period 3 math" in listed
    assert passback.run("course", "end", "1").stdout == "ended 1; waiting scores that were closed and are not sent: 1\n"
    assert "has ended already" in passback.refused("course", "end", "1")
    assert "Period 3 math" not in passback.run("course", "list", "--open").stdout
    assert "Period 3 math" in passback.run("course", "list", "--ended").stdout

    assert passback.run("course", "reopen", "1").stdout == "reopened 1\n"
    assert "has not ended" in passback.refused("course", "reopen", "1")
    for command in ("end", "reopen", "delete"):
        assert "there is no course 99" in passback.refused("course", command, "99")

    before = passback.rows()
    declined = passback.run("course", "delete", "1", typed="n\n")
    assert declined.exit_code == 2
    assert "nothing was deleted" in declined.stderr
    assert passback.rows() == before
    assert passback.run("course", "delete", "1", "--yes").stdout.endswith("deleted 1\n")
    assert passback.rows()["members"] == 0
    assert "Period 3 math" not in passback.run("course", "list").stdout
