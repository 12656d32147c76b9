"""The dot on the tab of the grades: it goes when the page has told that its errors were looked at."""

from pathlib import Path

import pytest
from sqlalchemy import update

from tests.cast import ADA
from tests.rows import arrive, hand_in
from tests.web import Desk
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.passbacks import Passback
from tool.registration.platforms import KnownPlatform

DOT = "An error waits for you"
TELLS = 'hx-trigger="load"'


@pytest.fixture
def desk(database: Database, platform: KnownPlatform, ben: Arrival, tmp_path: Path) -> Desk:
    hand_in(database, ben)
    with database.writing() as connection:
        connection.execute(update(Passback).values(needs_person=True, failure="not_enrolled"))
    return Desk(database, tmp_path, arrive(database, platform, ADA))


def test_a_page_that_is_only_fetched_leaves_the_dot(desk: Desk) -> None:
    for _ in range(2):
        page = desk.get("grades")
        assert TELLS in page
    assert DOT in desk.get("overview")


def test_the_page_tells_it_by_its_script(desk: Desk) -> None:
    desk.get("grades")

    assert desk.post("grades/seen", expects=204, HX_Request="true") == ""

    assert DOT not in desk.get("overview")
    assert TELLS not in desk.get("grades")


def test_a_browser_without_scripts_has_a_button(desk: Desk) -> None:
    assert "I have seen what is new here" in desk.get("grades")

    desk.post("grades/seen")

    assert DOT not in desk.get("overview")
