"""Days as the district counts them: due dates, grading periods, the hour of the night.

A school's day is local, the wire's moments are UTC; a day of a clock change has 23 or 25 hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tool.sis.plain import Period

DAYS_UNTIL_DUE = 7
"""Otus: one week after the assigned date, where nobody set one."""


@dataclass(frozen=True, slots=True)
class Due:
    """When an item is due (aware, UTC), and whether somebody said so."""

    at: datetime
    source: Literal["set", "inferred"]


def due_of(set_due: datetime | None, assigned_at: datetime, zone: ZoneInfo) -> Due:
    """The due date that was set, else the end of the day a week after the item was assigned."""
    if set_due is not None:
        return Due(set_due.astimezone(UTC), "set")
    return Due(end_of_day(local_day(assigned_at, zone) + timedelta(days=DAYS_UNTIL_DUE), zone), "inferred")


def period_of(at: datetime, periods: Sequence[Period], zone: ZoneInfo) -> Period | None:
    """The grading period of a moment: its first day is in it, `ends_on` is not. Of several (a quarter within a
    semester) the shortest."""
    day = local_day(at, zone)
    fitting = [period for period in periods if period.starts_on <= day < period.ends_on]
    return min(fitting, key=lambda p: (p.ends_on - p.starts_on, p.starts_on, p.sourced_id), default=None)


def nearest_due(at: datetime, periods: Sequence[Period], zone: ZoneInfo) -> datetime | None:
    """The moment within a period that is nearest to `at`: itself, or the end of a period's first or last day."""
    offers = [_nearest_in(at, period, zone) for period in periods if period.starts_on < period.ends_on]
    return min(offers, key=lambda offer: (abs(offer - at), offer), default=None)


def is_over(period: Period, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the last day of a period has passed."""
    return local_day(at, zone) >= period.ends_on


def next_local_hour(after: datetime, zone: ZoneInfo, hour: int, jitter_seconds: int) -> datetime:
    """The next moment (UTC) later than `after` at which it is `hour` o'clock in the zone, and `jitter_seconds` more.

    Once for each local day: an hour that the clocks skip is kept when they have jumped, of a doubled hour the first.
    """
    day = local_day(after, zone) - timedelta(days=1)
    while True:
        moment = datetime.combine(day, time(hour), zone).astimezone(UTC) + timedelta(seconds=jitter_seconds)
        if moment > after:
            return moment
        day += timedelta(days=1)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """23:59:59 of a local day, in UTC; where the clocks go back over midnight, the later of the two."""
    return datetime.combine(day, time(23, 59, 59), zone).replace(fold=1).astimezone(UTC)


def _nearest_in(at: datetime, period: Period, zone: ZoneInfo) -> datetime:
    if local_day(at, zone) < period.starts_on:
        return end_of_day(period.starts_on, zone)
    if is_over(period, at, zone):
        return end_of_day(period.ends_on - timedelta(days=1), zone)
    return at.astimezone(UTC)
