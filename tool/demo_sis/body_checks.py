"""Checks of what a sender writes, one value at a time: each says what is wrong with it, if anything."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Check = Callable[[object], str]
"""Answers "" for a good value, otherwise the end of a sentence that begins with the field's name."""

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")
EXTENSION = re.compile(r"ext:[a-zA-Z0-9.\-_]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """Of an object. `is_open`: properties that are not named are let through."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)
    is_open: bool = False


def find_flaws(value: object, shape: Shape) -> list[str]:
    """Sentences; none for an object as it should be."""
    if not isinstance(value, Mapping):
        return ["the object is missing"]
    flaws = [f"{name} is missing" for name in shape.required if name not in value]
    known = {**shape.optional, **shape.required}
    for name, found in value.items():
        if name in known:
            flaw = known[name](found)
            flaws += [f"{name} {flaw}"] if flaw else []
        elif not shape.is_open:
            flaws.append(f"{name} is not a property of this object")
    return flaws


def is_text(value: object) -> str:
    return "" if isinstance(value, str) else "is not text"


def is_number(value: object) -> str:
    return "" if isinstance(value, int | Decimal) and not isinstance(value, bool) else "is not a number"


def is_object(value: object) -> str:
    return "" if isinstance(value, Mapping) else "is not an object"


def is_list(value: object) -> str:
    return "" if isinstance(value, list) else "is not a list"


def is_day(value: object) -> str:
    return "" if read_day(value) else "is not a date such as 2026-11-19"


def is_moment(value: object) -> str:
    return "" if read_moment(value) else "is not a date-time such as 2026-11-16T23:59:59.000Z"


def is_day_or_moment(value: object) -> str:
    return "" if read_day(value) or read_moment(value) else "is neither a date nor a date-time"


def one_of(*words: str, extensions: bool = False) -> Check:
    """`extensions`: words beginning with ext: are taken too."""

    def check(value: object) -> str:
        is_extension = extensions and isinstance(value, str) and EXTENSION.fullmatch(value) is not None
        return "" if value in words or is_extension else f"is none of {', '.join(words)}"

    return check


def whole_reference(*types: str) -> Check:
    """href, sourcedId and type, and nothing besides."""
    shape = Shape({"href": is_text, "sourcedId": is_text, "type": one_of(*types)})
    return lambda value: "; ".join(find_flaws(value, shape))


def is_reference(value: object) -> str:
    """At least a sourcedId."""
    return "; ".join(find_flaws(value, Shape({"sourcedId": is_text}, is_open=True)))


def read_day(value: object) -> date | None:
    """None: that is no date."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def read_moment(value: object) -> datetime | None:
    """Aware. None: that is no date-time with a time zone."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper().replace("Z", "+00:00"))
    except ValueError:
        return None
