"""An override on Ada's screen: who set it and when, and what became of the score here since."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
import time_machine

from tests.assessment.stories import mark
from tests.cast import ADA
from tests.rows import arrive, hand_in
from tests.web import Desk
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.registration.platforms import KnownPlatform

MORNING = datetime(2026, 5, 3, 10, 20, tzinfo=UTC)
MOVED = "The score here moved from 10 to 8 after the override of 9 was set."


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def desk(database: Database, platform: KnownPlatform, morning: None, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path, arrive(database, platform, ADA))


def override(desk: Desk, place: Arrival, *fields: tuple[str, str]) -> None:
    desk.post(f"grades/{place.member_id}/override", *fields)


def read(desk: Desk, place: Arrival) -> tuple[str, str]:
    """What the row says, and the panel under it."""
    page = desk.get(f"grades?open={place.member_id}&panel=override")
    row, panel = page.partition(f'id="student-{place.member_id}"')[2].partition('class="panel-row"')[::2]
    return words(row), words(panel.partition("</table>")[0])


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_the_row_and_its_panel_say_who_set_it_when_and_why(desk: Desk, database: Database, ben: Arrival) -> None:
    hand_in(database, ben)
    override(desk, ben, ("score", "9"), ("reason", "makes up lab"))

    row, panel = read(desk, ben)

    assert "Overridden by Ada Byron, 3 May, 10:20 UTC : “makes up lab”" in row
    assert "9 set by Ada Byron, 3 May, 10:20 UTC : “makes up lab”" in panel


def test_a_colleague_reads_who_it_was(
    desk: Desk, database: Database, platform: KnownPlatform, ben: Arrival, tmp_path: Path
) -> None:
    hand_in(database, ben)
    override(desk, ben, ("score", "9"))
    grace = arrive(database, platform, ADA, sub="grace", name="Grace Hopper")

    row, panel = read(Desk(database, tmp_path, grace), ben)

    assert "Overridden by Ada Byron" in row
    assert "9 set by Ada Byron" in panel
    assert "you overrode" not in row


def test_without_an_override_nobody_is_named(desk: Desk, database: Database, ben: Arrival) -> None:
    hand_in(database, ben)
    override(desk, ben, ("score", "9"))
    override(desk, ben, ("do", "remove"))

    row, panel = read(desk, ben)

    assert "Ada" not in row
    assert "Ada" not in panel


def test_a_score_that_moved_on_is_told_with_where_it_came_from(
    desk: Desk, database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben)
    override(desk, ben, ("score", "9"))
    assert "moved from" not in read(desk, ben)[0]

    mark(database, platform, ben, half=3)
    assert MOVED in read(desk, ben)[0]

    override(desk, ben, ("do", "keep"))
    assert "moved from" not in read(desk, ben)[0], "kept: nothing is asked any more"
    mark(database, platform, ben, half=1)
    assert "moved from 8 to 6 after the override of 9 was set" in read(desk, ben)[0]


def test_a_score_that_came_after_the_override_has_nothing_before_it(
    desk: Desk, database: Database, ben: Arrival
) -> None:
    override(desk, ben, ("score", "9"))
    hand_in(database, ben)

    row, _ = read(desk, ben)

    assert "A score of 10 came here after the override of 9 was set." in row


def test_a_score_held_for_an_override_is_not_said_to_have_failed(desk: Desk, database: Database, ben: Arrival) -> None:
    override(desk, ben, ("score", "9"))
    hand_in(database, ben)

    row, _ = read(desk, ben)

    assert "Not yet sent" in row
    assert "did not take it" not in row
    assert "the score to send was overridden" in desk.get("overview")
