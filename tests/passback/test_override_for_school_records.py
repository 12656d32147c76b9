"""An override goes to the school's records too, unless Ada takes the tick away; and she is asked only where there are
any."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.cast import ADA, BEN
from tests.rows import arrive, hand_in, make_assignment, passback_of
from tests.sis.school import connect_school, link_class
from tests.web import Desk
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.passbacks import Act
from tool.model.sis import SisConnection, SisSection
from tool.registration.platforms import KnownPlatform

ASKED = ("for_sis_asked", "yes")
TICK = ("for_sis", "yes")
TICKED = re.compile(r'name="for_sis" value="yes" checked')


@pytest.fixture
def ada(database: Database, platform: KnownPlatform) -> Arrival:
    return arrive(database, platform, ADA)


@pytest.fixture
def desk(database: Database, tmp_path: Path, ada: Arrival) -> Desk:
    return Desk(database, tmp_path, ada)


@pytest.fixture
def linked(database: Database, ada: Arrival) -> int:
    return link_class(database, ada, connect_school(database, ada))


def override(desk: Desk, place: Arrival, *fields: tuple[str, str]) -> None:
    desk.post(f"grades/{place.member_id}/override", *fields)


def panel(desk: Desk, place: Arrival) -> str:
    page = desk.get(f"grades?open={place.member_id}&panel=override")
    return page.partition(f'id="panel-{place.member_id}"')[2].partition("</table>")[0]


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_the_tick_is_there_and_set_until_she_takes_it_away(
    database: Database, desk: Desk, linked: int, ben: Arrival
) -> None:
    hand_in(database, ben)
    asked = panel(desk, ben)
    assert "Also for the school’s records (Aspire)" in words(asked)
    assert "Only what is sent changes." in words(asked)
    assert TICKED.search(asked)

    override(desk, ben, ("score", "9"), ASKED, TICK)
    assert passback_of(database, ben).override_for_sis is True
    assert TICKED.search(panel(desk, ben))

    override(desk, ben, ("score", "9"), ASKED)
    row = passback_of(database, ben)
    assert (row.override_score, row.override_for_sis, row.earned) == (9, False, 10)
    shown = panel(desk, ben)
    assert not TICKED.search(shown)
    assert "9 set by Ada Byron" in words(shown)
    assert "not for the school’s records" in words(shown)


def test_the_act_remembers_it(database: Database, desk: Desk, linked: int, ben: Arrival) -> None:
    hand_in(database, ben)
    override(desk, ben, ("score", "9"), ASKED, TICK)
    override(desk, ben, ("score", "9"), ASKED)

    with database.reading() as connection:
        details = list(connection.execute(select(Act.detail).order_by(Act.id)).scalars())
    assert [one["for_sis"] for one in details] == ["yes", "no"]
    told = words(desk.get("history"))
    assert "Overrode the score: 9 instead of 10" in told
    assert "Set the override of 9 again; not for the school’s records" in told


def test_the_next_override_begins_with_the_tick(database: Database, desk: Desk, linked: int, ben: Arrival) -> None:
    hand_in(database, ben)
    override(desk, ben, ("score", "9"), ASKED)
    override(desk, ben, ("do", "remove"))

    assert passback_of(database, ben).override_for_sis is True
    assert TICKED.search(panel(desk, ben))


def test_a_number_for_another_assignment_is_another_override(
    database: Database, platform: KnownPlatform, desk: Desk, linked: int, ben: Arrival
) -> None:
    hand_in(database, ben)
    override(desk, ben, ("score", "9"), ASKED)
    make_assignment(database, id="halves", title="Halves")
    hand_in(database, arrive(database, platform, BEN, custom={"assignment": "halves"}))

    row = passback_of(database, ben)
    assert (row.override_score, row.override_for_sis) == (None, True)


@pytest.mark.parametrize("gone", ["never linked", "unlinked", "removed"])
def test_where_there_are_no_records_nobody_is_asked_and_what_was_said_stays(
    database: Database, desk: Desk, ada: Arrival, ben: Arrival, gone: str
) -> None:
    hand_in(database, ben)
    connection_id = connect_school(database, ada)
    if gone != "never linked":
        link_class(database, ada, connection_id)
        override(desk, ben, ("score", "9"), ASKED)
    with database.writing() as connection:
        if gone == "unlinked":
            connection.execute(update(SisSection).values(unlinked_at=now()))
        if gone == "removed":
            connection.execute(update(SisConnection).values(removed_at=now()))

    assert "for_sis" not in panel(desk, ben)
    assert "goes to Paper LMS changes." in words(panel(desk, ben))
    override(desk, ben, ("score", "8"))

    row = passback_of(database, ben)
    assert (row.override_score, row.override_for_sis) == (8, gone == "never linked")
