"""The oracle finds what is wrong: each time one thing in the books of a real run is changed, and only that is found."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.chaos.actors import on_stage, serve
from tests.chaos.gradebook import Cell, Column, Entry
from tests.chaos.oracle import judge
from tests.chaos.run import set_scene, stop_politely, wait_for
from tests.chaos.tables import Row, Tables
from tests.chaos.taken import Wanted
from tests.chaos.wanted import Key, Plan


@dataclass
class Books:
    """What a run left behind, for a test to falsify."""

    wanted: dict[Key, Wanted]
    columns: list[tuple[int, Column]]
    journal: list[Entry]
    tables: Tables

    def found(self) -> dict[str, int]:
        verdict = judge(self.wanted, self.columns, self.journal, self.tables)
        return {kind: len(findings) for kind, findings in verdict.violations().items()}

    @property
    def ben(self) -> Key:
        """Some student."""
        return min(self.wanted)

    @property
    def cell(self) -> Cell:
        """Ben's."""
        [(_, column)] = self.columns
        return column.cells[self.ben.user]

    @property
    def row(self) -> Row:
        return self.tables.rows[self.ben]

    @row.setter
    def row(self, row: Row) -> None:
        self.tables.rows[self.ben] = row

    def sent(self) -> Entry:
        """The request that stored Ben's final score."""
        return next(one for one in reversed(self.journal) if one.user == self.ben.user and one.stored)


@pytest.fixture(scope="module")
def run() -> Iterator[Books]:
    """Eight students, two scores each, on a platform that is well."""
    with set_scene(Plan(seed=7, students=8, versions=2), "sqlite") as scene:
        scene.feed(30)
        actors = [serve(scene.world)]
        with on_stage(actors):
            assert wait_for(lambda: scene.reader.count_waiting() == 0, 30)
            assert stop_politely(actors) == []
        yield Books(scene.wanted(), scene.platforms.gradebook(), scene.platforms.journal(), scene.reader.read())


@pytest.fixture
def books(run: Books) -> Books:
    return deepcopy(run)


def test_nothing_is_wrong_with_a_run_that_went_well(books: Books) -> None:
    assert len(books.wanted) == 8
    assert all(len(wanted.scores) == 2 for wanted in books.wanted.values())
    assert books.found() == {}


def test_a_lost_score(books: Books) -> None:
    del books.columns[0][1].cells[books.ben.user]

    assert books.found() == {"lost": 1, "false_delivered": 1}


def test_a_stale_score(books: Books) -> None:
    books.cell.score = str(books.wanted[books.ben].scores[0])

    assert books.found() == {"stale": 1, "false_delivered": 1}


def test_a_score_that_nobody_wanted(books: Books) -> None:
    books.cell.score = "99"
    assert books.found() == {"wrong": 1, "false_delivered": 1}

    books.cell.score = str(books.wanted[books.ben].final)
    books.columns[0][1].cells["a-stranger"] = replace(books.cell)
    assert books.found() == {"wrong": 1}


def test_a_second_column(books: Books) -> None:
    number, column = books.columns[0]
    books.columns.append((number, replace(column, number=2, cells={})))

    assert books.found() == {"duplicate_columns": 1}


def test_a_score_left_behind_in_a_second_column(books: Books) -> None:
    number, column = books.columns[0]
    older = replace(books.cell, score=str(books.wanted[books.ben].scores[0]))
    books.columns.append((number, replace(column, number=2, cells={books.ben.user: older})))

    assert books.found() == {"duplicate_columns": 1, "stale": 1, "false_delivered": 1}


def change_row(**changes: object) -> Callable[[Row], Row]:
    return lambda row: replace(row, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (change_row(earned=Decimal(99)), "missing_rows"),
        (change_row(state="due"), "not_delivered"),
        (change_row(state="due", needs_person=True), "not_delivered"),
        (change_row(confirmed_version=1, version=2), "not_delivered"),
        (change_row(confirmed_score=Decimal(99)), "false_delivered"),
    ],
)
def test_a_row_of_the_tool_that_does_not_agree(books: Books, change: Callable[[Row], Row], kind: str) -> None:
    books.row = change(books.row)

    assert books.found() == {kind: 1}


def test_a_hand_in_that_was_acknowledged_and_is_nowhere(books: Books) -> None:
    del books.tables.rows[books.ben]
    del books.columns[0][1].cells[books.ben.user]

    assert books.found() == {"lost": 1, "missing_rows": 1}


def test_an_older_score_over_a_newer_one(books: Books) -> None:
    sent = books.sent()
    books.journal.append(sent._replace(timestamp="2020-01-01T00:00:00.000Z", score="1"))

    assert books.found() == {"older_over_newer": 1}


def test_two_scores_at_one_time(books: Books) -> None:
    sent = books.sent()
    at = next(position for position, one in enumerate(books.journal) if one is sent)
    books.journal.insert(at, sent._replace(score="99", stored=False, fault="500"))

    assert books.found() == {"two_scores_one_time": 1}


def test_a_timestamp_from_the_future(books: Books) -> None:
    books.journal.append(books.sent()._replace(timestamp="2999-01-01T00:00:00.000Z"))

    assert books.found() == {"from_the_future": 1}


def test_a_score_sent_again_after_it_was_confirmed(books: Books) -> None:
    sent = books.sent()
    books.journal.append(sent._replace(arrived_at=sent.arrived_at + 60, ended_at=sent.ended_at + 60))

    assert books.found() == {"sent_after_confirmed": 1}


def test_a_score_that_no_gradebook_can_take(books: Books) -> None:
    books.journal.append(books.sent()._replace(user=None, score=None, timestamp=None))

    assert books.found() == {"malformed": 1}


def test_what_it_cost(books: Books) -> None:
    verdict = judge(books.wanted, books.columns, books.journal, books.tables)

    assert (verdict.finals, verdict.score_requests) == (8, 8)
    assert verdict.requests_per_final == 1.0
    assert [one.kind for one in books.journal][:1] == ["token"]
    assert all(before.ended_at <= after.ended_at for before, after in pairwise(books.journal))
