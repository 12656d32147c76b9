"""What the LMS's refusals mean for the row: when it is tried again, and whether somebody has to look."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import BEN
from tests.passback.conftest import PostOffice
from tests.rows import arrive, attempts, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.lti.connector import Connector
from tool.passback.delivery import deliver

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

# What goes over the wire is the same whatever the database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def ben(office: PostOffice) -> Arrival:
    place = arrive(office.database, office.platform, BEN, ags=office.opens())
    wish_for(office.database, office.platform, place, 8)
    return place


@pytest.mark.parametrize(
    ("status", "said", "outcome", "reason"),
    [
        (503, "maintenance", "later", "server_error"),
        (429, "slow down", "throttled", "rate_limited"),
        (401, "expired", "sign_in_again", "token_expired"),
        (403, "user is not enrolled", "needs_person", "not_enrolled"),
        (404, "no such column", "needs_person", "column_gone"),
    ],
)
def test_a_refusal_is_told_and_kept(
    office: PostOffice, ben: Arrival, status: int, said: str, outcome: str, reason: str
) -> None:
    office.lms.next_answers.extend([(status, {"errors": said})] * 2)
    with time_machine.travel(now(), tick=False):
        office.try_once()
        waits = passback_of(office.database, ben).next_try_at - now()

    row = passback_of(office.database, ben)
    needs_person = outcome == "needs_person"
    assert (row.state, row.failure, row.needs_person, row.tries) == ("due", reason, needs_person, 1)
    assert (DAY - MINUTE * 31 <= waits <= DAY + MINUTE * 31) if needs_person else (timedelta(0) < waits < MINUTE)
    (attempt,) = attempts(office.database)
    assert (attempt.outcome, attempt.reason, attempt.status) == (outcome, reason, status)
    assert said in attempt.answer


def test_what_fails_for_a_day_needs_a_person_and_is_tried_daily(office: PostOffice, ben: Arrival) -> None:
    office.lms.next_answers.extend([(503, {})] * 3)
    with time_machine.travel(now(), tick=False) as clock:
        office.try_once()
        clock.shift(DAY)
        office.try_once()
        assert passback_of(office.database, ben).needs_person
        clock.shift(DAY + MINUTE * 31)
        office.try_once()
        clock.shift(DAY + MINUTE * 31)

        assert office.try_once().outcome == "delivered"

    row = passback_of(office.database, ben)
    assert (row.state, row.needs_person, row.tries) == ("delivered", False, 0)


def test_a_crash_of_our_own_is_a_retry(office: PostOffice, ben: Arrival) -> None:
    def break_down(_platform_id: int) -> Connector:
        raise KeyError("a bug")

    settlement = deliver(office.take(), database=office.database, connect=break_down)

    assert (settlement.outcome, settlement.reason, settlement.state_after) == ("later", "crashed", "due")
    assert settlement.next_try_at is not None
