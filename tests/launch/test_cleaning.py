"""What has ended is thrown away; what somebody may still use stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from tests.cast import BEN
from tests.lms_beside import write_launch
from tests.rows import arrive, make_assignment, make_platform
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.launch.cleaning import purge_expired
from tool.model.work import Launch, UsedNonce


@pytest.fixture
def ben(database: Database) -> Arrival:
    make_assignment(database)
    return arrive(database, make_platform(database), BEN)


def spend_nonces(database: Database, how_many: int, lifetime: timedelta) -> None:
    rows = [{"digest": f"{lifetime}-{number}", "expires_at": now() + lifetime} for number in range(how_many)]
    with database.writing() as connection:
        connection.execute(insert(UsedNonce), rows)


def count(database: Database, table: type[UsedNonce] | type[Launch]) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_used_nonces_go_once_their_states_have_expired(database: Database) -> None:
    spend_nonces(database, 7, -timedelta(seconds=1))
    spend_nonces(database, 2, timedelta(minutes=5))
    purge_expired(database)

    assert count(database, UsedNonce) == 2


def test_a_launch_goes_when_it_has_ended(database: Database, ben: Arrival) -> None:
    write_launch(database, ben, ends_in=-timedelta(seconds=1))
    write_launch(database, ben, ends_in=timedelta(minutes=5))
    purge_expired(database)

    assert count(database, Launch) == 1


def test_many_go_some_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tool.launch.cleaning.ROWS_AT_ONCE", 3)
    spend_nonces(database, 10, -timedelta(seconds=1))
    purge_expired(database)

    assert count(database, UsedNonce) == 0


def test_it_wants_to_be_done_again(database: Database) -> None:
    assert now() + timedelta(minutes=59) < purge_expired(database) < now() + timedelta(minutes=61)
