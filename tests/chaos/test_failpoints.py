"""The short form: one class, and a death at each of the places, one after the other."""

import pytest

from tests.chaos.failpoints import HAND_INS, Deaths, die_everywhere_once
from tool.failpoints import PLACES


def test_there_are_enough_places() -> None:
    assert len(PLACES) >= 12
    assert {place.partition(".")[0] for place in PLACES} >= {"submit", "claim", "send", "settle", "token", "column"}


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_wherever_the_process_dies() -> None:
    ending = die_everywhere_once(Deaths(students=150, every=2, token_seconds=1.0, limit_seconds=200))

    assert ending.violations() == {}
    assert ending.verdict.finals == 150
    assert list(ending.deaths.values()) == [1] * len(HAND_INS)
