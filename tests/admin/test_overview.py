"""The overview tells what the rows hold, and monitoring is told the same numbers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, insert, update

from tests.admin.failures import count_due, fail
from tests.cast import AMARA, BEN, CLEO, DIEGO
from tests.desk import Desk
from tests.lms_beside import CourseBeside
from tests.operators import Operator, words
from tests.rows import CLIENT, entry, make_class, make_platform, wish_for, wish_for_all
from tool.admin.health import LATE_AFTER
from tool.clock import now
from tool.db import Database
from tool.model.delivering import Lane, LiveSender
from tool.model.errands import Errand
from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.platforms import KeptToken, Platform
from tool.model.work import Placement
from tool.passback.ledger.claiming import claim
from tool.registration.keys import ensure_signing_key
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, adopt_file_platforms

Measures = dict[tuple[str, str], float]


def card(page: str, platform_id: int) -> str:
    """A platform's part of the overview."""
    found = re.search(rf'<article[^>]*data-platform="{platform_id}".*?</article>', page, re.DOTALL)
    assert found, page
    return found[0]


def figure(part: str, name: str) -> int:
    found = re.search(rf'data-figure="{name}">(\d+)<', part)
    assert found, part
    return int(found[1])


def scrape(operator: Operator) -> Measures:
    """(name, label that is not the platform) → value, as Prometheus reads it; each platform by its id."""
    answer = Operator(operator.desk, source="127.0.0.1").get("/metrics")
    assert answer.status_code == 200
    read: Measures = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            rest = {name: value for name, value in sample.labels.items() if name != "platform"}
            read[sample.name, " ".join(str(rest[name]) for name in sorted(rest))] = sample.value
    return read


def make_platforms(database: Database, *issuers: str) -> list[KnownPlatform]:
    adopt_file_platforms(database, {issuer: (entry(name=issuer),) for issuer in issuers})
    known = [TrustedPlatforms(database).known(issuer, CLIENT) for issuer in issuers]
    return [one for one in known if one is not None]


def change_lane(database: Database, platform_id: int, **values: Any) -> None:
    with database.writing() as connection:
        known = {"platform_id": platform_id, "most_in_flight": 4, "failures": 0}
        if not connection.execute(update(Lane).where(Lane.platform_id == platform_id).values(**values)).rowcount:
            connection.execute(insert(Lane).values(**(known | values)))


def test_what_really_failed_is_counted(course: CourseBeside, grace: Operator) -> None:
    """Two refused for good, one that the LMS had no answer for, one on its way, one leased to a sender."""
    database, platform_id = course.database, course.known.id
    fail(course, [BEN, CLEO], "refuse")
    fail(course, [AMARA], "error500")
    wish_for(database, course.known, course.opens(DIEGO), 8)
    (leased,) = claim(database, platform_id, holder="a sender", limit=1)

    part = card(grace.open(), platform_id)
    assert 'data-state="needs_person"' in part
    assert figure(part, "needs-person") == 2 == count_due(database, Passback.needs_person)
    assert figure(part, "waiting") == 2 == count_due(database, Passback.needs_person.is_(False))
    assert figure(part, "in-flight") == 1 == count_due(database, Passback.lease_holder == leased.holder)
    assert re.search(r'data-reason="not_enrolled".*?<strong class="number">2<', part, re.DOTALL)
    assert re.search(r'data-reason="server_error".*?<strong class="number">1<', part, re.DOTALL)
    with database.reading() as connection:
        token = connection.execute(KeptToken.__table__.select()).one()
    assert token.expires_at.isoformat(timespec="seconds") in part, "the token of those very requests"
    assert token.token not in grace.open()

    read, of_platform = scrape(grace), str(platform_id)
    assert read["passback_needs_person", of_platform] == 2
    assert read["passback_waiting", of_platform] == 2
    assert read["passback_in_flight", of_platform] == 1
    assert read["passback_failing", f"{of_platform} not_enrolled"] == 2
    assert read["passback_failing", f"{of_platform} server_error"] == 1
    assert 0 < read["passback_oldest_waiting_seconds", of_platform] < 300
    assert read["passback_token_expires_timestamp_seconds", of_platform] == pytest.approx(token.expires_at.timestamp())


@pytest.mark.parametrize(
    ("lane", "state", "said"),
    [
        ({}, "new", "Nothing sent yet"),
        ({"last_success_at": timedelta(minutes=-1)}, "fine", "Working"),
        ({"paused_until": timedelta(minutes=5)}, "paused", "Paused until"),
        ({"paused_until": timedelta(minutes=-5), "last_success_at": timedelta(0)}, "fine", "Working"),
        ({"broken_at": timedelta(hours=-1), "last_failure": "timeout"}, "broken", "Does not answer since"),
    ],
)
def test_the_lane_is_told(desk: Desk, grace: Operator, lane: dict[str, Any], state: str, said: str) -> None:
    platform = make_platform(desk.database)
    at = now()
    moments = {name: at + value if isinstance(value, timedelta) else value for name, value in lane.items()}
    if moments:
        change_lane(desk.database, platform.id, most_in_flight=7, **moments)

    part = card(grace.open(), platform.id)
    read = scrape(grace)
    assert f'data-state="{state}"' in part
    assert said in words(part)
    assert ("timeout" in part) is (state == "broken")
    assert read["passback_breaker_open", str(platform.id)] == (state == "broken")
    assert (read["passback_paused_seconds", str(platform.id)] > 0) is (state == "paused")
    assert read.get(("passback_most_in_flight", str(platform.id))) == (7 if moments else None)


def test_what_waits_too_long_is_late_and_a_platform_switched_off_says_so(desk: Desk, grace: Operator) -> None:
    database = desk.database
    late, off = make_platforms(database, "https://late.example", "https://off.example")
    wish_for_all(database, late, make_class(database, late, 2))
    with database.writing() as connection:
        connection.execute(update(Platform).values(is_active=Platform.id == late.id))
        long_ago = now() - LATE_AFTER - timedelta(minutes=1)
        connection.execute(update(Passback).values(wished_at=long_ago))

    page, read = grace.open(), scrape(grace)
    assert 'data-state="late"' in card(page, late.id)
    assert 'data-state="off"' in card(page, off.id)
    assert read["passback_oldest_waiting_seconds", str(late.id)] == pytest.approx(
        LATE_AFTER.total_seconds() + 60, abs=60
    )
    assert ("passback_waiting", str(off.id)) not in read


def test_lists_and_grades_that_could_not_be_read_are_counted(desk: Desk, grace: Operator) -> None:
    database = desk.database
    platform, other = make_platforms(database, "https://one.example", "https://other.example")
    (place,) = make_class(database, platform, 1)
    make_class(database, other, 1)
    with database.writing() as connection:
        connection.execute(update(Course).values(roster_failure="scope_missing"))
        connection.execute(
            update(Placement).where(Placement.id == place.placement_id).values(results_failure="timeout")
        )

    page, read = words(grace.open()), scrape(grace)
    assert page.count("the class list of 1 course could not be read") == 2
    assert page.count("the grades of 1 link could not be read") == 1
    assert read["passback_roster_failures", str(platform.id)] == read["passback_roster_failures", str(other.id)] == 1
    assert read["passback_reading_failures", str(platform.id)] == 1
    assert read["passback_reading_failures", str(other.id)] == 0


def test_keys_senders_and_errands_are_told(desk: Desk, grace: Operator) -> None:
    database = desk.database
    assert "None is alive" in words(grace.open())
    key = ensure_signing_key(database, desk.parts.settings)
    at = now()
    with database.writing() as connection:
        connection.execute(insert(LiveSender).values(name="lives", started_at=at, seen_at=at + timedelta(minutes=1)))
        connection.execute(insert(LiveSender).values(name="died", started_at=at, seen_at=at - timedelta(minutes=5)))
        for subject, failure in ((1, "timeout"), (2, None)):
            connection.execute(
                insert(Errand).values(
                    kind="roster", subject_id=subject, due_at=at, asked_at=at, tries=1, failure=failure
                )
            )

    page, read = words(grace.open()), scrape(grace)
    assert "1 is alive" in page
    assert f"{key.kid[:12]} signs · made today" in page
    assert "1 failed" in page
    assert read["passback_senders_alive", ""] == 1
    assert read["passback_errands_failing", "roster"] == 1
    assert read["passback_errands_due", "roster"] == 2
    assert 0 <= read["passback_signing_key_age_seconds", key.kid] < 300


def test_the_number_of_queries_does_not_grow_with_the_platforms(desk: Desk, grace: Operator) -> None:
    few = count_queries(desk.database, grace.open)
    for platform in make_platforms(desk.database, *(f"https://lms-{number}.example" for number in range(8))):
        wish_for_all(desk.database, platform, make_class(desk.database, platform, 3))

    assert count_queries(desk.database, grace.open) == few


def count_queries(database: Database, look: Any) -> int:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    look()
    event.remove(database.engine, "before_cursor_execute", note)
    return sum(not one.startswith("BEGIN") for one in asked)
