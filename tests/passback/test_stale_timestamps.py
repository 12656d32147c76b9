"""The LMS says that it has this moment or a later one already: its gradebook tells what that means."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import BEN
from tests.passback.conftest import PostOffice
from tests.rows import ALL_SCOPES, arrive, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.lti.vocabulary import SCOPE_RESULT_READ

STALE = (409, {"errors": "refused"})
HANGS_UP = None


@pytest.fixture
def ben(office: PostOffice) -> Arrival:
    place = arrive(office.database, office.platform, BEN, ags=office.opens())
    wish_for(office.database, office.platform, place, 8)
    return place


def test_an_empty_cell_is_held_too(office: PostOffice, ben: Arrival) -> None:
    office.lms.next_answers.append(STALE)

    assert office.try_once().outcome == "overtaken"


def test_without_the_right_to_read_a_repeat_is_believed(office: PostOffice) -> None:
    scopes = [scope for scope in ALL_SCOPES if scope != SCOPE_RESULT_READ]
    place = arrive(office.database, office.platform, BEN, ags=office.opens() | {"scope": scopes})
    wish_for(office.database, office.platform, place, 8)
    with time_machine.travel(now(), tick=False) as clock:
        office.lms.next_answers.extend([HANGS_UP, STALE])
        office.try_once()
        clock.shift(timedelta(seconds=5))

        assert office.try_once().outcome == "delivered"


def test_without_the_right_to_read_a_first_try_is_not(office: PostOffice) -> None:
    scopes = [scope for scope in ALL_SCOPES if scope != SCOPE_RESULT_READ]
    place = arrive(office.database, office.platform, BEN, ags=office.opens() | {"scope": scopes})
    wish_for(office.database, office.platform, place, 8)
    office.lms.next_answers.append(STALE)

    assert office.try_once().outcome == "overtaken"


def test_an_old_retry_looks_before_it_writes(office: PostOffice, ben: Arrival) -> None:
    """Ada has typed a grade while our score could not arrive: it stays."""
    with time_machine.travel(now(), tick=False) as clock:
        office.lms.next_answers.append((503, {}))
        office.try_once()
        office.lms.hold("ben", 3, 10)
        clock.shift(timedelta(minutes=11))

        assert office.try_once().reason == "changed_in_lms"

    assert len(office.lms.scores) == 1


def test_an_old_retry_of_a_free_cell_is_sent(office: PostOffice, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        office.lms.next_answers.append((503, {}))
        office.try_once()
        clock.shift(timedelta(minutes=11))

        assert office.try_once().outcome == "delivered"
