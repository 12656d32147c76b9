"""Scores that need a person: found, explained, tried again, and then in the gradebook."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.admin.failures import count_due, fail, in_gradebook, send_due
from tests.admin.test_overview import count_queries, make_platforms
from tests.cast import ADA, AMARA, BEN, CLEO, DIEGO, WARM_UP
from tests.desk import Desk
from tests.lms_beside import CourseBeside
from tests.operators import GRACE, Operator, words
from tests.rows import ended, make_class, passback_of, wish_for_all
from tool.admin import needing
from tool.admin.needing import ROWS_OF_A_PAGE
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.operators import Operator as OperatorRow
from tool.model.passbacks import Passback
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform
from tool.wake import Bell

LIST = "/admin/needs-person"
RETRY = "/admin/needs-person/retry"


def rows_of(page: str) -> list[int]:
    """The passbacks on a page of the list."""
    return [int(number) for number in re.findall(r'data-passback="(\d+)"', page)]


def break_down(database: Database, platform: KnownPlatform, size: int, reason: str) -> list[Arrival]:
    """As many scores that need a person, for that reason."""
    places = make_class(database, platform, size, resource_link={"id": f"link-{reason}", "title": "Fractions"})
    wish_for_all(database, platform, places)
    claimed = claim(database, platform.id, holder="sender", limit=1000)
    settle(database, [ended(one, "needs_person", reason=reason, status=404, needs_person=True) for one in claimed])
    return places


def test_a_failure_is_shown_with_its_remedy_and_without_names(course: CourseBeside, grace: Operator) -> None:
    (place,) = fail(course, [BEN], "refuse")
    row = passback_of(course.database, place)

    page = grace.open(LIST)
    read = words(page)
    assert rows_of(page) == [row.id]
    assert f"Member {place.member_id}" in read
    assert f"course {place.course_id} · placement {place.placement_id}" in read
    assert "status 422" in read
    assert row.first_failed_at.isoformat(timespec="seconds") in page
    assert "does not know this student" in read
    assert "Who can fix it: The teacher." in read
    assert f'href="#remedy-{course.known.id}-not_enrolled"' in page
    assert f'id="remedy-{course.known.id}-not_enrolled"' in page
    for name in (BEN.name, ADA.name, BEN.subject):
        assert name not in page


def test_a_retry_brings_the_score_into_the_gradebook(course: CourseBeside, grace: Operator) -> None:
    ben, cleo = fail(course, [BEN, CLEO], "refuse")
    assert send_due(course) == [], "by itself it waits for tomorrow"

    answer = grace.press(RETRY, one=str(passback_of(course.database, ben).id))
    assert (answer.status_code, answer.location) == (303, f"{LIST}?retried=1")
    assert "Tried again now: 1" in words(grace.open(answer.location))
    assert send_due(course) == ["delivered"]

    assert in_gradebook(course, BEN) == 16, "eight of ten, in a column of twenty"
    assert in_gradebook(course, CLEO) is None
    assert rows_of(grace.open(LIST)) == [passback_of(course.database, cleo).id]


def test_chosen_scores_are_tried_again(course: CourseBeside, grace: Operator) -> None:
    places = fail(course, [BEN, CLEO, AMARA], "refuse")
    ids = [str(passback_of(course.database, place).id) for place in places]

    grace.press(RETRY, chosen=ids[:2])
    assert send_due(course) == ["delivered", "delivered"]
    assert in_gradebook(course, BEN) == in_gradebook(course, CLEO) == 16
    assert in_gradebook(course, AMARA) is None


def test_all_of_a_reason_are_tried_again_and_no_others(
    course: CourseBeside, grace: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needing, "ROWS_AT_ONCE", 2)
    fail(course, [BEN, CLEO, AMARA], "refuse")
    other = course.opens(DIEGO, WARM_UP, ags={"lineitem": f"{course.lms.url}/api/lti/nowhere", "scope": []})
    fail_for_another_reason(course, other)

    answer = grace.press(RETRY, all="1", platform=str(course.known.id), reason="not_enrolled")
    assert answer.location == f"{LIST}?retried=3"
    assert send_due(course) == ["delivered"] * 3
    assert count_due(course.database, Passback.needs_person) == 1
    assert passback_of(course.database, other).failure == "column_gone"


def fail_for_another_reason(course: CourseBeside, place: Arrival) -> None:
    wish_for_all(course.database, course.known, [place])
    claimed = claim(course.database, course.known.id, holder="sender", limit=1)
    settle(
        course.database,
        [ended(one, "needs_person", reason="column_gone", status=404, needs_person=True) for one in claimed],
    )


def test_a_retry_without_a_choice_does_nothing(course: CourseBeside, grace: Operator) -> None:
    (place,) = fail(course, [BEN], "refuse")
    for fields in ({}, {"all": "1"}, {"one": "999999"}, {"chosen": "x"}, {"all": "1", "reason": "\x00"}):
        answer = grace.press(RETRY, **fields)
        assert "Nothing was chosen." in words(grace.open(answer.location))

    assert passback_of(course.database, place).needs_person


def test_a_delivered_score_is_not_sent_again_by_a_stale_page(course: CourseBeside, grace: Operator) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    before = passback_of(course.database, ben)

    grace.press(RETRY, one=str(before.id))
    assert passback_of(course.database, ben) == before


def test_the_sender_is_woken_and_the_log_says_who_did_it(course: CourseBeside, desk: Desk, grace: Operator) -> None:
    (place,) = fail(course, [BEN], "refuse")
    row = passback_of(course.database, place)
    with rung(desk.parts.bell), capture_logs() as lines:
        grace.press(RETRY, one=str(row.id))

    with desk.database.reading() as connection:
        operator_id = connection.execute(select(OperatorRow.id)).scalar_one()
    (line,) = [one for one in lines if one["event"] == "operator.retried"]
    assert (line["operator_id"], line["passback_ids"]) == (operator_id, [row.id])
    assert GRACE not in str(lines)


@contextmanager
def rung(bell: Bell) -> Iterator[None]:
    bell.wait(0)
    yield
    assert bell.wait(0)


def test_the_list_is_sifted_and_paged(desk: Desk, grace: Operator) -> None:
    database = desk.database
    one, other = make_platforms(database, "https://one.example", "https://other.example")
    break_down(database, one, ROWS_OF_A_PAGE + 3, "column_gone")
    break_down(database, one, 2, "scope_missing")
    break_down(database, other, 1, "column_gone")

    first = rows_of(grace.open(LIST))
    second = rows_of(grace.open(f"{LIST}?page=2"))
    assert (len(first), len(second)) == (ROWS_OF_A_PAGE, 6)
    assert not set(first) & set(second)
    assert rows_of(grace.open(f"{LIST}?page=99")) == second, "past the end is the end"
    assert len(rows_of(grace.open(f"{LIST}?platform={other.id}"))) == 1
    assert len(rows_of(grace.open(f"{LIST}?reason=scope_missing"))) == 2
    assert rows_of(grace.open(f"{LIST}?platform={other.id}&reason=scope_missing")) == []
    assert "Page 2 of 2" in words(grace.open(f"{LIST}?platform={one.id}&reason=column_gone&page=2"))


def test_the_number_of_queries_does_not_grow_with_the_list(desk: Desk, grace: Operator) -> None:
    one, other = make_platforms(desk.database, "https://one.example", "https://other.example")
    break_down(desk.database, one, 1, "column_gone")
    few = count_queries(desk.database, lambda: grace.open(LIST))
    break_down(desk.database, one, 30, "scope_missing")
    break_down(desk.database, other, 10, "not_enrolled")

    assert count_queries(desk.database, lambda: grace.open(LIST)) == few


def test_when_nothing_needs_a_person_it_says_so(grace: Operator) -> None:
    assert "Nothing needs a person" in words(grace.open(LIST))
