"""The tab *School records* with its dot, and the line on the course's page: there only where the school has any."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.cast import ADA, DAN
from tests.rows import arrive
from tests.sis.school import add_item, connect_school, link_class
from tests.web import Desk
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisItem
from tool.model.work import Assignment
from tool.passback.tabs import SYNC
from tool.registration.platforms import KnownPlatform

DOT = "An error waits for you"


@pytest.fixture
def ada(database: Database, platform: KnownPlatform) -> Arrival:
    return arrive(database, platform, ADA)


@pytest.fixture
def desk(database: Database, tmp_path: Path, ada: Arrival) -> Desk:
    desk = Desk(database, tmp_path, ada)
    if SYNC not in desk.client.application.view_functions:
        desk.client.application.add_url_rule("/l/<launch_id>/sis", SYNC, lambda **_path: "")
    return desk


@pytest.fixture
def section(database: Database, ada: Arrival) -> int:
    return link_class(database, ada, connect_school(database, ada))


def tab(desk: Desk) -> str | None:
    """The words of the tab; None where it is not there."""
    tabs = desk.get("overview").partition('<nav class="tabs"')[2].partition("</nav>")[0]
    found = [words(one) for one in re.findall(r"<a .*?</a>", tabs, re.DOTALL)]
    return next((one for one in found if "School records" in one), None)


def course_line(desk: Desk) -> str | None:
    facts = desk.get("course/grades").partition('<ul class="facts-line">')[2].partition("</ul>")[0]
    found = [words(one) for one in re.findall(r"<li>.*?</li>", facts, re.DOTALL)]
    return next((one for one in found if "School records" in one), None)


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def change(database: Database, table: Any, **values: Any) -> None:
    with database.writing() as connection:
        connection.execute(update(table).values(**values))


def test_without_a_connection_nobody_hears_of_it(database: Database, desk: Desk) -> None:
    assert (tab(desk), course_line(desk)) == (None, None)


def test_a_connection_that_is_switched_on_shows_it(database: Database, desk: Desk, ada: Arrival) -> None:
    connect_school(database, ada)
    assert (tab(desk), course_line(desk)) == ("School records", "School records")

    change(database, SisConnection, is_enabled=False)
    assert (tab(desk), course_line(desk)) == (None, None)

    change(database, SisConnection, is_enabled=True, removed_at=now())
    assert tab(desk) is None


def test_a_linked_class_shows_it_even_while_the_connection_rests(database: Database, desk: Desk, section: int) -> None:
    change(database, SisConnection, is_enabled=False)
    assert tab(desk) == "School records"

    change(database, SisSection, unlinked_at=now())
    assert tab(desk) is None


def test_an_installation_without_the_room_has_no_tab(database: Database, desk: Desk, section: int) -> None:
    desk.client.application.view_functions.pop(SYNC)

    assert (tab(desk), course_line(desk)) == (None, None)


@pytest.mark.parametrize("state", ["failed", "blocked"])
def test_the_dot_is_there_until_somebody_looked_and_the_line_until_it_is_mended(
    database: Database, desk: Desk, section: int, ada: Arrival, state: str
) -> None:
    add_item(database, section, ada, state=state)
    assert tab(desk) == f"School records {DOT}"
    assert course_line(desk) == "School records: 1 needs you"

    change(database, SisItem, error_seen_at=now())
    assert tab(desk) == "School records"
    assert course_line(desk) == "School records: 1 needs you"

    change(database, SisItem, state="done")
    assert course_line(desk) == "School records"


def test_two_need_her(database: Database, platform: KnownPlatform, desk: Desk, section: int, ada: Arrival) -> None:
    add_item(database, section, ada, state="failed")
    add_item(database, section, arrive(database, platform, ADA, resource_link={"id": "link-2"}), state="blocked")
    add_item(database, section, arrive(database, platform, ADA, resource_link={"id": "link-3"}), state="noted")

    assert course_line(desk) == "School records: 2 need you"


@pytest.mark.parametrize("off", ["item", "term", "assignment", "default"])
def test_what_is_switched_off_needs_nobody(
    database: Database, desk: Desk, section: int, ada: Arrival, off: str
) -> None:
    add_item(database, section, ada, state="failed")
    match off:
        case "item":
            change(database, SisItem, syncs=False)
        case "term":
            change(database, SisItem, disabled_for="period-1")
        case "assignment":
            change(database, Assignment, sync_to_sis=False)
        case "default":
            change(database, SisConnection, sync_by_default=False)
    assert (tab(desk), course_line(desk)) == ("School records", "School records")

    change(database, SisItem, syncs=True, disabled_for=None)
    assert tab(desk) == f"School records {DOT}", "her own word for this item goes before all others"


def test_another_courses_trouble_is_not_hers(
    database: Database, platform: KnownPlatform, desk: Desk, section: int
) -> None:
    elsewhere = arrive(database, platform, DAN, resource_link={"id": "link-9"})
    campus = connect_school(database, elsewhere, name="Campus")
    add_item(database, link_class(database, elsewhere, campus), elsewhere, state="failed")

    assert tab(desk) == "School records"
