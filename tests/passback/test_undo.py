"""*Undo last send* takes back the newest send that reached the gradebook, whatever was pressed in vain since."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from tests.assessment.stories import deliver_all
from tests.cast import ADA, BEN, CLEO
from tests.passback.conftest import PostOffice
from tests.rows import arrive, hand_in
from tests.web import Desk
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.lti.vocabulary import SCOPE_RESULT_READ, SCOPE_SCORE
from tool.model.passbacks import Passback, Run
from tool.passback.runs.preparing import prepare

MORNING = datetime(2026, 5, 3, 10, 20, tzinfo=UTC)
BUTTON = "Undo last send"


class Screen:
    """Ada's screen. Ben and Cleo have 10 of 10, sent and confirmed; every step takes five minutes."""

    def __init__(self, office: PostOffice, clock: time_machine.Traveller, folder: Path) -> None:
        self.office, self.clock = office, clock
        ags = office.opens() | {"scope": [SCOPE_SCORE, SCOPE_RESULT_READ]}
        self.ben, self.cleo, ada = (arrive(office.database, office.platform, one, ags=ags) for one in (BEN, CLEO, ADA))
        for place in (self.ben, self.cleo):
            hand_in(office.database, place)
            office.try_once()
        self.desk = Desk(office.database, folder, ada)

    def send(self, place: Arrival, score: str) -> None:
        """Ada overrides the score and presses *Send*."""
        self.clock.shift(timedelta(minutes=5))
        self.desk.post(f"grades/{place.member_id}/override", ("score", score))
        self.desk.post("grades/send", ("student", str(place.member_id)))

    def undo(self) -> None:
        self.clock.shift(timedelta(minutes=5))
        self.desk.post("grades/undo")

    def prepare(self) -> None:
        """The errand behind the newest run: the LMS is read, then the scores are wished."""
        with self.office.database.reading() as connection:
            newest = connection.execute(select(func.max(Run.id))).scalar_one()
        prepare(self.office.database, self.office.connect, newest)

    def deliver(self) -> None:
        self.prepare()
        with self.office.database.reading() as connection:
            is_due = (Passback.state == "due", Passback.next_try_at <= now())
            due = connection.execute(select(func.count()).where(*is_due)).scalar_one()
        for _ in range(due):
            self.office.try_once()

    def offers_undo(self) -> bool:
        return BUTTON in self.desk.get("grades")

    def gradebook(self) -> dict[str, float]:
        return {name: held["resultScore"] for name, held in self.office.lms.results.items()}


@pytest.fixture
def screen(office: PostOffice, tmp_path: Path) -> Iterator[Screen]:
    with time_machine.travel(MORNING) as clock:
        yield Screen(office, clock, tmp_path)


def send_in_vain(screen: Screen) -> None:
    """Somebody types a grade for Cleo in the LMS, so that Ada's send leaves her out."""
    screen.office.lms.hold("cleo", 3, 10)
    screen.send(screen.cleo, "9")
    screen.deliver()
    assert screen.gradebook()["cleo"] == 3


def test_a_send_that_left_everybody_out_does_not_hide_the_one_before(screen: Screen) -> None:
    screen.send(screen.ben, "8")
    screen.deliver()
    send_in_vain(screen)
    page = screen.desk.get("grades")
    assert BUTTON in page
    assert "3 May, 10:25 UTC" in page.partition(BUTTON)[2].partition("</li>")[0], "it says which send"

    screen.undo()
    screen.deliver()

    assert screen.gradebook() == {"ben": 10, "cleo": 3}
    assert not screen.offers_undo()


def test_a_send_that_reached_nobody_does_not_hide_the_one_before(screen: Screen) -> None:
    screen.send(screen.ben, "8")
    screen.deliver()
    screen.office.lms.next_answers.append(
        (422, {"errors": [{"message": "User not found in course or is not a student"}]})
    )
    screen.send(screen.cleo, "9")
    screen.deliver()
    assert "Error" in screen.desk.get("grades")

    screen.undo()
    screen.deliver()

    assert screen.gradebook()["ben"] == 10


def test_the_newest_send_is_undone_first(screen: Screen) -> None:
    screen.send(screen.ben, "8")
    screen.deliver()
    screen.send(screen.cleo, "9")
    screen.deliver()

    screen.undo()
    screen.deliver()

    assert screen.gradebook() == {"ben": 8, "cleo": 10}
    assert not screen.offers_undo(), "one step back, not two"


def test_while_a_send_is_under_way_there_is_nothing_to_undo(screen: Screen) -> None:
    screen.send(screen.ben, "8")
    screen.deliver()
    assert screen.offers_undo()

    screen.send(screen.cleo, "9")
    assert not screen.offers_undo(), "the LMS is read first"
    screen.prepare()
    assert not screen.offers_undo(), "the score is on its way"
    deliver_all(screen.office.database, screen.office.platform)
    assert screen.offers_undo()


def test_what_was_undone_is_not_offered_again_by_a_send_in_vain(screen: Screen) -> None:
    screen.send(screen.ben, "8")
    screen.deliver()
    screen.undo()
    screen.deliver()
    send_in_vain(screen)

    assert not screen.offers_undo()
    screen.desk.post("grades/undo", expects=400)


def test_the_history_says_what_an_undo_took_back(screen: Screen) -> None:
    screen.send(screen.ben, "8")
    screen.deliver()
    screen.undo()
    screen.deliver()

    undone = " ".join(screen.desk.get("history").partition("<tbody")[2].partition("</tr>")[0].split())
    assert "10:30 UTC" in undone
    assert "Ada Byron" in undone
    assert "Undo<small>of the send of" in undone
    assert "10:25 UTC" in undone
