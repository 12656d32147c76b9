"""Small readers for values nobody has vouched for: they refuse or clean, and never raise anything else."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from tool.lti.errors import LaunchRefused

MAX_ID_CHARACTERS = 255
LARGEST_POINTS = Decimal(10) ** 12
# Years that people mean; what lies beyond is a slip, and not every database can give it back.
PLAUSIBLE_YEARS = range(1970, 3000)
_NOT_IN_IDS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
# A NUL cannot be stored by PostgreSQL and half a surrogate pair cannot be written as UTF-8.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_HAS_TIME_OF_DAY = re.compile(r"\d[T ]\d\d", re.IGNORECASE)
_SECONDS = re.compile("[0-9]{9,11}")


def is_plain_id(text: str) -> bool:
    """Whether a text has no control characters and no half characters, so that it can be stored and compared."""
    return _NOT_IN_IDS.search(text) is None


def is_storable(text: str) -> bool:
    """Whether a text of any other kind can be stored and sent on."""
    return _NOT_STORABLE.search(text) is None


def read_id(value: object, name: str) -> str:
    """An identifier of at most 255 characters, never cut short [Core §5.3]. Raises LaunchRefused."""
    if value is None or value == "":
        raise LaunchRefused(f"claim.missing:{name}")
    if not isinstance(value, str) or not is_plain_id(value):
        raise LaunchRefused(f"claim.invalid:{name}")
    if len(value) > MAX_ID_CHARACTERS:
        raise LaunchRefused(f"claim.too_long:{name}")
    return value


def read_text(value: object) -> str | None:
    """A text for people, made storable; anything else and the empty text count as absent."""
    if not isinstance(value, str) or not value:
        return None
    return _NOT_STORABLE.sub("\ufffd", value)


def read_web_url(value: object) -> str | None:
    """An http(s) address; `javascript:` and everything else counts as absent."""
    text = read_text(value)
    if text is None or not text.lower().startswith(("http://", "https://")) or not is_plain_id(text):
        return None
    return text


def read_object(value: object) -> Mapping[str, object]:
    """A JSON object; anything else counts as an empty one."""
    return value if isinstance(value, Mapping) else {}


def read_texts(value: object) -> tuple[str, ...]:
    """The texts of a JSON list; anything else in it is left out."""
    if not isinstance(value, list):
        return ()
    return tuple(text for text in map(read_text, value) if text is not None)


def read_decimal(value: object) -> Decimal | None:
    """A number of points, also when it is written as text; one beyond all measure counts as absent.

    Twelve digits on either side of the point are kept: a number like 1e-999999 would fill a megabyte when written.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite() or abs(number) >= LARGEST_POINTS:
        return None
    return round(number, 12) if int(number.as_tuple().exponent) < -12 else number


def read_moment(value: object) -> datetime | None:
    """A moment in UTC, from ISO 8601 or from seconds since 1970 (Schoology offers both); one without a zone is taken
    for UTC. A day alone, and anything else, counts as absent."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        moment = _parse_moment(str(value).strip())
    except (ValueError, OverflowError):
        return None
    return moment if moment and moment.year in PLAUSIBLE_YEARS else None


def _parse_moment(text: str) -> datetime | None:
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    if not _HAS_TIME_OF_DAY.search(text):
        return None
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
