"""The values an assignment file is made of, and how a fault among them is told.

Points and numeric answers are exact decimals from the file to the gradebook; no binary float is made of them.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Never, TypeVar

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import ErrorDetails, PydanticCustomError

NUMBER_LENGTH = 100  # written in full: enough for any science, and 1e999999999 never becomes a gigabyte
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # all but tab and the ends of lines
NAMED_TWICE = "\x00 named twice"  # marks a repeated key until it is refused together with its path


def plain_number(number: Decimal) -> str:
    """The number in full, without exponent and trailing zeros: 2.50 -> "2.5", 1E+2 -> "100"."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if number else "0"


def refuse(words: str) -> Never:
    """Ends the validation of a value; the path of its key is put before the words."""
    raise PydanticCustomError("refused", "{words}", {"words": words})


def _read_exact(value: object) -> Decimal:
    return _parse_exact(str(value) if isinstance(value, (str, int, Decimal)) else "")


@lru_cache(maxsize=1000)  # the same few numbers are read whenever a page of questions is shown
def _parse_exact(text: str) -> Decimal:
    if len(text) <= NUMBER_LENGTH and NUMBER.fullmatch(text):
        plain = plain_number(Decimal(text))
        if len(plain) <= NUMBER_LENGTH:
            return Decimal(plain)
    refuse("must be an exact number, such as 2 or 0.5")


def _check_points(points: Decimal) -> Decimal:
    if 0 <= points <= 1000 and points == round(points, 4):
        return points
    refuse("must be from 0 to 1000, with at most 4 decimal places")


def _check_not_negative(number: Decimal) -> Decimal:
    return number if number >= 0 else refuse("must not be negative")


def _read_time(value: object) -> datetime:
    try:
        time = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    refuse("must be a time with its offset, such as 2030-05-31T17:00:00+02:00")


def _check_text(text: str) -> str:
    # PostgreSQL stores no NUL, and a terminal obeys the other control characters when the file is listed.
    if CONTROL_CHARACTER.search(text):
        refuse("must not contain control characters")
    return text if text.strip() else refuse("must not be blank")


def _check_line(text: str) -> str:
    return text.strip() if len(text.strip().splitlines()) == 1 else refuse("must be one line")


Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_check_text)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_check_text), AfterValidator(_check_line)]
Exact = Annotated[Decimal, BeforeValidator(_read_exact), pydantic.PlainSerializer(plain_number, when_used="json")]
NotNegative = Annotated[Exact, AfterValidator(_check_not_negative)]
Points = Annotated[Exact, AfterValidator(_check_points)]
Time = Annotated[datetime, BeforeValidator(_read_time)]


class Part(pydantic.BaseModel):
    """A JSON object of the file: right types only, known keys only, unchangeable once read."""

    model_config = pydantic.ConfigDict(strict=True, frozen=True, extra="forbid")


class NamedPart(Part):
    id: Identifier


AnyPart = TypeVar("AnyPart", bound=NamedPart)


def check_ids(parts: tuple[AnyPart, ...]) -> tuple[AnyPart, ...]:
    """Refuses an id that is used twice."""
    seen: set[str] = set()
    for part in parts:
        if part.id in seen:
            refuse(f'the id "{part.id}" is used twice')
        seen.add(part.id)
    return parts


def entries(least: int, most: int) -> AfterValidator:
    """Refuses a list with fewer or more entries."""

    def check_count(parts: tuple[object, ...]) -> tuple[object, ...]:
        return parts if least <= len(parts) <= most else refuse(f"must have {least} to {most} entries")

    return AfterValidator(check_count)


def read_json(text: str) -> object:
    """The JSON of a text. Raises JSONDecodeError, RecursionError.

    What a JSON reader takes and we do not (repeated keys, NaN, endless numbers) comes out as something that
    every model refuses, so that the refusal names its path.
    """
    return json.loads(
        text.removeprefix("\ufeff"),  # some editors put a byte order mark first
        object_pairs_hook=_mark_repeated_keys,
        parse_float=_read_number,
        parse_int=_read_number,
    )


def _mark_repeated_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content: dict[str, object] = {}
    for key, value in pairs:
        content[key + NAMED_TWICE if key in content else key] = value
    return content


def _read_number(text: str) -> int | Decimal | float:
    if len(text) > NUMBER_LENGTH or not NUMBER.fullmatch(text):
        return float("nan")
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def describe_fault(refusal: pydantic.ValidationError, *root: str | int) -> str:
    """One line about the first fault: `questions[2].points: is required`. Its path begins with `root`."""
    faults = refusal.errors(include_url=False, include_input=False)
    # A misspelt key is two faults, one unknown and one missing: the unknown one says more.
    fault = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
    path = [*root, *fault["loc"]]
    if path[:1] == ["questions"] and len(path) > 2:
        del path[2]  # pydantic puts the question's type there
    if fault["type"] in ("union_tag_not_found", "union_tag_invalid"):
        path.append("type")
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{_write_path(path)}: {_describe(fault)}{more}"


def _write_path(path: Iterable[str | int]) -> str:
    text = ""
    for part in path:
        name = str(part).removesuffix(NAMED_TWICE)[:80]
        # A key is unverified: it must not bring control characters or lone surrogates to a terminal.
        text += f"[{part}]" if isinstance(part, int) else f".{name if name.isprintable() else ascii(name)}"
    return text.removeprefix(".") or "the file"


def _describe(fault: ErrorDetails) -> str:
    if fault["type"] == "extra_forbidden":
        return "is there twice" if str(fault["loc"][-1]).endswith(NAMED_TWICE) else "unknown key"
    words = {
        "missing": "is required",
        "union_tag_not_found": "is required",
        "union_tag_invalid": f"must be one of {fault.get('ctx', {}).get('expected_tags')}",
        "model_type": "must be an object",
        "model_attributes_type": "must be an object",
        "tuple_type": "must be a list",
        "string_unicode": "must not hold half a character",
        "string_pattern_mismatch": "must be 1 to 64 letters, digits, dots, underscores or hyphens",
    }
    return words.get(fault["type"], fault["msg"].removeprefix("Input ").removeprefix("String "))
