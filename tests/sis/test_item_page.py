"""One item: *View error*, its title, category and due date there, its students, its column."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.cast import ADA, DAN
from tests.rows import arrive, make_assignment
from tests.sis.records_desk import MORNING, RecordsDesk, table_rows, words
from tool.db import Database
from tool.model.sis import SisConnection, SisMatch
from tool.model.sis_syncs import SisItem, SisRun, SisScore
from tool.model.work import Assignment
from tool.sis.plain import FoundLineItem
from tool.sis.sync.twins import write_twins

LIMITED: dict[str, Any] = {"vendor": "generic", "profile": {"title_limit": 12, "allows_above_maximum": False}}
ANSWER = '{"imsx_description": "unknown lineItem for Carter, Ben <ben@school.example>"}'


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def records(database: Database, tmp_path: Path, clock: time_machine.Traveller) -> RecordsDesk:
    made = RecordsDesk(database, tmp_path, **LIMITED)
    made.associate(made.section_id)
    return made


def path(records: RecordsDesk, *more: str) -> str:
    return "/".join(["items", str(records.placement_id), *more])


def the_item(records: RecordsDesk) -> SisItem:
    found: SisItem = records.rows(SisItem)[0]
    return found


def test_view_error_tells_what_why_who_and_what_then(records: RecordsDesk) -> None:
    records.hand_in()
    records.item(state="failed", code="item.lost", status=404, answer=ANSWER, tried_at=MORNING, line_item_id="li-1")
    text = records.get(path(records))

    panel = text.partition('id="trouble"')[2].partition("</section>")[0]
    said = words(panel)
    assert "The column of “Fractions” is no longer in Aspire. tried 10 Nov, 16:00 UTC" in said
    for part in ("Why It was deleted there", "Who can fix it You.", "Then Make it anew"):
        assert part in said
    folded = panel.partition("<details")[2]
    assert "unknown lineItem for Carter, Ben" in unescape(folded), "the raw answer lies folded away"
    assert " open" not in folded.partition(">")[0]


def test_the_text_for_the_help_desk_has_the_facts_and_no_names(records: RecordsDesk) -> None:
    records.hand_in()
    item_id = records.item(state="failed", code="item.lost", answer=ANSWER, tried_at=MORNING, line_item_id="li-1")
    run_id = records.run()
    records.line(run_id, item_id=item_id, step="item", outcome="failed", code="item.lost", status=404)
    text = unescape(records.get(path(records)))

    ticket = text.partition("<textarea")[2].partition("</textarea>")[0]
    for fact in ("[item.lost]", "class-2201", "school-12", "li-1", "404", "2026-11-10T16:00:00", "aspire.example"):
        assert fact in ticket, fact
    for name in ("Carter", "Ben ", "Cleo", "ben@school.example", records.desk.launch_id, "sealed"):
        assert name not in ticket, name
    assert 'data-text-copy="Copy for the help desk"' in text


def test_what_was_refused_of_one_student_is_told_of_that_student(records: RecordsDesk) -> None:
    records.hand_in()
    item_id = records.item(state="noted", succeeded_at=MORNING)
    records.score(item_id, records.cleo, state="failed", code="student.not_in_class", answer="no such enrollment")
    text = records.get(path(records))

    assert "Cleo Brown is not in Math 9 · Period 3." in words(text)
    assert "no such enrollment" in text


def test_the_page_tells_that_its_error_was_looked_at(records: RecordsDesk) -> None:
    records.item(state="failed", code="item.lost")

    assert 'hx-trigger="load"' in records.get(path(records))
    assert the_item(records).error_seen_at is None, "looking alone writes nothing"
    records.press(f"{path(records)}/seen")

    assert the_item(records).error_seen_at == MORNING
    assert 'hx-trigger="load"' not in records.get(path(records))


def test_a_title_that_is_too_long_has_its_cut_ready(records: RecordsDesk) -> None:
    records.change(Assignment, title="Fractions and decimals")
    text = records.get(path(records))
    said = words(text)
    assert "Aspire takes 12 characters; this has 22. Cut: “Fractions”." in said
    button = re.search(r'formaction="[^"]*/change" name="title" value="([^"]*)"', text)
    assert button

    records.press(path(records, "change"), ("title", button[1]))

    assert the_item(records).title == "Fractions"
    said = words(records.get(path(records)))
    assert "The assignment itself keeps its title, “Fractions and decimals”." in said
    assert "is too long for Aspire" not in said


def test_an_emptied_title_is_the_assignments_again(records: RecordsDesk) -> None:
    records.item(title="Fr. 1")
    records.press(path(records, "change"), ("title", "  "))

    assert the_item(records).title is None


def test_the_due_date_is_typed_in_the_districts_zone(records: RecordsDesk) -> None:
    records.press(path(records, "change"), ("due", "2026-11-20T23:59"))

    assert the_item(records).due_at == datetime(2026, 11, 21, 6, 59, tzinfo=UTC)
    assert the_item(records).due_source == "set"


def test_a_due_date_that_was_only_shown_is_nobodys_word(records: RecordsDesk) -> None:
    text = records.get(path(records))
    assert "Inferred, because nobody set one: assigned + 7 days." in words(text)
    shown = re.search(r'name="due" type="datetime-local" value="([^"]*)"', text)
    assert shown
    assert shown[1] == "2026-11-09T23:59"

    records.press(path(records, "change"), ("due", shown[1]), ("title", "Fr. 1"))

    assert the_item(records).title == "Fr. 1"
    assert the_item(records).due_at is None


def test_a_date_outside_every_period_offers_the_nearest(records: RecordsDesk) -> None:
    records.hand_in()
    records.press(path(records, "change"), ("due", "2027-02-01T12:00"))
    text = records.get(path(records))
    button = re.search(r'formaction="[^"]*/change" name="due" value="([^"]*)"', text)
    assert button
    assert "Use 15 Jan 2027, 23:59" in words(text)

    records.press(path(records, "change"), ("due", button[1]))

    assert "is in no open grading period" not in words(records.get(path(records)))


@pytest.mark.parametrize("typed", ["tomorrow", "2026-13-40T25:00", "0001-01-01T00:00"])
def test_what_is_no_date_saves_nothing_of_the_form(records: RecordsDesk, typed: str) -> None:
    refused = records.press(path(records, "change"), ("title", "Fr. 1"), ("due", typed), expects=400)

    assert "is not a date" in words(refused)
    assert [one for one in records.rows(SisItem) if one.title] == []


def test_a_category_of_its_own(records: RecordsDesk) -> None:
    """It can be any that another assignment of the course has."""
    make_assignment(records.database, id="quiz", title="Quiz")
    records.change(Assignment, category="Homework")
    link = {"resource_link": {"id": "link-2", "title": "Quiz"}, "custom": {"assignment": "quiz"}}
    other = arrive(records.database, records.platform, ADA, **link)
    records.item(placement_id=other.placement_id, category="Tests")
    records.press(path(records, "change"), ("category", "Nonsense"), expects=400)
    assert "Homework → Hausaufgaben" in words(records.get(path(records)))

    records.press(path(records, "change"), ("category", "Tests"))

    assert [one.category for one in records.rows(SisItem)] == ["Tests", "Tests"]
    assert "Tests → not associated" in words(records.get(path(records)))


def test_above_the_maximum_is_the_teachers_choice_where_the_sis_takes_none(records: RecordsDesk) -> None:
    assert "A score above the maximum" in words(records.get(path(records)))
    records.press(path(records, "change"), ("above", "cap"))
    assert the_item(records).above_maximum == "cap"
    records.press(path(records, "change"), ("above", "double"), expects=400)
    assert the_item(records).above_maximum == "cap"

    records.change(SisConnection, profile={})
    assert "A score above the maximum" not in words(records.get(path(records)))


def test_students_have_their_state_and_why(records: RecordsDesk) -> None:
    records.hand_in()
    records.change(SisMatch, student_id=None, rule="left_out")
    text = records.get(path(records))
    assert [(row[0], row[4]) for row in table_rows(text)] == [
        ("Ben Carter", "Skipped left out by you"),
        ("Cleo Brown", "Skipped left out by you"),
    ]


def test_what_was_sent_and_what_changed_since(records: RecordsDesk) -> None:
    records.hand_in()
    item_id = records.item(state="done", succeeded_at=MORNING)
    sent = {"state": "sent", "sent_status": "fully graded", "sent_at": MORNING}
    records.score(item_id, records.ben, sent_score=Decimal(10), student_id="stu-904", **sent)
    records.score(item_id, records.cleo, sent_score=Decimal(7), student_id="stu-905", **sent)

    ben, cleo = table_rows(records.get(path(records)))
    assert ben[0] == "Ben Carter there: Carter, Ben"
    assert (ben[1], ben[4]) == ("10", "Sent")
    assert cleo[2].startswith("7")
    assert cleo[4] == "Not yet sent changed since it was sent"


def test_what_was_typed_there_is_kept_or_replaced(records: RecordsDesk) -> None:
    records.hand_in()
    item_id = records.item(state="noted", succeeded_at=MORNING)
    sent = {"state": "sent", "sent_status": "fully graded", "sent_score": Decimal(10), "sent_at": MORNING}
    score_id = records.score(item_id, records.ben, **sent, read_score=Decimal(8), read_at=MORNING)
    text = words(records.get(path(records)))
    assert "Keep theirs: 8" in text
    assert "Send ours: 10" in text

    ben = str(records.ben.member_id)
    records.press(path(records, "students", ben, "keep"), ("keep", "theirs"))
    assert [row.is_pinned for row in records.rows(SisScore) if row.id == score_id] == [True]
    assert table_rows(records.get(path(records)))[0][4].startswith("Skipped you keep the score of the SIS")

    records.press(path(records, "students", ben, "keep"), ("keep", "ours"))
    assert [row.is_pinned for row in records.rows(SisScore) if row.id == score_id] == [False]


def test_a_student_of_another_course_cannot_be_pinned(records: RecordsDesk, database: Database) -> None:
    dan = arrive(database, records.platform, DAN)
    records.item()
    records.press(path(records, "students", str(dan.member_id), "keep"), ("keep", "theirs"), expects=400)

    assert records.rows(SisScore) == []


def test_a_lost_column_is_made_anew(records: RecordsDesk) -> None:
    records.item(state="failed", code="item.lost", line_item_id="li-1")
    records.press(path(records, "forget"))

    assert the_item(records).line_item_id is None
    assert "is no longer in Aspire" not in words(records.get(path(records)))


def test_a_twin_is_taken_for_ours_only_by_the_teachers_word(records: RecordsDesk) -> None:
    records.hand_in()
    twin = write_twins([FoundLineItem("theirs-7", "Fractions", None, True)])
    records.item(state="blocked", code="item.manual_twin", answer=twin)
    text = records.get(path(records))
    assert "Aspire has a column “Fractions” already." in words(text)
    assert "Choose another title" in words(text)
    button = re.search(r'formaction="[^"]*/adopt" name="column" value="([^"]*)"', text)
    assert button

    records.press(path(records, "adopt"), ("column", "somebody-elses"), expects=400)
    assert the_item(records).line_item_id is None
    records.press(path(records, "adopt"), ("column", button[1]))

    assert (the_item(records).line_item_id, the_item(records).is_adopted) == ("theirs-7", True)


def test_switched_off_it_stays_there_and_says_so(records: RecordsDesk) -> None:
    records.press(path(records, "switch"), ("syncs", "off"))
    text = words(records.get(path(records)))

    assert the_item(records).syncs is False
    assert "Opted out" in text
    assert "What stands in Aspire stays there." in text
    assert "Sync this assignment" not in text


def test_it_can_be_sent_alone(records: RecordsDesk) -> None:
    records.press(path(records, "sync"))

    [run] = records.rows(SisRun)
    assert (run.kind, run.placement_ids) == ("selected", [records.placement_id])


def test_what_the_assignment_says_is_shown_with_the_way_there(records: RecordsDesk) -> None:
    text = records.get(path(records))
    said = words(text)

    assert "Assigned Mon 2 Nov, 09:00" in said
    assert "Counts in the grade Yes" in said
    assert "Change these in the assignment’s settings" in said
    records.change(Assignment, counts_in_grade=False)
    assert "No: it does not go by itself at night" in words(records.get(path(records)))


def test_an_item_that_is_none_is_not_there(records: RecordsDesk) -> None:
    for number in ("0", "999999", "9" * 30):
        answer = records.desk.client.get(f"/l/{records.desk.launch_id}/sis/{records.section_id}/items/{number}")
        assert answer.status_code == 404, number
