"""`passback student`: everything that is kept of one student, handed out or gone for good."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.admin.much_of_ben import MARKS, everything, make_ben
from tests.cast import ADA, BEN, CLEO
from tests.command_line import CommandLine
from tests.desk import Desk
from tests.rows import (
    arrive,
    count_rows,
    ended,
    hand_in,
    make_assignment,
    make_platform,
    next_due_at,
    passback_of,
    wish_for,
)
from tool.admin import erasing, one_person
from tool.course.arrivals import Arrival
from tool.course.one_person import Found
from tool.db import Database
from tool.errors import BadInput
from tool.model.digests import DigestMail
from tool.model.people import Member, Person
from tool.model.work import Mark, Submission
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform


@pytest.fixture
def school(database: Database) -> KnownPlatform:
    make_assignment(database)
    return make_platform(database)


@pytest.fixture
def ben(database: Database, school: KnownPlatform) -> Arrival:
    return make_ben(database, school)


def meant(database: Database, named: str = MARKS[2]) -> Found:
    return one_person.find(database, named, customer_id=None, is_number=False)


def test_an_export_tells_everything(database: Database, ben: Arrival) -> None:
    told = one_person.export(database, meant(database))

    text = json.dumps(told)
    for mark in MARKS:
        assert mark in text
    assert told["person"]["name"] == MARKS[0]
    assert told["submissions"][0]["answers"] == {"half": MARKS[3], "quarter": "0.25"}
    assert told["grades"][0]["maximum"] == "10"
    for part in ("memberships", "openings", "marks", "passbacks", "attempts", "run_items", "readings", "acts_about"):
        assert len(told[part]) == 1, part


def test_an_export_tells_nothing_of_others_and_no_secret(desk: Desk) -> None:
    make_assignment(desk.database)
    for someone in (ADA, BEN, CLEO):
        desk.open(desk.browser(), someone)
    told = one_person.export(desk.database, meant(desk.database, "ben"))

    assert len(told["launches"]) == 1
    text = json.dumps(told)
    for other in (ADA.name, CLEO.name, "secret", "nonce"):
        assert other not in text


def test_of_a_deleted_student_nothing_is_left(database: Database, ben: Arrival) -> None:
    person = meant(database)
    one_person.delete(database, person)

    left = everything(database)
    for mark in MARKS:
        assert mark not in left
    counted = count_rows(database)
    gone = ("passbacks", "attempts", "run_items", "readings", "acts", "submissions", "grades", "marks", "launches")
    assert {name: counted[name] for name in gone} == dict.fromkeys(gone, 0)
    assert counted["persons"] == 1, "Ada stays"
    with database.reading() as connection:
        (troubles,) = connection.execute(select(DigestMail.troubles)).scalars()
    named = [one[1] for one in troubles if isinstance(one, list)]
    assert len(named) == 1
    assert ben.member_id not in named
    with pytest.raises(BadInput, match="is known"):
        meant(database)


def test_nothing_that_waits_is_sent(database: Database, school: KnownPlatform) -> None:
    place = arrive(database, school, BEN)
    wish_for(database, school, place)
    one_person.delete(database, meant(database, "ben"))

    assert next_due_at(database) is None
    assert claim(database, school.id, holder="sender", limit=10) == []


def test_a_score_on_the_wire_is_waited_for(
    database: Database, school: KnownPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = arrive(database, school, BEN)
    wish_for(database, school, place)
    (row,) = claim(database, school.id, holder="sender", limit=1)
    before = everything(database)
    monkeypatch.setattr(erasing, "WAIT_SECONDS", 0.0)
    with pytest.raises(BadInput, match="on its way"):
        one_person.delete(database, meant(database, "ben"))
    assert everything(database) == before

    settle(database, [ended(row)])
    one_person.delete(database, meant(database, "ben"))
    # A sender that slept for longer than its lease comes back, and finds nobody; what it brings of others counts.
    other = arrive(database, school, CLEO)
    wish_for(database, school, other)
    (theirs,) = claim(database, school.id, holder="sender", limit=1)
    settle(database, [ended(row), ended(theirs)])
    assert passback_of(database, other).state == "delivered"


def test_whoever_comes_back_is_a_new_person(database: Database, school: KnownPlatform, ben: Arrival) -> None:
    one_person.delete(database, meant(database))
    again = arrive(database, school, BEN, sub=MARKS[2])

    told = one_person.export(database, meant(database))
    assert [one["id"] for one in told["memberships"]] == [again.member_id]
    assert (told["submissions"], told["passbacks"]) == ([], [])


def test_a_number_is_never_given_out_again(database: Database, school: KnownPlatform) -> None:
    """A line of the log from before tells of nobody else."""
    ben = arrive(database, school, BEN)
    first = meant(database, "ben")
    one_person.delete(database, first)
    cleo = arrive(database, school, CLEO)

    assert meant(database, "cleo").person_id > first.person_id
    assert cleo.member_id > ben.member_id


def test_who_marked_others_leaves_a_number_behind(database: Database, ben: Arrival) -> None:
    """Ada's marks stand; she herself is nobody any more."""
    one_person.delete(database, meant(database, "ada"))

    with database.reading() as connection:
        rows = select(Person, Member.roles, Member.left_at, Member.is_teacher).join(Member)
        (nobody,) = connection.execute(rows.where(Person.subject.startswith("erased:")))
        assert connection.execute(select(Mark.feedback)).scalar_one() == MARKS[4]
    assert (nobody.name, nobody.email, nobody.roles, nobody.is_teacher) == (None, None, "", False)
    assert nobody.left_at is not None
    with pytest.raises(BadInput, match="is known"):
        meant(database, nobody.subject)


def test_an_open_page_is_closed(desk: Desk) -> None:
    make_assignment(desk.database)
    browser = desk.browser()
    page = desk.open(browser, BEN)
    assert page.status_code == 200
    one_person.delete(desk.database, meant(desk.database, "ben"))

    answer = browser.get(page.request.path, base_url=desk.parts.settings.base_url)
    assert answer.status_code == 401
    assert "Ben" not in answer.text


def test_a_small_number_may_be_two_people(database: Database, school: KnownPlatform) -> None:
    """Moodle's ids look like ours."""
    first = arrive(database, school, BEN)
    with database.reading() as connection:
        number = connection.execute(select(Member.person_id).where(Member.id == first.member_id)).scalar_one()
    arrive(database, school, CLEO, sub=str(number))

    with pytest.raises(BadInput, match="may be several people") as refused:
        meant(database, str(number))
    assert "'ben'" in refused.value.message
    assert one_person.find(database, str(number), customer_id=None, is_number=True).subject == "ben"


def test_every_table_that_names_people_is_known() -> None:
    """A new one fails here, until it is told and erased."""
    named = {str(column) for key in ("persons.id", "members.id") for column in erasing.naming(key)}
    named |= {str(one) for key in ("passbacks.id", "submissions.id", "launches.id") for one in erasing.naming(key)}

    assert named == {
        *("members.person_id", "assignments.owner_id"),
        *("openings.member_id", "submissions.member_id", "launches.member_id", "passbacks.member_id"),
        *("readings.member_id", "acts.member_id", "digest_mails.member_id"),
        *("marks.marked_by", "runs.started_by", "acts.acted_by", "passbacks.override_by", "passbacks.excused_by"),
        *("attempts.passback_id", "run_items.passback_id", "grades.submission_id", "marks.submission_id"),
        "selections.launch_id",
        *("sis_matches.member_id", "sis_scores.member_id", "sis_run_lines.member_id"),
        *("sis_sections.linked_by", "sis_category_links.confirmed_by", "sis_matches.matched_by"),
        *("sis_runs.started_by", "sis_acts.acted_by"),
    }


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


@pytest.fixture
def file_database(passback: CommandLine) -> Iterator[Database]:
    """The command's own."""
    opened = Database(passback.config["database_url"])
    school = make_platform(opened)
    make_assignment(opened)
    ben = arrive(opened, school, BEN, name=MARKS[0], email=MARKS[1], sub=MARKS[2])
    hand_in(opened, ben, {"half": MARKS[3], "quarter": "0.25"})
    yield opened
    opened.close()


def test_the_command_writes_one_file(passback: CommandLine, file_database: Database) -> None:
    told = passback.run("student", "export", MARKS[2])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["person"]["subject"] == MARKS[2]

    path = passback.folder / "ben.json"
    written = passback.run("student", "export", MARKS[2], "--file", path)
    assert written.stdout == f"wrote {path}\n"
    assert json.loads(path.read_text())["person"]["name"] == MARKS[0]
    assert path.stat().st_mode & 0o077 == 0
    assert "cannot be written" in passback.refused("student", "export", MARKS[2], "--file", path)


def test_the_log_says_whose_rows_were_handed_out_and_deleted(passback: CommandLine, file_database: Database) -> None:
    """By number alone; standard output stays the export's."""
    number = meant(file_database).person_id
    passback.run("student", "list")  # writes the command's config.json
    environment = os.environ | {"PASSBACK_CONFIG": str(passback.folder / "config.json")}
    lines = []
    for arguments in (("export", MARKS[2]), ("delete", MARKS[2], "--yes")):
        command = [sys.executable, "-m", "tool", "student", *arguments]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60)
        lines.append(json.loads(done.stderr))
        assert [mark for mark in MARKS if mark in done.stderr] == []

    told = [(one["event"], one["person_id"]) for one in lines]
    assert told == [("student.exported", number), ("student.deleted", number)]


def test_the_command_asks_first(passback: CommandLine, file_database: Database) -> None:
    before = everything(file_database)
    for typed in ("n\n", ""):
        declined = passback.run("student", "delete", MARKS[2], typed=typed)
        assert declined.exit_code == 2
        assert "stay there: 0" in declined.stdout
        assert everything(file_database) == before

    done = passback.run("student", "delete", MARKS[2], typed="y\n")
    assert done.exit_code == 0, done.output
    assert "deleted" in done.stdout


def test_not_even_the_file_remembers(passback: CommandLine, file_database: Database) -> None:
    """Spare room in its pages and the log of writes included; answers were saved twice before."""
    with file_database.writing() as connection:
        connection.execute(update(Submission).values(answers={"half": "another " + MARKS[3] * 300}))
    file_database.close()
    assert passback.run("student", "delete", MARKS[2], "--yes").exit_code == 0

    raw = b"".join(path.read_bytes() for path in passback.folder.glob("passback.db*"))
    assert [mark for mark in MARKS if mark.encode() in raw] == []


@pytest.mark.parametrize("named", ["nobody", "0", "99999999999999999999", "'; DROP TABLE persons", ""])
def test_whom_nobody_knows_is_one_clear_line(passback: CommandLine, named: str) -> None:
    assert "is known" in passback.refused("student", "delete", named, "--yes")
    assert "is known" in passback.refused("student", "export", named)
