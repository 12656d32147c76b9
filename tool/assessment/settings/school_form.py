"""The part of a form that says what the school's records are told of an assignment: what stands in it, how it is read.

*Sync to SIS* has three states and one box: until a teacher touches it, the school's own setting decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tool.assessment.autograding import UNSTORABLE
from tool.assessment.settings.choices import ChoiceRefused, read_time, write_time
from tool.language import gettext

CATEGORY_CHARACTERS = 60
SHOWN = "sync_shown"
"""The field that keeps how the box stood when the page was made, and so tells that the form has this part at all."""
FIELDS = ("category", "assigned_at", "counts_in_grade", "sync_to_sis", SHOWN)


@dataclass(frozen=True, slots=True)
class ForRecords:
    """What the school's records are told; as it stands, nobody has said anything."""

    category: str | None = None
    assigned_at: datetime | None = None
    counts_in_grade: bool = True
    sync_to_sis: bool | None = None


def shown_for_records(row: Any, *, syncs_by_default: bool) -> dict[str, str]:
    """The texts of FIELDS for an assignment's row, or for `ForRecords()`; a box that is not ticked is empty."""
    syncs = _resolve(row.sync_to_sis, syncs_by_default=syncs_by_default)
    return {
        "category": row.category or "",
        "assigned_at": write_time(row.assigned_at),
        "counts_in_grade": "on" if row.counts_in_grade else "",
        "sync_to_sis": "on" if syncs else "",
        SHOWN: "on" if syncs else "off",
    }


def read_for_records(form: Mapping[str, str], before: Any, due_at: datetime | None) -> dict[str, object]:
    """What a posted form says, by the names of the assignment's columns; nothing where it has not this part. Raises
    ChoiceRefused. `due_at` is the due date that the same form sets."""
    if SHOWN not in form:
        return {}
    is_on, was_on = form.get("sync_to_sis") == "on", form.get(SHOWN) == "on"
    assigned_at = read_time("assigned_at", form, before.assigned_at)
    if assigned_at and due_at and assigned_at > due_at:
        raise ChoiceRefused("assigned_at", gettext("It cannot be assigned after it is due."))
    return {
        "category": _read_category(form.get("category", "")),
        "assigned_at": assigned_at,
        "counts_in_grade": form.get("counts_in_grade") == "on",
        "sync_to_sis": before.sync_to_sis if is_on == was_on else is_on,
    }


def _resolve(said: bool | None, *, syncs_by_default: bool) -> bool:
    return syncs_by_default if said is None else said


def _read_category(text: str) -> str | None:
    plain = " ".join(UNSTORABLE.sub("", text).split())
    if len(plain) > CATEGORY_CHARACTERS:
        words = gettext("This is too long: at most %(most)s characters.", most=CATEGORY_CHARACTERS)
        raise ChoiceRefused("category", words)
    return plain or None
