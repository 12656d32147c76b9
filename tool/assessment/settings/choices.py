"""The form of an assignment's settings: what stands in it, and how it is read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tool.errors import BadInput
from tool.language import gettext

ONE_OF = {
    "unanswered": ("hold", "zero"),
    "updates": ("manual", "automatic"),
    "counting_attempt": ("first", "best", "last", "average"),
    "may_change_after_submitting": ("nothing", "blanks", "answers"),
    "after_submitting": ("score", "answers", "nothing"),
}
MOST_ATTEMPTS = 20
MINUTE = "%Y-%m-%dT%H:%M"


class ChoiceRefused(BadInput):
    """A field that cannot be taken; `field` is its name in the form. Nothing was changed."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def shown_choices(row: Any) -> dict[str, str]:
    """The form's texts for an assignment's row; times in UTC, as `datetime-local` writes them."""
    return {name: str(getattr(row, name)) for name in ONE_OF} | {
        "automatic_passback": "on" if row.automatic_passback else "",
        "attempts": "" if row.attempts is None else str(row.attempts),
        "due_at": write_time(row.due_at),
        "closes_at": write_time(row.closes_at),
    }


def read_choices(form: Mapping[str, str], before: Any) -> dict[str, Any]:
    """The settings of a posted form, by their names in the assignment file. Raises ChoiceRefused."""
    due_at = read_time("due_at", form, before.due_at)
    closes_at = read_time("closes_at", form, before.closes_at)
    if due_at and closes_at and closes_at < due_at:
        raise ChoiceRefused("closes_at", gettext("It cannot close before it is due."))
    return {name: _read_one_of(name, form) for name in ONE_OF} | {
        "automatic_passback": form.get("automatic_passback") == "on",
        "attempts": _read_attempts(form.get("attempts", "")),
        "due_at": due_at,
        "closes_at": closes_at,
    }


def _read_one_of(name: str, form: Mapping[str, str]) -> str:
    chosen = form.get(name, "")
    if chosen not in ONE_OF[name]:
        raise ChoiceRefused(name, gettext("Choose one of these."))
    return chosen


def _read_attempts(text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    number = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 4 else 0
    if not 1 <= number <= MOST_ATTEMPTS:
        raise ChoiceRefused("attempts", gettext("Write a number from 1 to %(most)s, or nothing.", most=MOST_ATTEMPTS))
    return number


def write_time(moment: datetime | None) -> str:
    """As `datetime-local` has it, in UTC and without seconds."""
    return moment.astimezone(UTC).strftime(MINUTE) if moment else ""


def read_time(name: str, form: Mapping[str, str], before: datetime | None) -> datetime | None:
    """The moment in a field; None when it is empty. Raises ChoiceRefused."""
    text = form.get(name, "").strip()
    if text == write_time(before):
        return before  # the field shows no seconds: what nobody touched keeps its own
    if not text:
        return None
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=UTC)
    except ValueError:
        raise ChoiceRefused(name, gettext("This is not a date with a time.")) from None
