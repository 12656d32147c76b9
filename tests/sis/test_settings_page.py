"""Settings: the night in the district's zone, and *Remaster* with its warning, its count and its limit."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine

from tests.rows import count_rows
from tests.sis.records_desk import MORNING, RecordsDesk, words
from tool.db import Database
from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisAct, SisRun


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def records(database: Database, tmp_path: Path, clock: time_machine.Traveller) -> RecordsDesk:
    made = RecordsDesk(database, tmp_path)
    made.associate(made.section_id)
    made.hand_in()
    item_id = made.item(state="done", succeeded_at=MORNING, line_item_id="li-1")
    sent = {"state": "sent", "sent_status": "fully graded", "sent_score": Decimal(10), "sent_at": MORNING}
    made.score(item_id, made.ben, **sent)
    return made


def test_the_night_is_switched_and_written_down(records: RecordsDesk) -> None:
    assert "On next: Wed 11 Nov, 02:00 (America/Denver)" in words(records.get("settings"))

    records.press("settings/nightly", ("nightly", "off"))
    records.press("settings/nightly", ("nightly", "off"))

    assert [one.is_nightly for one in records.rows(SisSection)] == [False]
    assert "Every night Off" in words(records.get("settings"))
    acts = records.rows(SisAct)
    assert [(one.kind, one.acted_by) for one in acts] == [("nightly", records.ada.member_id)]
    assert "Switched nightly sync off" in words(records.get("history"))
    records.press("settings/nightly", ("nightly", "on"))
    assert "Every night On" in words(records.get("settings"))


def test_an_hour_that_the_clocks_skip_is_kept_when_they_have_jumped(
    records: RecordsDesk, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2027, 3, 13, 20, 0, tzinfo=UTC))
    records.launch_again()

    assert "next: Sun 14 Mar, 03:00" in words(records.get("settings"))


def test_a_night_that_the_operator_paused_is_not_on(records: RecordsDesk) -> None:
    records.change(SisConnection, nightly_paused_at=MORNING)

    assert "Every night Paused by whoever runs Passback" in words(records.get("settings"))


def test_remaster_warns_counts_and_asks(records: RecordsDesk, database: Database) -> None:
    warned = words(records.get("settings"))
    assert "Only if a score is missing in Aspire and does not come." in warned
    assert "Do not press it several times, and not often" in warned
    assert "Never used for this class. It can be used once in 24 hours." in warned

    before = count_rows(database)
    asked = words(records.get("remaster"))
    assert "2 scores would go to Aspire again" in asked
    assert "About 1 minute at the pace that Aspire allows." in asked
    assert count_rows(database) == before


def test_remaster_goes_after_the_confirmation_and_once_a_day(
    records: RecordsDesk, clock: time_machine.Traveller
) -> None:
    chosen = ("item", str(records.placement_id))
    records.press("remaster", chosen, expects=400)
    records.press("remaster", ("sure", "yes"), expects=400)
    assert records.rows(SisRun) == []

    records.press("remaster", chosen, ("sure", "yes"))
    [run] = records.rows(SisRun)
    assert (run.kind, run.placement_ids) == ("remaster", [records.placement_id])

    clock.shift(timedelta(hours=23))
    records.launch_again()
    records.press("remaster", chosen, ("sure", "yes"), expects=400)
    text = words(records.get("settings"))
    assert "Last used 10 Nov, 16:00 UTC. It can be used once in 24 hours: again from 11 Nov, 16:00 UTC." in text
    assert "Remaster …" not in text
    clock.shift(timedelta(hours=2))
    records.launch_again()
    assert "Remaster …" in words(records.get("settings"))


def test_with_nothing_to_send_there_is_no_button(records: RecordsDesk) -> None:
    records.change(SisConnection, lms_syncs=True)
    text = words(records.get("remaster"))

    assert "There is nothing to send again" in text
    assert "Remaster what is ticked" not in text
