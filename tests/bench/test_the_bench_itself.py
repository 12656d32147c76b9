"""The bench in its short form: every part runs, nothing is lost, and nothing is sent twice."""

import pytest

from tests.bench import hand_ins, launches, scaling, sending, waiting
from tests.bench.figures import Section
from tests.bench.sizes import SHORT
from tests.conftest import postgres_answers

SQLITE = ["sqlite"]


def reached(section: Section, what: str) -> bool | None:
    """Whether the goal of the row about this is reached."""
    (row,) = [row for row in section.rows if row.what.startswith(what)]
    return row.is_reached


def test_launches() -> None:
    section = launches.run(SHORT, SQLITE)
    assert reached(section, f"{SHORT.burst} launches in a burst")


def test_sending() -> None:
    section = sending.run(SHORT, SQLITE)
    requests = next(row.ours for row in section.rows if row.what.startswith("requests to send"))
    assert f"{SHORT.scores} score" in requests
    assert "1 column_made" in requests


def test_hand_ins() -> None:
    assert reached(hand_ins.run(SHORT, SQLITE), "seconds, p50 and p95") is not None


def test_many_waiting() -> None:
    assert reached(waiting.run(SHORT, SQLITE), f"{SHORT.waiting:,} waiting")


def test_two_workers() -> None:
    if not postgres_answers():
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432 (set PASSBACK_TEST_POSTGRES to use another)")
    assert reached(scaling.run(SHORT), "how often the same score was sent")
