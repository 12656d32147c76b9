"""One press of *Sync*: the column and every score stand in the school's records, and only what changed goes again."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.sis.sync.bench import BENS, CLEOS, Bench
from tool.model.sis import SisSection


def test_column_and_scores_arrive(bench: Bench) -> None:
    bench.hand_in()
    ended = bench.sync()

    assert (ended.status, ended.stage, ended.code) == ("completed", "done", None)
    column = bench.columns()["Fractions"]
    assert (column["category"], column["maximum"], column["period_id"]) == ("Homework", Decimal(10), "gp-q2")
    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(10)}
    assert bench.view().status == "successful"
    assert bench.asked()


def test_only_what_changed_goes_again(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    bench.sync()
    bench.sis.journal.clear()
    bench.hand_in(bench.cleo, half="0.5")
    ended = bench.sync()

    [score] = bench.asked()
    assert "/results/" in score
    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(5)}
    assert ("score", "unchanged", None) in bench.lines(ended.id)


def test_a_second_press_sends_nothing(bench: Bench) -> None:
    bench.hand_in()
    bench.sync()
    bench.sis.journal.clear()
    bench.sync()

    assert bench.asked() == []


@pytest.mark.parametrize(
    "settings",
    [{"version": "1.1"}, {"version": "1.1", "auth": "oauth1", "takes_exempt": False}, {"auth": "bearer"}],
    ids=["1.1", "1.1 signed", "a constant token"],
)
def test_older_versions_and_other_ways_in(open_bench: Callable[..., Bench], settings: dict[str, Any]) -> None:
    bench = open_bench(**settings)
    bench.hand_in(bench.ben)
    ended = bench.sync()

    assert ended.status == "completed"
    scores = bench.scores()
    assert scores.pop(BENS) == Decimal(10)
    assert scores == ({} if "version" in settings else {CLEOS: None}), "1.1 has no result without a number"


def test_a_class_is_first_sent_once(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    assert bench.rows(SisSection)[0].first_sent_at is None
    bench.sync()
    first = bench.rows(SisSection)[0].first_sent_at
    bench.hand_in(bench.cleo)
    bench.sync()

    assert first is not None
    assert bench.rows(SisSection)[0].first_sent_at == first
