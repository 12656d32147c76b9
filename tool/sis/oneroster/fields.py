"""A JSON object of a SIS, read with patience: any letter case, numbers as texts, missing or unknown properties."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

_MAX_CHARACTERS = 255
_MAX_EXPONENT = 30
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Fields:
    """One object. Every reader answers None (or nothing) for what is missing or is something else."""

    def __init__(self, value: Mapping[str, object]) -> None:
        self._values = {str(name).lower(): one for name, one in value.items()}

    def text(self, name: str) -> str | None:
        """A text without blanks around it; a whole number is one too: some SIS count their ids."""
        return read_text(self._values.get(name.lower()))

    def reference(self, name: str) -> str | None:
        """The id that a reference names, be it whole, its id alone, or a list of one."""
        return next(iter(self.references(name)), None)

    def references(self, name: str) -> tuple[str, ...]:
        value = self._values.get(name.lower())
        found = (_read_reference(one) for one in (value if isinstance(value, list) else [value]))
        return tuple(dict.fromkeys(one for one in found if one))

    def objects(self, name: str) -> "list[Fields]":
        value = self._values.get(name.lower())
        return [Fields(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]

    def number(self, name: str) -> Decimal | None:
        value = self._values.get(name.lower())
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            return None
        try:
            number = Decimal(value.strip() if isinstance(value, str) else value)
        except (InvalidOperation, ValueError):
            return None
        # Nobody's score has more digits, and one of a billion would fill the memory when written out.
        return number if number.is_finite() and abs(number.adjusted()) <= _MAX_EXPONENT else None

    def truth(self, name: str) -> bool | None:
        value = self._values.get(name.lower())
        return value if isinstance(value, bool) else _TRUTHS.get((read_text(value) or "").lower())

    def day(self, name: str) -> date | None:
        """A day; of a date-time, the day that is written in it."""
        text = self.text(name)
        try:
            return date.fromisoformat(text[:10]) if text else None
        except ValueError:
            return None

    def moment(self, name: str) -> datetime | None:
        """An aware time in UTC; without a zone it is taken for UTC, a bare day for its first moment."""
        text = self.text(name)
        try:
            found = datetime.fromisoformat(text) if text else None
            return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def is_active(self) -> bool:
        """Objects that are to be deleted are still told for a while."""
        return (self.text("status") or "active").lower() == "active"

    def leaves(self, name: str) -> Iterator[tuple[str, str]]:
        """Every text of an open object, with the last part of its name in lower case: `metadata` has any depth."""
        yield from _walk(name.lower(), self._values.get(name.lower()), depth=5)


def read_text(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None


def read_id(value: object) -> str | None:
    """An id that can be kept: no longer than the tables have room for."""
    text = read_text(value)
    return text if text and len(text) <= _MAX_CHARACTERS and text.isprintable() else None


def list_objects(value: object, names: Sequence[str]) -> list[Fields] | None:
    """The objects of an answer: under one of the names, else under whatever name has a list, else the answer itself.

    None where there is nothing that could be a list: an empty answer is not an empty class.
    """
    if isinstance(value, Mapping):
        value = _find_list(value, names)
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list):
        return None
    return [Fields(one) for one in value if isinstance(one, Mapping)]


def _find_list(value: Mapping[str, object], names: Sequence[str]) -> object:
    lowered = {str(name).lower(): one for name, one in value.items()}
    for name in names:
        if name.lower() in lowered:
            found = lowered[name.lower()]
            return [] if found is None else found
    if "sourcedid" in lowered:
        return value
    lists = [one for one in lowered.values() if isinstance(one, list)]
    inner = [one for one in lowered.values() if isinstance(one, Mapping)]
    return lists[0] if len(lists) == 1 else inner[0] if len(inner) == 1 and not lists else None


def _read_reference(value: object) -> str | None:
    return read_id(Fields(value)._values.get("sourcedid")) if isinstance(value, Mapping) else read_id(value)


def _walk(name: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and depth:
        for key, one in value.items():
            yield from _walk(str(key).lower().rpartition(".")[2], one, depth - 1)
    elif isinstance(value, list) and depth:
        for one in value:
            yield from _walk(name, one, depth - 1)
    elif text := read_text(value):
        yield name, text
