"""When nothing goes to an LMS at all, Ada reads so: what waits, why, and who has to mend it."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests.cast import BEN
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice
from tool.clock import now
from tool.outbound import Answer
from tool.registration.lanes import Lanes

# What the page says is the same whatever the database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

DOWN = Answer(503, {}, b"")


@pytest.fixture
def room(office: PostOffice, tmp_path: Path) -> Classroom:
    return Classroom(office, tmp_path)


def stop(room: Classroom) -> Lanes:
    """Five requests in a row found the LMS down."""
    lanes = Lanes(room.office.database, "story")
    watch = lanes.watch(room.office.platform.id, "canvas")
    for _ in range(5):
        watch.answered(DOWN)
    lanes.write_down()
    return lanes


def test_a_score_behind_an_outage_says_why_it_waits(room: Classroom) -> None:
    """It was never tried itself, and would otherwise only say that it waits."""
    ben = room.hands_in(BEN)
    stop(room)

    page = room.page()
    assert "Nothing has gone to Paper LMS since" in page
    assert "goes by itself as soon as Paper LMS takes it" in page
    assert "Queued the LMS has trouble; it is tried again by itself" in room.row(ben)
    assert "had an error of its own" in room.panel(ben)


def test_after_a_day_it_is_an_error_that_a_person_sees(room: Classroom) -> None:
    with time_machine.travel(now() - timedelta(hours=25)):
        stop(room)
    ben = room.hands_in(BEN)

    assert "Error the LMS has trouble" in room.row(ben)


def test_what_is_over_is_not_spoken_of(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    lanes = stop(room)
    lanes.watch(room.office.platform.id, "canvas").answered(Answer(200, {}, b"{}"))
    lanes.write_down()

    assert "Nothing has gone to" not in room.page()
    assert room.row(ben).endswith("Queued")
