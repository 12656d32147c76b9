"""Where an assignment is made, Ada says what the school's records are told of it; no press of a button loses a word."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.cast import ADA, BEN
from tests.library.papers import JUDGE, PICK, paper
from tests.library.test_editor import Editor, library
from tests.library.test_shelf import owner, words
from tests.rows import arrive, hand_in, make_platform
from tests.sis.school import connect_school
from tests.web import Desk
from tool.assessment.making import create_assignment
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.sis import SisConnection
from tool.model.work import Assignment
from tool.registration.platforms import KnownPlatform

SAID = (("category", "Homework"), ("assigned_at", "2026-03-02T08:00"))
UNTICKED = ("sync_to_sis", "counts_in_grade")


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    return make_platform(database)


@pytest.fixture
def ada(database: Database, platform: KnownPlatform) -> Arrival:
    """An assignment of her own is in the link she is at."""
    first = arrive(database, platform, ADA, resource_link={"id": ADA.course}, custom=None)
    with database.writing() as connection:
        create_assignment(connection, owner(database, first), paper(PICK, JUDGE))
    return arrive(database, platform, ADA, custom={"assignment": "paper"})


@pytest.fixture
def desk(database: Database, tmp_path: Path, ada: Arrival) -> Desk:
    return Desk(database, tmp_path, ada)


@pytest.fixture
def school(database: Database, ada: Arrival) -> int:
    return connect_school(database, ada)


def untick(editor: Editor, *names: str) -> None:
    """The boxes as a browser leaves them out of what it posts; the answer keeps them so."""
    for name in names:
        editor.press("stay", without=name)


def told(row: Any) -> Sequence[object]:
    return (row.category, row.assigned_at, row.counts_in_grade, row.sync_to_sis)


def begun(desk: Desk, title: str = "Halves") -> tuple[Editor, list[tuple[str, str]]]:
    editor = Editor(desk, "library/new")
    editor.press("add:true_false")
    own = editor.newest()
    return editor, [("title", title), (f"prompt:{own}", "1 = 1"), (f"correct:{own}", "true")]


def test_a_school_without_records_is_not_asked(database: Database, desk: Desk) -> None:
    editor, typed = begun(desk)
    assert "School records" not in editor.text
    editor.press("save", *typed, expects=303)

    assert told(library(database)[-1]) == (None, None, True, None)


def test_it_is_said_where_it_is_made(database: Database, desk: Desk, school: int) -> None:
    editor, typed = begun(desk)
    assert "Grades go on to Aspire" in words(editor.text)
    editor.press("stay", *SAID)
    untick(editor, *UNTICKED)
    editor.press("add:essay")
    editor.press(f"remove:{editor.newest()}")
    preview = editor.press("preview", *typed)
    assert "This is what your students see." in words(preview)
    editor.press("stay")
    assert not [one for one in editor.fields if one[0] in UNTICKED]
    editor.press("save", expects=303)

    when = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert told(library(database)[-1]) == ("Homework", when, False, False)


def test_what_nobody_touched_is_the_schools_to_say(database: Database, desk: Desk, school: int) -> None:
    editor, typed = begun(desk)
    editor.press("save", *typed, expects=303)
    assert told(library(database)[-1]) == (None, None, True, None)

    editor.press("save", *typed, ("category", "Quizzes"), expects=303)  # back in the browser, and said otherwise
    editor.press("save", *typed, expects=303)
    assert [one.category for one in library(database) if one.title == "Halves"] == [None, "Quizzes"]


def test_an_edit_of_it_alone_is_saved_and_nothing_changed_is_nothing_written(
    database: Database, desk: Desk, school: int
) -> None:
    Editor(desk, "library/paper/edit").press("save", *SAID, expects=303)
    Editor(desk, "library/paper/edit").press("save", expects=303)

    [row] = library(database)
    assert (row.category, row.revision) == ("Homework", 2)
    assert ("category", "Homework") in Editor(desk, "library/paper/edit").fields


def test_it_goes_through_the_question_before_a_change_of_what_was_handed_in(
    database: Database, platform: KnownPlatform, desk: Desk, school: int
) -> None:
    hand_in(database, arrive(database, platform, BEN, custom={"assignment": "paper"}), {"pick": "a", "judge": True})
    editor = Editor(desk, "library/paper/edit")
    untick(editor, "counts_in_grade")
    asked = words(editor.press("save", ("correct:judge", "false"), ("category", "Homework")))
    assert "Grade 1 submission anew?" in asked
    editor.press("confirmed", expects=303)

    [row] = library(database)
    assert (row.category, row.counts_in_grade, row.sync_to_sis) == ("Homework", False, None)


@pytest.mark.parametrize(
    ("typed", "place"),
    [(("category", "x" * 61), "category"), (("assigned_at", "2026-03-09T00:00"), "assigned_at")],
)
def test_a_refusal_stands_at_its_field(
    database: Database, desk: Desk, school: int, typed: tuple[str, str], place: str
) -> None:
    editor = Editor(desk, "library/paper/edit")
    text = editor.press("save", typed, ("due_at", "2026-03-08T00:00"))

    assert f'id="{place}-wrong"' in text
    assert f'href="#{place}"' in text
    assert typed in editor.fields
    assert [one.revision for one in library(database)] == [1]


def test_a_connection_that_comes_and_goes_meanwhile_loses_nothing(database: Database, desk: Desk, ada: Arrival) -> None:
    with database.writing() as connection:
        connection.execute(update(Assignment).values(category="Homework", counts_in_grade=False))
    editor = Editor(desk, "library/paper/edit")
    connect_school(database, ada)
    editor.press("stay", ("title", "Thirds"))
    assert ("category", "Homework") in editor.fields
    with database.writing() as connection:
        connection.execute(update(SisConnection).values(removed_at=now()))
    editor.press("save", expects=303)

    [row] = library(database)
    assert (row.title, row.category, row.counts_in_grade) == ("Thirds", "Homework", False)


def test_somebody_elses_newer_word_is_not_written_over_by_an_untouched_box(
    database: Database, desk: Desk, school: int
) -> None:
    mine, theirs = Editor(desk, "library/paper/edit"), Editor(desk, "library/paper/edit")
    theirs.press("save", without="sync_to_sis", expects=303)
    text = mine.press("save", ("title", "Mine"))
    assert "Somebody else changed this assignment meanwhile." in words(text)
    mine.press("over:2", expects=303)

    [row] = library(database)
    assert (row.title, row.sync_to_sis) == ("Mine", False)
