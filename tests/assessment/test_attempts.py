"""Ben tries again: each attempt is its own submission, and what counts is what the ledger hears of."""

from decimal import Decimal

import pytest

from tests.assessment.stories import (
    HALF,
    QUARTER,
    change,
    deliver_all,
    grades_of,
    mark,
    told,
    try_again,
    work_of,
)
from tests.rows import count_rows, hand_in, passback_of
from tool.assessment.page_mark import PageMark
from tool.assessment.submitting import (
    AlreadyHandedIn,
    begin_again,
    look_at_work,
    open_work,
    save_answers,
)
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.registration.platforms import KnownPlatform

RIGHT = {"half": "0.5", "quarter": "0.25"}
HALF_RIGHT = {"half": "0.5", "quarter": "0.2"}
WRONG = {"half": "0", "quarter": "0"}


def test_looking_begins_nothing_and_the_first_answer_does(database: Database, ben: Arrival) -> None:
    whose = (ben.placement_id or 0, ben.member_id, "fractions")
    with database.reading() as connection:
        page = PageMark.read(str(PageMark.make(look_at_work(connection, *whose))))
    assert count_rows(database)["submissions"] == 0

    for answers in (HALF_RIGHT, RIGHT):
        with database.writing() as connection:
            work = save_answers(connection, open_work(connection, *whose), answers, page)
        page = PageMark(work.revision, page.page)

    assert (work_of(database, ben).answers, count_rows(database)["submissions"]) == (RIGHT, 1)


def test_a_page_from_before_the_first_attempt_does_not_write_into_the_second(database: Database, ben: Arrival) -> None:
    whose = (ben.placement_id or 0, ben.member_id, "fractions")
    with database.reading() as connection:
        page = PageMark.read(str(PageMark.make(look_at_work(connection, *whose))))
    change(database, attempts=2)
    hand_in(database, ben, RIGHT)
    with database.writing() as connection:
        second = begin_again(connection, work_of(database, ben), *whose[:2])

    with pytest.raises(AlreadyHandedIn), database.writing() as connection:
        save_answers(connection, second, WRONG, PageMark(second.revision, page.page))

    assert work_of(database, ben).answers == {}


def test_a_further_attempt_is_a_change_since_sent(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    change(database, attempts=3, counting_attempt="best")
    hand_in(database, ben, HALF_RIGHT)
    first = work_of(database, ben)
    deliver_all(database, platform)

    decision = try_again(database, ben, RIGHT)

    assert decision is not None
    assert decision.reason == "changed"
    assert told(database, ben) == (10, "further_attempt", "changed", 1)
    second = work_of(database, ben)
    assert (second.attempt_number, second.submission_id != first.submission_id) == (2, True)
    assert [grade.score for grade in grades_of(database, ben)] == [5, 10]


def test_a_worse_attempt_changes_nothing_where_the_best_counts(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, attempts=3, counting_attempt="best")
    hand_in(database, ben, HALF_RIGHT)
    deliver_all(database, platform)
    before = passback_of(database, ben)

    assert try_again(database, ben, WRONG) is None

    assert passback_of(database, ben) == before


def test_where_the_first_counts_a_held_blank_stays_held_as_such(database: Database, ben: Arrival) -> None:
    change(database, attempts=None, counting_attempt="first")
    hand_in(database, ben, {"half": "0.5"})

    try_again(database, ben, RIGHT)

    assert told(database, ben) == (5, "submitted", "unanswered", 0)


def test_an_average_moves_with_each_attempt(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    change(database, attempts=3, counting_attempt="average")
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)

    try_again(database, ben, HALF_RIGHT)
    try_again(database, ben, HALF_RIGHT)

    assert told(database, ben) == (Decimal("6.67"), "further_attempt", "changed", 1)


def test_with_automatic_updates_a_further_attempt_goes_by_itself(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, attempts=2, counting_attempt="last", updates="automatic")
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)

    try_again(database, ben, HALF_RIGHT)

    row = passback_of(database, ben)
    assert (row.state, row.score, row.cause, row.version) == ("due", 5, "further_attempt", 2)
    assert row.submitted_at == work_of(database, ben).submitted_at


def test_a_score_that_counts_is_changed_by_its_own_attempt(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, attempts=2, counting_attempt="first")
    hand_in(database, ben, HALF_RIGHT)
    deliver_all(database, platform)
    try_again(database, ben, WRONG)

    mark(database, platform, ben, quarter=4)  # of the second attempt, which does not count

    assert told(database, ben) == (5, "submitted", None, 1)
    assert grades_of(database, ben)[1].score == 4


def test_another_rule_counts_what_was_handed_in_anew(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    change(database, attempts=2, counting_attempt="first")
    hand_in(database, ben, HALF_RIGHT)
    deliver_all(database, platform)
    try_again(database, ben, RIGHT)

    change(database, counting_attempt="last")

    assert told(database, ben) == (10, "regraded", "changed", 1)


def test_two_presses_begin_one_attempt(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    handed_in = work_of(database, ben)

    for _ in range(2):
        with database.writing() as connection:
            begun = begin_again(connection, handed_in, ben.placement_id or 0, ben.member_id)

    assert (begun.attempt_number, begun.answers) == (2, {})
    assert count_rows(database)["submissions"] == 2
    with database.writing() as connection:
        assert open_work(connection, ben.placement_id or 0, ben.member_id, "fractions") == begun


def test_an_attempt_that_is_only_begun_does_not_count(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, attempts=2, counting_attempt="last")
    hand_in(database, ben, HALF_RIGHT)
    deliver_all(database, platform)
    with database.writing() as connection:
        begin_again(connection, work_of(database, ben), ben.placement_id or 0, ben.member_id)

    change(database, questions=[{**HALF, "points": 10}, QUARTER])

    assert told(database, ben) == (10, "points_changed", "changed", 1)
