"""What Ada and her colleague changed by hand, on the History page: when, who, for whom, from what to what."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import get_args

import pytest
import time_machine
from sqlalchemy import insert, select

from tests.assessment.stories import deliver_all, mark
from tests.cast import ADA, BEN, CLEO, DAN, ZOE
from tests.rows import arrive, ended, hand_in, passback_of, wish_for
from tests.web import Desk
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.passbacks import Act, Reading
from tool.passback.acts import ActKind
from tool.passback.history import SHOWN_AT_MOST
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.passback.recounting import WORDS
from tool.registration.platforms import KnownPlatform

MORNING = datetime(2026, 5, 3, 10, 20, tzinfo=UTC)


class Screen:
    """Ada's pages. Ben and Cleo have 10 of 10, sent and confirmed."""

    def __init__(self, database: Database, platform: KnownPlatform, folder: Path) -> None:
        self.database, self.platform = database, platform
        self.ben, self.cleo = (arrive(database, platform, one) for one in (BEN, CLEO))
        for place in (self.ben, self.cleo):
            hand_in(database, place)
        deliver_all(database, platform)
        self.ada = arrive(database, platform, ADA)
        self.desk = Desk(database, folder, self.ada)

    def press(self, path: str, *fields: tuple[str, str], place: Arrival | None = None) -> None:
        """A button of the screen; of someone's row where `place` is given."""
        self.desk.post(f"grades/{place.member_id}/{path}" if place else f"grades/{path}", *fields)

    def changes(self) -> list[tuple[str, ...]]:
        """The lines of "What was changed by hand": when, by whom, for whom, what."""
        return lines(self.desk.get("history").partition('id="by-hand"')[2])

    def runs(self) -> list[tuple[str, ...]]:
        """The lines of the runs: started, updated, by whom, what, …"""
        return lines(self.desk.get("history").partition('id="by-hand"')[0])

    def types_in_lms(self, place: Arrival, score: int, maximum: int) -> None:
        """Somebody typed a grade in the LMS, and it was read."""
        values = {"placement_id": place.placement_id, "member_id": place.member_id, "line_item_url": None}
        with self.database.writing() as connection:
            connection.execute(
                insert(Reading).values(**values, score=score, maximum=maximum, read_at=now() + timedelta(minutes=1))
            )


def lines(text: str) -> list[tuple[str, ...]]:
    bodies = "".join(re.findall(r"<tbody.*?</tbody>", text, re.DOTALL))
    rows = re.findall(r"<tr.*?</tr>", bodies, re.DOTALL)
    return [tuple(words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)) for row in rows]


def words(cell: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split())


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def screen(database: Database, clock: time_machine.Traveller, platform: KnownPlatform, tmp_path: Path) -> Screen:
    return Screen(database, platform, tmp_path)


def test_every_kind_has_words() -> None:
    assert set(WORDS) == set(get_args(ActKind))


def test_every_kind_is_written_by_a_button_and_told(screen: Screen) -> None:
    """Ada presses everything there is to press; no line is empty, and no kind is left that nobody writes."""
    screen.press("override", ("score", "8"), place=screen.ben)
    screen.press("override", ("do", "keep"), place=screen.ben)
    screen.press("override", ("do", "remove"), place=screen.ben)
    screen.press("completion", ("word", "incomplete"), place=screen.ben)
    screen.press("excused", ("excused", "yes"), place=screen.ben)
    screen.press("excused", ("excused", "no"), place=screen.ben)
    screen.types_in_lms(screen.ben, 7, 10)
    screen.press("theirs", ("do", "keep"), place=screen.ben)
    screen.press("theirs", ("do", "adopt"), place=screen.ben)
    screen.press("again", place=screen.ben)
    screen.press("again", ("do", "relink"), place=screen.ben)
    screen.press("mode", ("mode", "completion"))
    screen.press("column-points")
    screen.press("opt-out", ("out", "yes"))
    screen.press("opt-out", ("out", "no"))

    with screen.database.reading() as connection:
        written = list(connection.execute(select(Act.kind).order_by(Act.id.desc())).scalars())
    assert set(written) == set(get_args(ActKind))
    told = screen.changes()
    assert len(told) == len(written)
    for at, by, _, what in told:
        assert (at, by) == ("3 May, 10:20 UTC", "Ada Byron")
        assert what
        assert "does not know" not in what


def test_an_override_says_from_which_to_which_and_why(
    screen: Screen, platform: KnownPlatform, clock: time_machine.Traveller
) -> None:
    screen.press("override", ("score", "8,50"), ("reason", "late"), place=screen.cleo)
    clock.shift(timedelta(minutes=5))
    screen.press("override", ("score", "9"), place=screen.cleo)
    mark(screen.database, platform, screen.cleo, half=3)
    screen.press("override", ("do", "keep"), place=screen.cleo)
    screen.press("override", ("do", "remove"), place=screen.cleo)

    assert screen.changes() == [
        ("3 May, 10:25 UTC", "Ada Byron", "Cleo Brown", "Removed the override of 9; the score here was 8"),
        (
            "3 May, 10:25 UTC",
            "Ada Byron",
            "Cleo Brown",
            "Kept the override of 9 when the score here moved from 10 to 8",
        ),
        ("3 May, 10:25 UTC", "Ada Byron", "Cleo Brown", "Changed the override from 8.5 to 9"),
        ("3 May, 10:20 UTC", "Ada Byron", "Cleo Brown", "Overrode the score: 8.5 instead of 10 “late”"),
    ]


def test_an_override_before_any_work(screen: Screen, database: Database, platform: KnownPlatform) -> None:
    """There was no number before, and none is made up."""
    zoe = arrive(database, platform, ZOE)
    screen.press("override", ("score", "0"), place=zoe)
    hand_in(database, zoe)
    screen.press("override", ("do", "keep"), place=zoe)

    assert [what for _, _, _, what in screen.changes()] == [
        "Kept the override of 0 when the score here became 10",
        "Set the score to send to 0",
    ]


def test_a_colleague_is_named_for_what_she_did(
    screen: Screen, database: Database, platform: KnownPlatform, tmp_path: Path
) -> None:
    screen.press("override", ("score", "8"), place=screen.ben)
    grace = arrive(database, platform, ADA, sub="grace", name=None, given_name="Grace", family_name="Hopper")
    Desk(database, tmp_path, grace).post(f"grades/{screen.ben.member_id}/override", ("do", "remove"))

    assert [by for _, by, _, _ in screen.changes()] == ["Grace Hopper", "Ada Byron"]


def test_complete_or_incomplete_for_all_and_for_one(screen: Screen) -> None:
    screen.press("mode", ("mode", "completion"))
    screen.press("completion", ("word", "incomplete"), place=screen.ben)
    screen.press("completion", ("word", "complete"), place=screen.ben)
    screen.press("completion", ("word", ""), place=screen.ben)
    screen.press("mode", ("mode", "points"))

    assert [(student, what) for _, _, student, what in screen.changes()] == [
        ("Everyone", "Switched from complete/incomplete back to points"),
        ("Ben Carter", "Complete or incomplete goes by what was handed in again"),
        ("Ben Carter", "Counted as complete instead of incomplete"),
        ("Ben Carter", "Counted as incomplete"),
        ("Everyone", "Switched from points to complete/incomplete"),
    ]


def test_a_grade_of_the_lms_is_named_on_its_own_scale(screen: Screen) -> None:
    screen.types_in_lms(screen.ben, 70, 100)
    screen.press("theirs", ("do", "keep"), place=screen.ben)
    screen.press("theirs", ("do", "adopt"), place=screen.ben)

    assert [what for _, _, _, what in screen.changes()] == [
        "Took over the grade in Paper LMS, 70 of 100: 7 instead of 10",
        "Kept the grade in Paper LMS, 70 of 100; the one sent was 10 of 10",
    ]


def test_a_send_tried_again_says_what_had_failed(
    screen: Screen, database: Database, platform: KnownPlatform, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=5))
    wish_for(database, platform, screen.ben, 9)
    [failing] = claim(database, platform.id, holder="sender", limit=1)
    settle(database, [ended(failing, "needs_person", reason="not_enrolled", needs_person=True, next_try_at=now())])

    screen.press("again", place=screen.ben)

    said = "Tried the send again after it failed: the LMS does not list this student in the course"
    assert [what for _, _, _, what in screen.changes()] == [said]
    assert passback_of(database, screen.ben).failure is None


def test_what_happened_in_another_course_is_not_here(
    screen: Screen, database: Database, platform: KnownPlatform, tmp_path: Path
) -> None:
    dan = arrive(database, platform, DAN)
    teacher = arrive(database, platform, ADA, context={"id": DAN.course, "title": "Science"})
    Desk(database, tmp_path, teacher).post(f"grades/{dan.member_id}/override", ("score", "3"))

    assert screen.changes() == []
    assert "Nothing was changed by hand yet." in screen.desk.get("history")


def test_only_the_newest_are_shown_and_the_page_says_so(screen: Screen) -> None:
    old = {"placement_id": screen.ben.placement_id, "acted_by": screen.ada.member_id, "acted_at": now()}
    told = {"kind": "included", "member_id": screen.ben.member_id, "detail": {}}
    with screen.database.writing() as connection:
        connection.execute(insert(Act), [old | told] * SHOWN_AT_MOST)
    screen.press("excused", ("excused", "yes"), place=screen.cleo)

    changes = screen.changes()

    assert len(changes) == SHOWN_AT_MOST
    assert changes[0][2] == "Cleo Brown"
    assert f"The newest {SHOWN_AT_MOST} are shown." in screen.desk.get("history")


def test_a_kind_of_a_newer_version_does_not_break_the_page(screen: Screen) -> None:
    told = {"kind": "curved", "member_id": screen.ben.member_id, "detail": {"by": 3}}
    with screen.database.writing() as connection:
        place = {"placement_id": screen.ben.placement_id, "acted_by": screen.ada.member_id, "acted_at": now()}
        connection.execute(insert(Act).values(**place, **told))

    [(at, by, student, _)] = screen.changes()
    assert (at, by, student) == ("3 May, 10:20 UTC", "Ada Byron", "Ben Carter")


def test_every_press_that_sends_says_who_and_when(screen: Screen, clock: time_machine.Traveller) -> None:
    both = [("student", str(place.member_id)) for place in (screen.ben, screen.cleo)]
    screen.press("override", ("score", "8"), place=screen.ben)
    screen.press("send", *both)
    clock.shift(timedelta(minutes=5))
    screen.press("send", ("kind", "send_again"), *both)
    clock.shift(timedelta(minutes=5))
    zoe = arrive(screen.database, screen.platform, ZOE)
    screen.press("send", ("kind", "zeros"), ("is_chosen", "yes"), ("student", str(zoe.member_id)))

    assert [(started, by, what) for started, _, by, what, *_ in screen.runs()] == [
        ("3 May, 10:30 UTC", "Ada Byron", "Zeros for missing work"),
        ("3 May, 10:25 UTC", "Ada Byron", "Send again"),
        ("3 May, 10:20 UTC", "Ada Byron", "Send"),
    ]
