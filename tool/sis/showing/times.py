"""Days and hours as the district reads them: a due date belongs to a day there, wherever its reader sits."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_datetime

from tool.clock import now
from tool.errors import BadInput
from tool.language import gettext

FIELD = "%Y-%m-%dT%H:%M"
YEARS = range(2000, 2100)


def local_time(at: datetime, time_zone: str) -> str:
    """“Mon 16 Nov, 23:59” in the district's zone, with the year where it is another one."""
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    shape = "EEE d MMM, HH:mm" if local.year == now().astimezone(zone).year else "EEE d MMM y, HH:mm"
    return str(format_datetime(local, shape, rebase=False))


def field_of(at: datetime | None, time_zone: str) -> str:
    """For an `<input type="datetime-local">`; it has no zone, so it is the district's."""
    return at.astimezone(ZoneInfo(time_zone)).strftime(FIELD) if at else ""


def read_field(typed: str, time_zone: str) -> datetime | None:
    """What came of such an input, as UTC; nothing typed is None. Raises BadInput."""
    typed = typed.strip()
    if not typed:
        return None
    try:
        # Browsers leave the seconds away; what is typed without their help may have them.
        local = datetime.fromisoformat(typed)
        if local.year not in YEARS:
            raise ValueError(local.year)
        return local.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise BadInput(
            gettext("“%(typed)s” is not a date and time.", typed=typed[:40]),
            gettext("Type it like 2026-11-16T23:59."),
        ) from wrong
