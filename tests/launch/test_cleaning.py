"""What has ended is thrown away; what somebody may still use stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.cast import BEN
from tests.lms_beside import write_launch
from tests.rows import arrive, make_assignment, make_platform
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.launch.arriving import LAUNCH_LIFE
from tool.launch.cleaning import purge_expired
from tool.lti.login import STATE_SECONDS
from tool.model.work import Launch


@pytest.fixture
def ben(database: Database) -> Arrival:
    make_assignment(database)
    return arrive(database, make_platform(database), BEN)


def count_launches(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Launch)).scalar_one()


def test_a_launch_outlives_the_token_it_came_with() -> None:
    """Its row is what keeps the token from being used again."""
    assert timedelta(seconds=STATE_SECONDS) + timedelta(minutes=5) < LAUNCH_LIFE


def test_a_launch_goes_when_it_has_ended(database: Database, ben: Arrival) -> None:
    write_launch(database, ben, ends_in=-timedelta(seconds=1))
    write_launch(database, ben, ends_in=timedelta(minutes=5))
    purge_expired(database)

    assert count_launches(database) == 1


def test_many_go_some_at_a_time(database: Database, ben: Arrival, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.launch.cleaning.ROWS_AT_ONCE", 3)
    for _ in range(10):
        write_launch(database, ben, ends_in=-timedelta(seconds=1))
    purge_expired(database)

    assert count_launches(database) == 0


def test_it_wants_to_be_done_again(database: Database) -> None:
    assert now() + timedelta(minutes=59) < purge_expired(database) < now() + timedelta(minutes=61)
