"""A wish and the grade that causes it are one transaction: neither can be lost without the other."""

import pytest

from tests.rows import arrive, count_rows, hand_in, make_assignment, make_platform, passback_of
from tool.assessment.submitting import Work, open_work, submit
from tool.db import Database


def test_a_hand_in_leaves_a_grade_and_a_wish(database: Database) -> None:
    make_assignment(database)
    ben = arrive(database, make_platform(database))

    decision = hand_in(database, ben)

    assert decision is not None
    assert decision.kind == "send"
    row = passback_of(database, ben)
    assert (row.state, row.score, row.maximum, row.version, row.trigger) == ("due", 10, 10, 1, "automatic")
    assert count_rows(database)["grades"] == 1


def test_a_failure_after_the_grade_takes_the_wish_with_it(database: Database) -> None:
    make_assignment(database)
    ben = arrive(database, make_platform(database))
    with database.writing() as connection:
        work = open_work(connection, ben.placement_id or 0, ben.member_id, "fractions")
    before = count_rows(database)

    with pytest.raises(RuntimeError):
        hand_in_and_stop(database, work)

    assert count_rows(database) == before
    assert before["grades"] == before["passbacks"] == 0


def hand_in_and_stop(database: Database, work: Work) -> None:
    with database.writing() as connection:
        submit(connection, work)
        raise RuntimeError("the machine stops before the commit")


def test_handing_in_twice_is_one_grade_and_one_wish(database: Database) -> None:
    make_assignment(database)
    ben = arrive(database, make_platform(database))
    with database.writing() as connection:
        work = open_work(connection, ben.placement_id or 0, ben.member_id, "fractions")

    with database.writing() as connection:
        first = submit(connection, work)
    with database.writing() as connection:
        second = submit(connection, work)

    assert first is not None
    assert second is None
    assert passback_of(database, ben).version <= 1
    assert count_rows(database)["passbacks"] == 1
