"""One test of a platform at a time, and a pause after it, from whichever process it is asked for."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests.registration.wired import Wired
from tests.rows import make_platform
from tool.clock import now
from tool.db import Database
from tool.registration.checks.turns import LEASE, PAUSE, CheckedJustNow, taking_turn
from tool.registration.platforms import KnownPlatform


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    return make_platform(database)


@pytest.fixture
def wired(database: Database, tmp_path: Path) -> Iterator[Wired]:
    both = Wired(database, tmp_path)
    yield both
    both.stop()


def is_free(database: Database, platform: KnownPlatform) -> bool:
    try:
        with taking_turn(database, platform.id):
            return True
    except CheckedJustNow:
        return False


def test_only_one_at_a_time(database: Database, platform: KnownPlatform) -> None:
    with (
        taking_turn(database, platform.id),
        pytest.raises(CheckedJustNow) as refused,
        taking_turn(database, platform.id),
    ):
        pytest.fail("two at once")
    assert 0 < refused.value.wait_seconds <= LEASE.total_seconds()


def test_not_again_at_once(database: Database, platform: KnownPlatform) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert is_free(database, platform)
        clock.shift(PAUSE - timedelta(seconds=1))
        assert not is_free(database, platform)
        clock.shift(timedelta(seconds=1))
        assert is_free(database, platform)


def test_a_failed_one_gives_its_turn_back(database: Database, platform: KnownPlatform) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        with pytest.raises(ZeroDivisionError), taking_turn(database, platform.id):
            raise ZeroDivisionError
        clock.shift(PAUSE)
        assert is_free(database, platform)


def test_a_process_that_died_closes_nothing_for_ever(database: Database, platform: KnownPlatform) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        turn = taking_turn(database, platform.id)
        turn.__enter__()  # and never left
        clock.shift(LEASE - timedelta(seconds=1))
        assert not is_free(database, platform)
        clock.shift(timedelta(seconds=1))
        assert is_free(database, platform)
        turn.__exit__(None, None, None)


def test_a_clock_that_was_set_back_closes_nothing_for_ever(database: Database, platform: KnownPlatform) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert is_free(database, platform)
        clock.shift(-timedelta(days=1))
        assert is_free(database, platform)


def test_another_platform_has_its_own_turn(database: Database, platform: KnownPlatform) -> None:
    other = make_platform(database, issuer="https://other.example")
    assert is_free(database, platform)
    assert is_free(database, other)


def test_a_refused_test_asks_nobody(wired: Wired) -> None:
    wired.check()
    asked = len(wired.lms.received)
    with pytest.raises(CheckedJustNow):
        wired.check()
    assert len(wired.lms.received) == asked
