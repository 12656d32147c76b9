"""What is true of a section as a whole: when it goes by itself, what keeps everything back, its periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date
from sqlalchemy import Connection, func, select

from tool.language import gettext
from tool.model.sis import SisPeriod
from tool.model.sis_syncs import SisItem
from tool.sis.plain import Period
from tool.sis.rules.dates import is_over, local_day, next_local_hour, period_of
from tool.sis.showing.times import local_time

REMASTER_PAUSE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Nightly:
    """What the next night depends on; `hour` is the district's."""

    is_on: bool
    paused_at: datetime | None
    hour: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class Night:
    """When it goes by itself next; `at` is None where it does not, and `text` says why."""

    at: datetime | None
    text: str


def next_night(nightly: Nightly, at: datetime) -> Night:
    """The district's hour. The run itself begins some minutes later, not all classes at once."""
    if not nightly.is_on:
        return Night(None, gettext("nightly sync is off"))
    if nightly.paused_at is not None:
        return Night(None, gettext("nightly sync is paused by whoever runs Passback"))
    zone = nightly.time_zone
    night = next_local_hour(at, ZoneInfo(zone), nightly.hour, 0)
    return Night(night, gettext("%(time)s (%(zone)s)", time=local_time(night, zone), zone=zone))


def free_to_remaster_at(remastered_at: datetime | None, at: datetime) -> datetime | None:
    """When it may be used again; None: now."""
    free_at = remastered_at + REMASTER_PAUSE if remastered_at else None
    return free_at if free_at is not None and free_at > at else None


def read_periods(connection: Connection, section_id: int) -> list[Period]:
    rows = connection.execute(select(SisPeriod).where(SisPeriod.section_id == section_id).order_by(SisPeriod.starts_on))
    return [Period(row.sourced_id, row.title, row.starts_on, row.ends_on) for row in rows]


def present_period(periods: Sequence[Period], at: datetime, time_zone: str) -> Period | None:
    """The period of today, else the one that ended last: its grades may just have been finished."""
    zone = ZoneInfo(time_zone)
    ended = [period for period in periods if is_over(period, at, zone)]
    return period_of(at, periods, zone) or max(ended, key=lambda period: period.ends_on, default=None)


def list_ending(connection: Connection, section_id: int, at: datetime, time_zone: str) -> list[dict[str, str]]:
    """Periods of whose end the teacher is reminded now: {title, last_day}. The nights say when that begins."""
    today = local_day(at, ZoneInfo(time_zone))
    ending = (SisPeriod.reminded_at.is_not(None), SisPeriod.disabled_at.is_(None), SisPeriod.ends_on > today)
    rows = connection.execute(
        select(SisPeriod).where(SisPeriod.section_id == section_id, *ending).order_by(SisPeriod.ends_on)
    )
    # Its end is the first day that is no longer in it.
    return [{"title": row.title, "last_day": format_date(row.ends_on - timedelta(days=1), "long")} for row in rows]


def list_disabled(
    connection: Connection, section_id: int, periods: Sequence[Period], at: datetime, time_zone: str
) -> list[dict[str, Any]]:
    """Periods whose items were switched off together: {id, title, count, is_over}."""
    rows = connection.execute(
        select(SisItem.disabled_for, func.count().label("count"))
        .where(SisItem.section_id == section_id, SisItem.disabled_for.is_not(None))
        .group_by(SisItem.disabled_for)
        .order_by(SisItem.disabled_for)
    )
    known = {period.sourced_id: period for period in periods}
    zone = ZoneInfo(time_zone)
    return [
        {
            "id": row.disabled_for,
            "title": known[row.disabled_for].title if row.disabled_for in known else gettext("an earlier term"),
            "count": row.count,
            "is_over": row.disabled_for not in known or is_over(known[row.disabled_for], at, zone),
        }
        for row in rows
    ]
