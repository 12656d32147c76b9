"""*Check before sending*: what would go, what is kept back, and that opening it sends nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine

from tests.cast import ADA, CLEO
from tests.rows import arrive, count_rows, make_assignment
from tests.sis.records_desk import MORNING, RecordsDesk, words
from tool.db import Database
from tool.model.sis import SisConnection, SisMatch, SisStudent
from tool.model.sis_syncs import SisRun
from tool.sis.showing.going import look
from tool.sis.sync.gathering import gather


@pytest.fixture
def records(database: Database, tmp_path: Path) -> Iterator[RecordsDesk]:
    """Fractions is graded and can go; Decimals has a category that nobody associated."""
    with time_machine.travel(MORNING, tick=False):
        made = RecordsDesk(database, tmp_path)
        made.associate(made.section_id)
        made.hand_in()
        yield made


@pytest.fixture
def decimals(records: RecordsDesk, database: Database) -> int:
    make_assignment(database, id="decimals", title="Decimals")
    link = {"resource_link": {"id": "link-2", "title": "Decimals"}, "custom": {"assignment": "decimals"}}
    places = [arrive(database, records.platform, one, **link) for one in (CLEO, ADA)]
    assert places[0].placement_id
    return places[0].placement_id


def test_it_counts_what_can_go_and_what_is_kept_back(records: RecordsDesk, decimals: int) -> None:
    text = records.get("check")
    said = words(text)

    assert "1 assignment can go, 2 scores; 1 is kept back" in said
    assert "“Decimals” has no category in Aspire." in said.partition("Kept back")[2]
    assert "Associate categories" in said
    assert "Send the rest (1)" in said


def test_opening_it_sends_and_changes_nothing(records: RecordsDesk, decimals: int, database: Database) -> None:
    before = count_rows(database)
    records.get("check")
    records.press("check", ("item", str(records.placement_id)), expects=200)

    assert count_rows(database) == before


def test_only_what_was_ticked_is_checked_and_goes_on(records: RecordsDesk, decimals: int) -> None:
    text = records.press("check", ("item", str(records.placement_id)), expects=200)
    assert "Decimals" not in text
    kind = re.search(r'name="kind" value="(\w+)"', text)
    item = re.search(r'type="hidden" name="item" value="(\d+)"', text)
    assert kind
    assert item

    records.press("start", ("kind", kind[1]), ("item", item[1]))

    [run] = records.rows(SisRun)
    assert (run.kind, run.placement_ids) == ("selected", [records.placement_id])


def test_everything_left_out_begins_nothing(records: RecordsDesk) -> None:
    item = str(records.placement_id)
    refused = records.press("start", ("kind", "selected"), ("item", item), ("leave_out", item), expects=400)

    assert "Everything is left out." in words(refused)
    assert records.rows(SisRun) == []


def test_students_without_a_match_are_left_out_and_named_once(records: RecordsDesk) -> None:
    records.change(SisStudent, email=None)
    records.change(SisMatch, student_id=None, rule="nobody")
    text = words(records.get("check"))

    assert "0 scores, 2 students left out" in text
    assert "Ben Carter is not matched with a student of Aspire." in text
    assert "The same for Cleo Brown" in text


def test_what_stops_the_whole_class_is_said_once(records: RecordsDesk, decimals: int) -> None:
    records.change(SisConnection, lms_syncs=True)
    text = words(records.get("check"))

    assert "Nothing can go now" in text
    assert "Send the rest" not in text
    assert text.count("The connection") == 1


def test_what_waits_or_is_opted_out_is_told_apart_from_trouble(records: RecordsDesk) -> None:
    records.item(syncs=False)
    text = words(records.get("check"))

    assert "Nothing would go" in text
    assert "“Fractions” is opted out." in text.partition("Do not go")[2]
    assert "Kept back" not in text


def test_what_went_already_does_not_go_again_unless_it_is_remastered(records: RecordsDesk) -> None:
    with records.database.reading() as connection:
        [facts] = gather(connection, records.section_id, None, MORNING)
    looked = look(replace(facts, has_changes=False))

    assert (looked.fate, looked.is_unchanged, looked.scores) == ("quiet", True, 2)
    assert look(replace(facts, has_changes=True)).fate == "ready"
