"""Errands that failed: found, and done again when the operator asks."""

import re
from typing import Any

from sqlalchemy import insert, select

from tests.cast import ADA
from tests.desk import Desk
from tests.lms_beside import CourseBeside
from tests.operators import Operator, words
from tests.stage import wait_until
from tool import errands
from tool.clock import now
from tool.course.roster import read_roster
from tool.db import Database
from tool.demo_lms.moods import Mood
from tool.errands import Runner
from tool.model.errands import Errand
from tool.wake import Bell
from tool.worker import in_threads

LIST = "/admin/errands"
RETRY = "/admin/errands/retry"


def make_failed(database: Database, kind: str, *subjects: int) -> None:
    """Errands that were given up."""
    at = now()
    with database.writing() as connection:
        for subject in subjects:
            connection.execute(
                insert(Errand).values(
                    kind=kind, subject_id=subject, asked_at=at, tries=6, failure="timeout", finished_at=at
                )
            )


def errand(database: Database, kind: str, subject: int) -> Any:
    with database.reading() as connection:
        mine = (Errand.kind == kind, Errand.subject_id == subject)
        return connection.execute(select(Errand).where(*mine)).one()


def is_due(database: Database, kind: str, subject: int) -> bool:
    found = errand(database, kind, subject)
    return found.due_at is not None and found.due_at <= now() and found.tries == 0


def test_a_class_list_that_could_not_be_read_is_read_when_asked(course: CourseBeside, grace: Operator) -> None:
    """Through the tool's own runner, from the failure to the list."""
    database, place = course.database, course.opens(ADA)
    runner = Runner(database, {"roster": lambda one: read_roster(database, course.connect, one)}, Bell())
    course.lms.lms.moods.change(Mood("refuse", target="services"))
    with database.writing() as connection:
        errands.ask(connection, "roster", place.course_id)
    with in_threads(runner):
        wait_until(lambda: errand(database, "roster", place.course_id).failure, 45)
        page = grace.open(LIST)
        course.lms.lms.moods.change(Mood())
        assert "Read a class list" in words(page)
        assert f"course {place.course_id}" in words(page)
        (number,) = re.findall(r'data-errand="(\d+)"', page)

        answer = grace.press(RETRY, one=number)
        assert "Tried again now: 1" in words(grace.open(answer.location))
        wait_until(lambda: errand(database, "roster", place.course_id).failure is None, 45)

    assert "No errand failed" in words(grace.open(LIST))


def test_all_of_a_kind_are_asked_for_again_and_no_others(desk: Desk, grace: Operator) -> None:
    make_failed(desk.database, "roster", 1, 2, 3)
    make_failed(desk.database, "results", 1)

    answer = grace.press(RETRY, all="roster")
    assert "retried=3" in answer.location
    assert [is_due(desk.database, "roster", subject) for subject in (1, 2, 3)] == [True] * 3
    assert not is_due(desk.database, "results", 1)


def test_errands_are_sifted_by_kind(desk: Desk, grace: Operator) -> None:
    make_failed(desk.database, "roster", 1, 2, 3)
    make_failed(desk.database, "results", 1)

    assert len(re.findall("data-errand", grace.open(LIST))) == 4
    assert len(re.findall("data-errand", grace.open(f"{LIST}?kind=roster"))) == 3


def test_what_did_not_fail_is_left_alone(desk: Desk, grace: Operator) -> None:
    with desk.database.writing() as connection:
        connection.execute(insert(Errand).values(kind="nightly", subject_id=0, asked_at=now(), tries=0))
    number = errand(desk.database, "nightly", 0).id
    for fields in ({"one": str(number)}, {"all": "nightly"}, {"one": "x"}, {}):
        grace.press(RETRY, **fields)

    assert errand(desk.database, "nightly", 0).due_at is None
