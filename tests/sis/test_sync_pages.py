"""*Sync Grades*: every item with its state in words, one press that sends, and what keeps it back."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import update

from tests.cast import ADA, BEN, CLEO, DAN
from tests.rows import arrive, count_rows, make_assignment, make_platform
from tests.sis.records_desk import MORNING, RecordsDesk, table_rows, words
from tests.web import TOOL, Desk
from tool.db import Database
from tool.model.sis import SisConnection, SisPeriod, SisSection
from tool.model.sis_syncs import SisItem, SisRun


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def records(database: Database, tmp_path: Path, clock: time_machine.Traveller) -> RecordsDesk:
    return RecordsDesk(database, tmp_path)


def test_without_a_link_the_page_teaches_the_three_steps(
    database: Database, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    text = RecordsDesk(database, tmp_path, is_linked=False).get()

    said = words(text)
    assert [step in said for step in ("Link your class.", "Match your students.", "Associate your categories.")] == [
        True
    ] * 3
    assert "/sis/setup" in text
    assert "Sync changes" not in said


def test_where_the_lms_syncs_itself_the_page_says_so_and_stays_off(
    database: Database, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    records = RecordsDesk(database, tmp_path, is_linked=False, lms_syncs=True)

    assert "Paper LMS already sends grades to Aspire" in words(records.get())
    assert "Link your class." not in words(records.get())


def test_before_the_end_of_a_period_the_page_reminds(records: RecordsDesk) -> None:
    """From the night on in which the week before its last day has begun, and not longer than there is time."""
    assert "The last day of" not in words(records.get())
    period = records.rows(SisPeriod)[0]

    def ends(day: date) -> str:
        with records.database.writing() as connection:
            mine = SisPeriod.sourced_id == period.sourced_id
            connection.execute(update(SisPeriod).where(mine).values(ends_on=day, reminded_at=MORNING))
        return words(records.get())

    today = MORNING.astimezone(ZoneInfo("America/Denver")).date()
    last = today + timedelta(days=3)
    said = ends(last + timedelta(days=1))
    assert f"The last day of {period.title} is {last:%B} {last.day}, {last.year}" in said
    assert "Sync before then" in said
    assert "The last day of" in ends(today + timedelta(days=1)), "it is today"
    assert "The last day of" not in ends(today)


def test_where_the_school_has_no_connection_the_page_says_who_makes_one(
    database: Database, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    records = RecordsDesk(database, tmp_path, is_linked=False, is_enabled=False)

    assert "Your school has not connected its records" in words(records.get())


def test_a_row_says_what_it_is_there_and_that_its_date_is_inferred(records: RecordsDesk) -> None:
    records.associate(records.section_id)
    records.item(title="Fractions 1", state="done", succeeded_at=MORNING)

    [row] = table_rows(records.get())
    assert row == [
        "",
        "Fractions in Aspire: “Fractions 1”",
        "Hausaufgaben",
        "Mon 9 Nov, 23:59 inferred: assigned + 7 days",
        "10 Nov, 16:00 UTC",
        "Successful",
    ]


def test_what_the_set_up_still_wants_is_said_with_the_way_there(records: RecordsDesk) -> None:
    text = records.get()
    assert "The set-up is not finished Associate categories: 1 Unassociated" in words(text)
    assert f"/sis/setup/{records.section_id}/categories" in text

    records.associate(records.section_id)
    assert "The set-up is not finished" not in words(records.get())


def test_a_category_nobody_associated_is_named_as_such(records: RecordsDesk) -> None:
    [row] = table_rows(records.get())

    assert row[2] == "Homework not associated"


STATES: dict[str, dict[str, Any]] = {
    "Not yet synced": {},
    "Successful": {"state": "done", "succeeded_at": MORNING},
    "Successful with notes": {"state": "noted", "succeeded_at": MORNING},
    "Error": {"state": "failed", "code": "item.lost"},
    "Needs attention": {"state": "blocked", "code": "category.none"},
    "Opted out": {"syncs": False},
    "Waiting": {"code": "nothing_yet", "due_at": MORNING + timedelta(days=7), "due_source": "set"},
    "Term closed": {"disabled_for": "gp-q2"},
}


@pytest.mark.parametrize("word", STATES)
def test_every_state_has_an_icon_and_its_word(records: RecordsDesk, word: str) -> None:
    records.item(**STATES[word])
    text = records.get()

    [row] = table_rows(text)
    assert row[5].startswith(word)
    standing = re.search(r'<td role="cell" class="standing".*?</td>', text, re.S)
    assert standing
    assert re.search(r'<svg class="icon" aria-hidden="true".*?#\w+"', standing[0])


def test_what_waits_for_a_run_is_queued(records: RecordsDesk) -> None:
    records.press("start", ("kind", "changes"))

    [row] = table_rows(records.get())
    assert row[5] == "Queued"


def test_an_error_has_its_reason_its_button_and_a_dot_with_words(records: RecordsDesk) -> None:
    records.item(state="failed", code="item.lost")
    text = records.get()

    [row] = table_rows(text)
    assert "The column of “Fractions” is no longer in Aspire." in row[5]
    assert "View error" in row[5]
    assert f"/items/{records.placement_id}#trouble" in text
    assert "1 item needs you" in words(text)


def test_the_dot_stays_until_it_is_solved_though_seen(records: RecordsDesk) -> None:
    records.item(state="failed", code="item.lost")

    assert ", new" in words(records.get()), "nobody has looked yet"
    records.press("seen")
    again = words(records.get())
    assert ", new" not in again
    assert "1 item needs you" in again
    records.change(SisItem, state="done", code=None)
    assert "needs you" not in words(records.get())


def test_filters_count_and_search_finds(records: RecordsDesk, database: Database) -> None:
    make_assignment(database, id="decimals", title="Decimals")
    link = {"resource_link": {"id": "link-2", "title": "Decimals"}, "custom": {"assignment": "decimals"}}
    arrive(database, records.platform, ADA, **link)
    records.item(state="failed", code="item.lost")
    titles = [row[1] for row in table_rows(records.get())]
    assert titles == ["Decimals", "Fractions"]

    at = f"?section={records.section_id}"
    assert [row[1] for row in table_rows(records.get(f"{at}&status=error"))] == ["Fractions"]
    assert [row[1] for row in table_rows(records.get(f"{at}&q=DECI"))] == ["Decimals"]
    nothing = records.get(f"{at}&status=error&q=deci")
    assert table_rows(nothing) == []
    assert "No assignment is like that" in words(nothing)
    assert "1 Error" in words(nothing)


def test_one_press_asks_for_a_run_and_a_second_joins_it(records: RecordsDesk) -> None:
    records.press("start", ("kind", "changes"))
    records.press("start", ("kind", "changes"))

    [run] = records.rows(SisRun)
    assert (run.kind, run.status, run.started_by) == ("changes", "queued", records.ada.member_id)
    assert run.placement_ids is None


def test_only_what_is_ticked_goes(records: RecordsDesk) -> None:
    records.press("start", ("kind", "selected"), ("item", str(records.placement_id)))

    [run] = records.rows(SisRun)
    assert (run.kind, run.placement_ids) == ("selected", [records.placement_id])


def test_what_is_left_out_this_time_stays_out(records: RecordsDesk) -> None:
    records.press("start", ("kind", "changes"), ("leave_out", str(records.placement_id)))

    [run] = records.rows(SisRun)
    assert run.left_out == [records.placement_id]


@pytest.mark.parametrize("typed", [(), (("item", "x"),), (("item", "9" * 40),)])
def test_nothing_ticked_is_said_and_nothing_begins(records: RecordsDesk, typed: tuple[tuple[str, str], ...]) -> None:
    refused = records.press("start", ("kind", "selected"), *typed, expects=400)

    assert "Nothing is chosen." in words(refused)
    assert records.rows(SisRun) == []


def test_an_item_of_another_course_cannot_be_ticked(records: RecordsDesk, database: Database) -> None:
    theirs = arrive(database, records.platform, DAN, resource_link={"id": "link-science"})

    before = count_rows(database)
    for path, field in (("start", ("kind", "selected")), ("items/switch", ("syncs", "off"))):
        records.press(path, field, ("item", str(theirs.placement_id)), expects=400)
    records.press(f"items/{theirs.placement_id}/switch", ("syncs", "off"), expects=404)
    assert count_rows(database) == before


def test_a_run_under_way_is_followed_and_may_be_left(records: RecordsDesk) -> None:
    run_id = records.run(stage="scores", status="running", finished_at=None)
    records.line(run_id)
    text = records.get()

    assert 'hx-trigger="every 2s"' in text
    line = words(text)
    assert "Sending scores (4 of 5) · 1 score sent · you can leave this page" in line
    piece = records.desk.get(f"sis/progress?section={records.section_id}")
    assert 'id="live"' in piece
    assert 'hx-trigger="every 2s"' in piece
    assert "<html" not in piece


def test_a_long_run_is_asked_for_less_often(records: RecordsDesk, clock: time_machine.Traveller) -> None:
    records.run(stage="scores", status="running", finished_at=None)
    clock.shift(timedelta(minutes=2))

    assert 'hx-trigger="every 10s"' in records.get()


def test_a_run_that_is_over_is_no_longer_asked_for(records: RecordsDesk) -> None:
    run_id = records.run(status="with_errors")
    records.line(run_id, outcome="failed", code="rate")
    text = records.get()

    assert "hx-get" not in text
    assert "Sync changes: Completed with errors 10 Nov, 16:00 UTC · 1 failed" in words(text)


def test_sync_to_sis_is_switched_for_many(records: RecordsDesk) -> None:
    records.press("items/switch", ("syncs", "off"), ("item", str(records.placement_id)))
    assert table_rows(records.get())[0][5] == "Opted out"

    records.press("items/switch", ("syncs", "on"), ("item", str(records.placement_id)))
    assert table_rows(records.get())[0][5] == "Not yet synced"


def test_a_term_is_switched_off_and_back(records: RecordsDesk) -> None:
    text = records.get()
    assert "Switches off every assignment due in Quarter 2" in words(text)

    records.press("term", ("disable", "gp-q2"))
    text = words(records.get())
    assert "Sync is off for 1 assignment of Quarter 2" in text
    assert table_rows(records.get())[0][5].startswith("Term closed")

    records.press("term", ("undo", "gp-q2"))
    assert table_rows(records.get())[0][5] == "Not yet synced"


def test_a_period_of_another_class_is_not_there(records: RecordsDesk) -> None:
    other = records.link("class-9", "Math 9 · Period 5")
    records.insert(
        SisPeriod, section_id=other, sourced_id="gp-own", title="Its own", starts_on=MORNING, ends_on=MORNING
    )

    records.press("term", ("disable", "gp-own"), expects=400)
    assert [one for one in records.rows(SisItem) if one.disabled_for] == []


def test_the_night_is_told_in_the_districts_zone(records: RecordsDesk) -> None:
    assert "next by itself: Wed 11 Nov, 02:00 (America/Denver)" in words(records.get())
    records.change(SisSection, is_nightly=False)
    assert "nightly sync is off" in words(records.get())
    records.change(SisSection, is_nightly=True)
    records.change(SisConnection, nightly_paused_at=MORNING)
    assert "nightly sync is paused by whoever runs Passback" in words(records.get())


def test_two_classes_are_chosen_from_and_one_elsewhere_is_not(records: RecordsDesk, database: Database) -> None:
    other = records.link("class-9", "Math 9 · Period 5")
    records.item(section_id=other, state="failed", code="item.lost")

    first = words(records.get())
    assert "Math 9 · Period 5 · Aspire 1 item needs you" in first
    assert "Math 9 · Period 3 in Aspire" in first
    assert table_rows(records.get(f"?section={other}"))[0][5].startswith("Error")
    assert "Math 9 · Period 3 in Aspire" in words(records.get("?section=999999"))


STOPS = [
    ({"lms_syncs": True}, {}, "sends grades to Aspire itself"),
    ({"is_enabled": False}, {}, "The connection to Aspire is switched off."),
    ({"teachers": "listed", "teacher_emails": ["grace@school.example"]}, {}, "may sync to Aspire"),
    ({}, {"lms_syncs": True}, "Paper LMS already sends these grades to Aspire"),
    ({}, {"is_class_active": False}, "is no longer active in Aspire."),
]


@pytest.mark.parametrize(("connection", "section", "said"), STOPS)
def test_what_stops_everything_is_said_and_refused(
    records: RecordsDesk, connection: dict[str, object], section: dict[str, object], said: str
) -> None:
    for table, values in ((SisConnection, connection), (SisSection, section)):
        if values:
            records.change(table, **values)
    text = words(records.get())

    assert said in text
    assert "Sync changes" not in text
    assert said in words(records.press("start", ("kind", "changes"), expects=400))
    assert records.rows(SisRun) == []


def test_a_form_without_its_mark_changes_nothing(records: RecordsDesk, database: Database) -> None:
    before = count_rows(database)
    item = f"items/{records.placement_id}"
    for path in ("start", "items/switch", "term", "refresh", "settings/nightly", "remaster", f"{item}/change"):
        address = f"/l/{records.desk.launch_id}/sis/{records.section_id}/{path}"
        answer = records.desk.client.post(address, data={"csrf": "wrong"}, headers={"Origin": TOOL})
        assert answer.status_code == 403, path
    assert count_rows(database) == before


def test_no_student_opens_it(records: RecordsDesk, database: Database, tmp_path: Path) -> None:
    ben = Desk(database, tmp_path, arrive(database, records.platform, BEN))
    for path in ("", f"/{records.section_id}/history", f"/{records.section_id}/items/{records.placement_id}"):
        assert ben.client.get(f"/l/{ben.launch_id}/sis{path}").status_code == 403, path


def test_a_course_that_only_another_school_connected_hears_nothing(
    records: RecordsDesk, database: Database, tmp_path: Path
) -> None:
    other = make_platform(database, issuer="https://other.example", client_id="other-1")
    make_assignment(database)
    grace = Desk(database, tmp_path, arrive(database, other, ADA))

    assert "Your school has not connected its records" in words(grace.get("sis"))
    answer = grace.client.get(f"/l/{grace.launch_id}/sis/{records.section_id}/history")
    assert answer.status_code == 404


def test_reading_the_class_again_is_asked_for(records: RecordsDesk) -> None:
    records.press("refresh")

    text = records.get()
    assert "reading Aspire…" in words(text)
    assert "hx-get" in text


def test_cleo_is_named_nowhere_on_the_list(records: RecordsDesk) -> None:
    """A projector shows this page: what is wrong with one student stands on the item's own page."""
    records.hand_in()
    item_id = records.item(state="noted", succeeded_at=MORNING)
    records.score(item_id, records.cleo, state="failed", code="student.not_in_class")

    assert CLEO.name not in records.get()
