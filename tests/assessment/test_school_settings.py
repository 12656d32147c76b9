"""What Ada says on the settings page of what the school's records are told; and what a copy of it keeps."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.cast import ADA
from tests.library.papers import PICK, paper
from tests.library.test_shelf import owner
from tests.rows import arrive, make_platform
from tests.scripted_browser import Page
from tests.sis.school import connect_school, link_class
from tests.web import Desk
from tool.assessment.assignments import export_assignment
from tool.assessment.making import copy_assignment, create_assignment
from tool.assessment.questions import write_assignment_file
from tool.assessment.settings.choices import ChoiceRefused
from tool.assessment.settings.school_form import ForRecords, read_for_records, shown_for_records
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.sis import SisConnection
from tool.model.work import Assignment

ASSIGNED = datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)
SAID = SimpleNamespace(category="Homework", assigned_at=ASSIGNED, counts_in_grade=False, sync_to_sis=None)


@pytest.fixture
def ada(database: Database) -> Arrival:
    """At a link that opens an assignment of her own."""
    platform = make_platform(database)
    first = arrive(database, platform, ADA, resource_link={"id": ADA.course}, custom=None)
    with database.writing() as connection:
        create_assignment(connection, owner(database, first), paper(PICK))
    return arrive(database, platform, ADA, custom={"assignment": "paper"})


@pytest.fixture
def desk(database: Database, tmp_path: Path, ada: Arrival) -> Desk:
    return Desk(database, tmp_path, ada)


def stored(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(select(Assignment).where(Assignment.id == "paper")).one()


def change(database: Database, table: Any, **values: Any) -> None:
    with database.writing() as connection:
        connection.execute(update(table).values(**values))


def fields_of(text: str) -> list[tuple[str, str]]:
    """What a browser would post of the settings' form, untouched."""
    return [one for one in Page("http://localhost:8000/", 200, {}, text).form("/settings").fields if one[0] != "csrf"]


def save(desk: Desk, *typed: tuple[str, str], without: tuple[str, ...] = (), expects: int = 303) -> str:
    names = {name for name, _ in typed} | set(without)
    kept = [one for one in fields_of(desk.get("settings")) if one[0] not in names]
    return desk.post("settings", *kept, *typed, expects=expects)


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_a_school_without_records_hears_nothing_of_it(database: Database, desk: Desk, ada: Arrival) -> None:
    change(database, Assignment, category="Homework", sync_to_sis=True, counts_in_grade=False)
    assert "School records" not in desk.get("settings")
    connect_school(database, ada, is_enabled=False)
    connect_school(database, ada, name="Gone", removed_at=now())
    assert "sync_to_sis" not in desk.get("settings")
    save(desk, ("attempts", "3"))

    row = stored(database)
    assert (row.attempts, row.category, row.sync_to_sis, row.counts_in_grade) == (3, "Homework", True, False)


def test_what_she_says_is_stored(database: Database, desk: Desk, ada: Arrival) -> None:
    connect_school(database, ada)
    text = desk.get("settings")
    assert "Grades go on to Aspire" in words(text)
    assert ("sync_to_sis", "on") in fields_of(text)
    assert ("counts_in_grade", "on") in fields_of(text)
    typed = (("category", "  Home   work "), ("assigned_at", "2026-03-02T08:15"))
    save(desk, *typed, without=("sync_to_sis", "counts_in_grade"))

    row = stored(database)
    assert (row.category, row.counts_in_grade, row.sync_to_sis) == ("Home work", False, False)
    assert row.assigned_at == ASSIGNED.replace(second=0)
    save(desk, ("sync_to_sis", "on"), ("category", " "), ("assigned_at", ""))
    row = stored(database)
    assert (row.category, row.assigned_at, row.sync_to_sis, row.revision) == (None, None, True, 3)


@pytest.mark.parametrize("default", [True, False])
def test_until_she_touches_the_box_the_school_decides(
    database: Database, desk: Desk, ada: Arrival, default: bool
) -> None:
    connect_school(database, ada, sync_by_default=default)
    text = desk.get("settings")
    assert (("sync_to_sis", "on") in fields_of(text)) is default
    assert "as your school has set it" in words(text)
    save(desk, ("category", "Homework"))
    assert stored(database).sync_to_sis is None

    change(database, SisConnection, sync_by_default=not default)
    assert (("sync_to_sis", "on") in fields_of(desk.get("settings"))) is not default
    touched = {"without": ("sync_to_sis",)} if not default else {}
    save(desk, *([("sync_to_sis", "on")] if default else []), **touched)  # type: ignore[arg-type]
    assert stored(database).sync_to_sis is default
    assert "as your school has set it" not in words(desk.get("settings"))


def test_a_default_that_changed_while_she_typed_is_not_her_word(database: Database, desk: Desk, ada: Arrival) -> None:
    connect_school(database, ada, sync_by_default=True)
    fields = fields_of(desk.get("settings"))
    change(database, SisConnection, sync_by_default=False)
    desk.post("settings", *fields)

    assert stored(database).sync_to_sis is None


def test_two_schools_of_records_say_where_it_goes(database: Database, desk: Desk, ada: Arrival) -> None:
    aspire = connect_school(database, ada)
    connect_school(database, ada, name="Campus", sync_by_default=False)
    text = words(desk.get("settings"))
    assert "Grades go on to Aspire, Campus" in text
    assert "it goes to Aspire and not to Campus" in text

    link_class(database, ada, aspire)
    assert "Grades go on to Aspire when" in words(desk.get("settings")), "the linked one is the one that matters"


def test_a_road_of_the_lms_is_told(database: Database, desk: Desk, ada: Arrival) -> None:
    connect_school(database, ada, lms_syncs=True)

    assert "Your LMS sends grades to Aspire itself" in words(desk.get("settings"))


def test_words_are_suggested_each_once(database: Database, desk: Desk, ada: Arrival) -> None:
    section = link_class(database, ada, connect_school(database, ada))
    assert section
    with database.writing() as connection:
        for number, word in enumerate(("homework", "Quizzes")):
            one = create_assignment(connection, owner(database, ada), paper(PICK, id=f"a-{number}"))
            connection.execute(update(Assignment).where(Assignment.id == one).values(category=word))
    offered = desk.get("settings").partition("<datalist")[2].partition("</datalist>")[0]

    assert re.findall(r'value="([^"]*)"', offered) == ["Homework", "Quizzes"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("category", "x" * 61), "at most 60 characters"),
        (("assigned_at", "yesterday"), "not a date"),
        (("assigned_at", "2026-03-09T00:00"), "cannot be assigned after it is due"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_stored(
    database: Database, desk: Desk, ada: Arrival, typed: tuple[str, str], told: str
) -> None:
    connect_school(database, ada)
    change(database, Assignment, due_at=datetime(2026, 3, 8, tzinfo=UTC))
    before = stored(database)
    text = save(desk, typed, ("attempts", "4"), without=("counts_in_grade",), expects=200)

    assert stored(database) == before
    assert told in words(text.partition(f'id="{typed[0]}-wrong"')[2][:400])
    assert f'value="{typed[1]}"' in text
    assert ("counts_in_grade", "on") not in fields_of(text)


def test_a_copy_keeps_the_category_and_whether_it_counts(database: Database, ada: Arrival) -> None:
    said = {"category": "Homework", "counts_in_grade": False, "sync_to_sis": False, "assigned_at": ASSIGNED}
    change(database, Assignment, **said)
    with database.writing() as connection:
        copied = copy_assignment(connection, owner(database, ada), "paper", "Again")
    with database.reading() as connection:
        copy = connection.execute(select(Assignment).where(Assignment.id == copied)).one()

    assert (copy.category, copy.counts_in_grade, copy.sync_to_sis, copy.assigned_at) == ("Homework", False, None, None)


def test_the_file_says_nothing_of_it(database: Database, ada: Arrival) -> None:
    change(database, Assignment, category="Marked word", sync_to_sis=True)

    assert "Marked word" not in write_assignment_file(export_assignment(database, "paper"))


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    for default in (True, False):
        shown = shown_for_records(SAID, syncs_by_default=default)
        assert read_for_records(shown, SAID, None) == vars(SAID), "the field shows no seconds, and keeps them"
    assert read_for_records({"category": "Homework"}, ForRecords(), None) == {}


def test_a_word_cannot_hold_what_no_database_holds() -> None:
    shown = shown_for_records(ForRecords(), syncs_by_default=True)

    assert read_for_records(shown | {"category": "Ho\0me\nwork"}, ForRecords(), None)["category"] == "Home work"
    with pytest.raises(ChoiceRefused):
        read_for_records(shown | {"category": "é" * 61}, ForRecords(), None)
