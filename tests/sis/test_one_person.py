"""What the school's records' side keeps of Ben goes out whole and goes away whole; Cleo's and Ada's stays."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from tests.admin.much_of_ben import everything
from tests.cast import ADA, BEN, CLEO
from tests.rows import arrive, make_assignment, make_platform
from tests.sis.school import add_item, connect_school, enrol, link_class, match
from tool.admin import erasing, one_person
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.course.one_person import Found
from tool.db import Database
from tool.errors import BadInput
from tool.model.sis import SisConnection, SisMatch, SisSection, SisStudent
from tool.model.sis_syncs import SisAct, SisItem, SisRun, SisRunLine, SisScore
from tool.registration.platforms import KnownPlatform

NAME, EMAIL, SIS_ID, OTHER_ID = "Bennet Markedname", "Marked@example.org", "stu-904-marked", "state-77-marked"
ADAS_EMAIL, ADAS_ID = "ada@school.example", "teacher-31-marked"
SAID = f"imsx_description: {NAME} is not in this class"


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    make_assignment(database)
    return make_platform(database)


@pytest.fixture
def ada(database: Database, platform: KnownPlatform) -> Arrival:
    return arrive(database, platform, ADA, email=ADAS_EMAIL)


@pytest.fixture
def section(database: Database, ada: Arrival) -> int:
    connection_id = connect_school(database, ada, teacher_emails=["Ada@school.example", "grace@school.example"])
    return link_class(database, ada, connection_id, teacher_id=ADAS_ID)


@pytest.fixture
def ben(database: Database, platform: KnownPlatform, ada: Arrival, section: int) -> Arrival:
    """He is matched, his score was sent and refused, and the SIS's answer names him; so does another class list."""
    ben = arrive(database, platform, BEN, name=NAME, email=EMAIL)
    cleo = arrive(database, platform, CLEO)
    enrol(database, section, SIS_ID, name=f"{NAME} Jr.", email=EMAIL.lower(), identifiers=[OTHER_ID])
    enrol(database, section, "stu-905", name="Cleo Brown", email="cleo@example.org")
    match(database, section, ben, SIS_ID)
    match(database, section, cleo, "stu-905")
    item = add_item(database, section, ben, state="failed", code="sis.validation", answer=SAID)
    with database.writing() as connection:
        for place, student_id in ((ben, SIS_ID), (cleo, "stu-905")):
            score = {"item_id": item, "member_id": place.member_id, "student_id": student_id, "sent_score": 8}
            connection.execute(insert(SisScore).values(**score, state="failed", answer=SAID))
        run = {"section_id": section, "kind": "changes", "started_by": ada.member_id, "status": "with_errors"}
        made = insert(SisRun).values(**run, asked_at=now(), updated_at=now()).returning(SisRun.id)
        run_id = connection.execute(made).scalar_one()
        for place in (ben, cleo):
            line = {"run_id": run_id, "item_id": item, "member_id": place.member_id, "step": "score"}
            connection.execute(insert(SisRunLine).values(**line, outcome="failed", at=now()))
        for detail in (
            {"member_id": ben.member_id, "student_id": SIS_ID},
            {"note": f"asked {NAME}’s parents"},
            {"member_ids": [ben.member_id, cleo.member_id], "students": [{"id": SIS_ID}, {"id": "stu-905"}]},
            {"placement_id": ben.member_id, "syncs": False},
        ):
            act = {"section_id": section, "kind": "matched", "detail": detail, "acted_by": ada.member_id}
            connection.execute(insert(SisAct).values(**act, acted_at=now()))
    return ben


def meant(database: Database, named: str = "ben") -> Found:
    return one_person.find(database, named, customer_id=None, is_number=False)


def column(database: Database, wanted: Any, *order: Any) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(wanted).order_by(*order)).scalars())


def test_an_export_tells_it(database: Database, ben: Arrival) -> None:
    told = one_person.export(database, meant(database))

    assert json.loads(json.dumps(told)) == told
    assert [one["student_id"] for one in told["sis_matches"]] == [SIS_ID]
    assert [(one["placement_id"], one["sent_score"]) for one in told["sis_scores"]] == [(ben.placement_id, "8.000000")]
    assert [one["outcome"] for one in told["sis_run_lines"]] == ["failed"]
    [student] = told["sis_students"]
    assert (student["name"], student["identifiers"], student["begins_on"]) == (
        f"{NAME} Jr.",
        [OTHER_ID],
        "2026-01-12",
    )
    assert len(told["sis_acts_about"]) == 3
    assert "Cleo Brown" not in json.dumps(told)


def test_nothing_of_him_is_left_and_cleos_stays(database: Database, ben: Arrival) -> None:
    one_person.delete(database, meant(database))

    left = everything(database)
    for mark in (NAME, EMAIL, EMAIL.lower(), SIS_ID, OTHER_ID):
        assert mark not in left
    assert column(database, SisStudent.name) == ["Cleo Brown"]
    assert column(database, SisMatch.student_id) == ["stu-905"]
    assert column(database, SisScore.sent_score) == [8]
    assert len(column(database, SisRunLine.id)) == 1
    assert column(database, SisItem.code) == ["sis.validation"], "why it failed stays, what was answered goes"
    several, other = column(database, SisAct.detail, SisAct.id)
    assert (len(several["member_ids"]), several["students"]) == (1, [{"id": "stu-905"}])
    assert other == {"placement_id": ben.member_id, "syncs": False}, "another thing of the same number"


def test_who_was_never_matched_is_found_by_address_and_by_id(
    database: Database, platform: KnownPlatform, section: int
) -> None:
    arrive(database, platform, BEN, lis={"person_sourcedid": "district-5"}, email=EMAIL)
    enrol(database, section, "stu-1", email=EMAIL.upper())
    enrol(database, section, "stu-2", identifiers=["district-5"])
    enrol(database, section, "stu-3", name=BEN.name)
    told = one_person.export(database, meant(database))
    assert [one["sourced_id"] for one in told["sis_students"]] == ["stu-1", "stu-2"]

    one_person.delete(database, meant(database))

    assert column(database, SisStudent.sourced_id) == ["stu-3"], "nobody is taken for him by his name alone"


def test_another_class_list_of_the_same_sis_forgets_him_too(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    science = arrive(database, platform, ADA, context={"id": "course-science"}, resource_link={"id": "link-9"})
    with database.reading() as connection:
        same = connection.execute(select(SisConnection.id)).scalar_one()
    other = connect_school(database, science, name="Another SIS")
    enrol(database, link_class(database, science, same, class_id="class-7"), SIS_ID)
    elsewhere = link_class(database, science, other)
    enrol(database, elsewhere, SIS_ID, name="Of another SIS")
    enrol(database, elsewhere, "stu-1", email=EMAIL.upper())

    one_person.delete(database, meant(database))

    assert sorted(column(database, SisStudent.name)) == ["Cleo Brown", "Of another SIS"]


def test_a_teacher_leaves_the_link_and_a_number(database: Database, ben: Arrival) -> None:
    told = one_person.export(database, meant(database, "ada"))
    assert len(told["sis_acts_by"]) == 4
    assert told["others_rows_that_name_this_person"]["sis_sections.linked_by"] == 1
    one_person.delete(database, meant(database, "ada"))

    assert column(database, SisSection.teacher_id) == [None]
    assert column(database, SisConnection.teacher_emails) == [["grace@school.example"]]
    left = everything(database)
    assert ADAS_ID not in left
    assert ADAS_EMAIL not in left.casefold()
    assert NAME in left, "her students stay"


def test_a_run_under_way_is_waited_for_and_a_dead_one_is_not(
    database: Database, ben: Arrival, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "WAIT_SECONDS", 0.0)
    set_run(database, updated_at=now())
    with pytest.raises(BadInput, match="on its way"):
        one_person.delete(database, meant(database))
    assert NAME in everything(database)

    set_run(database, updated_at=now() - timedelta(minutes=5))
    one_person.delete(database, meant(database))

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(SisScore)).scalar_one() == 1


def set_run(database: Database, **values: Any) -> None:
    with database.writing() as connection:
        connection.execute(update(SisRun).values(status="running", **values))
