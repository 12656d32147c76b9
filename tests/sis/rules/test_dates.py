"""A school's day is local: due dates, periods with an end that is not in them, the hour of the night, clock changes.

Denver changes on 8 March and 1 November 2026 at 2 o'clock, Madrid on 29 March and 25 October 2026 at 2 and 3 o'clock.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sis.rules.fractions import DENVER, MADRID, QUARTER_1, QUARTER_2
from tool.sis.plain import Period
from tool.sis.rules.dates import Due, due_of, is_over, nearest_due, next_local_hour, period_of

HAVANA = ZoneInfo("America/Havana")
BEIRUT = ZoneInfo("Asia/Beirut")
PERIODS = (QUARTER_1, QUARTER_2)
SEMESTER = Period("gp-s1", "S1", date(2026, 8, 20), date(2027, 1, 16))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MOMENTS = st.integers(0, 2 * 365 * 24 * 3600).map(lambda seconds: utc("2026-01-01T00:00") + timedelta(seconds=seconds))


def test_a_date_that_was_set_stays_whatever_its_zone() -> None:
    set_due = datetime(2026, 11, 16, 23, 59, 59, tzinfo=DENVER)

    assert due_of(set_due, utc("2026-11-01T12:00"), MADRID) == Due(utc("2026-11-17T06:59:59"), "set")


@pytest.mark.parametrize(
    ("zone", "assigned", "due"),
    [
        # an ordinary week; assigned late on the 8th there, which is the 9th in Greenwich
        (DENVER, "2026-11-09T06:30", "2026-11-16T06:59:59"),
        (DENVER, "2026-11-09T07:00", "2026-11-17T06:59:59"),
        # due on the day of the change, whose end is reckoned by the hour of its evening
        (DENVER, "2026-03-01T18:00", "2026-03-09T05:59:59"),
        (DENVER, "2026-10-25T18:00", "2026-11-02T06:59:59"),
        (MADRID, "2026-03-22T10:00", "2026-03-29T21:59:59"),
        (MADRID, "2026-10-18T10:00", "2026-10-25T22:59:59"),
        # in Havana the clocks go back from 1 to 0 o'clock: the day before keeps its one end
        (HAVANA, "2026-10-24T12:00", "2026-11-01T03:59:59"),
        # in Beirut they go back from 0 to 23 o'clock: that evening has two ends, and the later one is meant
        (BEIRUT, "2026-10-17T12:00", "2026-10-24T21:59:59"),
    ],
)
def test_without_a_date_it_is_due_at_the_end_of_the_day_a_week_later(zone: ZoneInfo, assigned: str, due: str) -> None:
    assert due_of(None, utc(assigned), zone) == Due(utc(due), "inferred")


@pytest.mark.parametrize(
    ("at", "period"),
    [
        ("2026-08-20T05:59:59", None),
        ("2026-08-20T06:00:00", QUARTER_1),
        ("2026-10-31T05:59:59", QUARTER_1),  # 23:59:59 of the 30th in Denver, summer time
        ("2026-10-31T06:00:00", QUARTER_2),  # midnight: the first day that is no longer in it
        ("2027-01-16T06:59:59", QUARTER_2),  # winter time
        ("2027-01-16T07:00:00", None),
    ],
)
def test_a_period_has_its_first_day_and_not_its_end_to_the_second(at: str, period: Period | None) -> None:
    assert period_of(utc(at), PERIODS, DENVER) == period


def test_the_end_of_a_day_of_a_clock_change_is_in_its_period() -> None:
    until_sunday = Period("p", "P", date(2026, 10, 1), date(2026, 11, 2))
    since_monday = Period("q", "Q", date(2026, 11, 2), date(2026, 12, 1))

    assert period_of(utc("2026-11-02T06:59:59"), [until_sunday, since_monday], DENVER) == until_sunday
    assert period_of(utc("2026-11-02T07:00:00"), [until_sunday, since_monday], DENVER) == since_monday
    assert period_of(utc("2026-11-02T06:59:59"), [until_sunday, since_monday], MADRID) == since_monday


def test_a_quarter_is_meant_rather_than_its_semester() -> None:
    assert period_of(utc("2026-09-01T12:00"), (SEMESTER, *PERIODS), DENVER) == QUARTER_1


@pytest.mark.parametrize(
    ("at", "nearest"),
    [
        ("2026-09-01T12:00", "2026-09-01T12:00"),
        ("2026-08-20T12:00", "2026-08-20T12:00"),
        ("2026-08-01T12:00", "2026-08-21T05:59:59"),
        ("2027-02-01T12:00", "2027-01-16T06:59:59"),
    ],
)
def test_the_nearest_date_is_the_same_or_the_end_of_a_first_or_last_day(at: str, nearest: str) -> None:
    assert nearest_due(utc(at), PERIODS, DENVER) == utc(nearest)


def test_between_two_periods_the_nearer_edge_is_offered_and_without_periods_none() -> None:
    gap = (QUARTER_1, Period("gp-q3", "Q3", date(2027, 1, 20), date(2027, 3, 20)))

    assert nearest_due(utc("2026-11-10T12:00"), gap, DENVER) == utc("2026-10-31T05:59:59")
    assert nearest_due(utc("2027-01-10T12:00"), gap, DENVER) == utc("2027-01-21T06:59:59")
    assert nearest_due(utc("2027-01-10T12:00"), (), DENVER) is None
    empty = Period("gp-0", "Empty", date(2026, 9, 1), date(2026, 9, 1))
    assert nearest_due(utc("2026-09-01T12:00"), [empty], DENVER) is None


@given(MOMENTS)
def test_what_is_offered_lies_in_a_period(at: datetime) -> None:
    for zone in (DENVER, MADRID):
        offered = nearest_due(at, PERIODS, zone)

        assert offered is not None
        assert period_of(offered, PERIODS, zone) is not None


def test_a_period_is_over_when_its_last_day_has_passed_there() -> None:
    assert not is_over(QUARTER_1, utc("2026-10-31T05:59:59"), DENVER)
    assert is_over(QUARTER_1, utc("2026-10-31T06:00:00"), DENVER)


@pytest.mark.parametrize(
    ("zone", "hour", "after", "then"),
    [
        (DENVER, 2, "2026-06-10T07:59:59", "2026-06-10T08:00"),
        (DENVER, 2, "2026-06-10T08:00:00", "2026-06-11T08:00"),  # strictly later
        # the hour that is missing: the moment at which the clocks have jumped
        (DENVER, 2, "2026-03-08T00:00", "2026-03-08T09:00"),
        (DENVER, 2, "2026-03-08T09:00", "2026-03-09T08:00"),
        (MADRID, 2, "2026-03-29T00:00", "2026-03-29T01:00"),
        (MADRID, 2, "2026-03-29T01:00", "2026-03-30T00:00"),
        # the hour that comes twice: the first, and then not again that night
        (DENVER, 1, "2026-11-01T06:00", "2026-11-01T07:00"),
        (DENVER, 1, "2026-11-01T07:00", "2026-11-02T08:00"),
        (MADRID, 2, "2026-10-24T23:00", "2026-10-25T00:00"),
        (MADRID, 2, "2026-10-25T00:30", "2026-10-26T01:00"),
    ],
)
def test_the_hour_of_the_night(zone: ZoneInfo, hour: int, after: str, then: str) -> None:
    assert next_local_hour(utc(after), zone, hour, 0) == utc(then)


def test_a_section_has_its_own_minutes_even_over_midnight() -> None:
    assert next_local_hour(utc("2026-06-10T07:00"), DENVER, 2, 600) == utc("2026-06-10T08:10")
    assert next_local_hour(utc("2026-06-10T08:05"), DENVER, 2, 600) == utc("2026-06-10T08:10")
    # 23 o'clock and 90 minutes, looked at half past midnight there
    assert next_local_hour(utc("2026-06-11T06:15"), DENVER, 23, 5400) == utc("2026-06-11T06:30")


@given(
    MOMENTS,
    st.integers(0, 23),
    st.integers(0, 3600),
)
def test_there_is_one_night_for_each_day(after: datetime, hour: int, jitter: int) -> None:
    for zone in (DENVER, MADRID):
        first = next_local_hour(after, zone, hour, jitter)
        second = next_local_hour(first, zone, hour, jitter)

        assert after < first <= after + timedelta(hours=25)
        assert timedelta(hours=23) <= second - first <= timedelta(hours=25)
