"""History: runs with their stages and counts, each opening to its lines; decisions; the file for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine

from tests.cast import ADA, BEN, DAN
from tests.rows import arrive
from tests.sis.records_desk import MORNING, RecordsDesk, table_rows, words
from tests.web import Desk
from tool.db import Database
from tool.model.sis_syncs import SisAct


@pytest.fixture
def records(database: Database, tmp_path: Path) -> Iterator[RecordsDesk]:
    with time_machine.travel(MORNING, tick=False):
        yield RecordsDesk(database, tmp_path)


@pytest.fixture
def run_id(records: RecordsDesk) -> int:
    """Ben's ten points went, Cleo's were refused, and the SIS had no column before."""
    item_id = records.item(title="Fractions 1")
    run_id = records.run(status="with_errors", updated_at=MORNING + timedelta(minutes=3))
    records.line(run_id, step="item", item_id=item_id, status=201)
    ten = {"item_id": item_id, "score": Decimal(10)}
    records.line(run_id, member_id=records.ben.member_id, status=201, **ten)
    failed = {"outcome": "failed", "code": "student.not_in_class", "status": 422}
    records.line(run_id, member_id=records.cleo.member_id, **ten, **failed)
    return run_id


def test_a_run_says_when_by_whom_how_far_and_how_much(records: RecordsDesk, run_id: int) -> None:
    [row] = table_rows(records.get("history"))

    assert row == [
        "10 Nov, 16:00 UTC",
        "10 Nov, 16:03 UTC",
        "Ada Byron",
        "Sync changes",
        "Done",
        "Completed with errors 1 failed",
        "1",
        "1 score",
    ]


def test_a_run_opens_to_its_lines(records: RecordsDesk, run_id: int) -> None:
    records.run(kind="nightly", started_by=None)
    text = records.get(f"history?run={run_id}")

    lines = table_rows(text)[2:]
    assert lines[0][:3] == ["Fractions 1", "–", "The column"]
    assert lines[1] == ["Fractions 1", "Ben Carter", "The score", "10", "10 Nov, 16:00 UTC", "Sent Answer 201"]
    assert lines[2][1] == "Cleo Brown"
    assert lines[2][5] == "Failed not in the class in the SIS Answer 422"
    assert "What happened in this run" not in records.get("history")


def test_what_went_at_night_was_started_by_nobody(records: RecordsDesk) -> None:
    records.run(kind="nightly", started_by=None, status="failed", code="auth.expired", stage="refreshing")

    [row] = table_rows(records.get("history"))
    assert row[2:5] == ["By itself", "At night", "Refreshing"]
    assert row[5].startswith("Failed ")
    assert len(row[5]) > len("Failed "), "why the whole run failed"


def test_decisions_are_told_by_name(records: RecordsDesk) -> None:
    decided = {"section_id": records.section_id, "acted_by": records.ada.member_id, "acted_at": MORNING}
    records.insert(SisAct, kind="left_out", detail={"member_id": records.ben.member_id}, **decided)
    records.insert(SisAct, kind="curved", detail={}, **decided)

    newest, oldest = table_rows(records.get("history"))
    assert oldest == ["10 Nov, 16:00 UTC", "Ada Byron", "Left Ben Carter out"]
    assert newest[2] == "Something this version of Passback does not know"


def test_runs_and_lines_of_another_course_are_not_there(
    records: RecordsDesk, run_id: int, database: Database, tmp_path: Path
) -> None:
    arrive(database, records.platform, DAN)
    elsewhere = arrive(database, records.platform, ADA, context={"id": DAN.course, "title": "Science"})
    stranger = Desk(database, tmp_path, elsewhere)
    for path in ("history", f"history?run={run_id}", "history.csv", "settings", "check"):
        answer = stranger.client.get(f"/l/{stranger.launch_id}/sis/{records.section_id}/{path}")
        assert answer.status_code == 404, path
        assert "Cleo" not in answer.text

    other = records.link("class-9", "Math 9 · Period 5")
    page = records.desk.get(f"sis/{other}/history?run={run_id}")
    assert "Cleo" not in page
    assert "This run has written nothing down yet." in page


def test_the_file_has_a_row_a_line_and_no_formulas(records: RecordsDesk, database: Database, run_id: int) -> None:
    arrive(database, records.platform, BEN, name="=HYPERLINK(1)")

    head, *rows = csv.reader(io.StringIO(records.get("history.csv")))
    assert head[:5] == ["Run", "Kind", "Started at (UTC)", "Started by", "Assignment"]
    assert [(row[5], row[7], row[8], row[9]) for row in rows] == [
        ("", "Sent", "", ""),
        ("'=HYPERLINK(1)", "Sent", "10", ""),
        ("Cleo Brown", "Failed", "10", "student.not_in_class"),
    ]


def test_an_id_that_is_none_opens_nothing(records: RecordsDesk, run_id: int) -> None:
    for typed in ("x", "-1", "9" * 30, "²"):
        assert "What happened in this run" not in records.get(f"history?run={typed}"), typed


def test_without_runs_the_page_says_so(records: RecordsDesk) -> None:
    assert "Nothing was synced yet." in words(records.get("history"))
