"""Saving what a teacher typed for the answers of one sheet: only what was touched, and all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tool.assessment.marking import MoreThanPoints, NotHandedIn, give_marks
from tool.assessment.teacher.fields import MarkField, MarkRefused, excess_text, read_mark, shown_field
from tool.assessment.teacher.sheets import OpenedSheet
from tool.language import gettext, told
from tool.passback.policy import Decision


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing was saved, with the inputs to show again; `may_insist` when it can be saved all the same."""

    lines: tuple[str, ...]
    hint: str
    fields: Sequence[MarkField]
    may_insist: bool = False


def save_fields(
    connection: Connection, opened: OpenedSheet, typed: Sequence[MarkField], *, by: int, insists: bool
) -> Trouble | Decision | None:
    """Write the touched ones as marks of the member `by`, in the caller's transaction."""
    shown = [shown_field(one.number, one.question, opened.details.get(one.question.id)) for one in typed]
    touched = [one for one in typed if one.is_touched]
    taken = _taken(typed, shown)
    if taken:
        line = gettext("Somebody else graded question %(numbers)s meanwhile.", numbers=", ".join(taken))
        hint = gettext("Nothing of yours is saved. What they gave is shown now; change it if you disagree.")
        return Trouble((line,), hint, shown)
    if not touched:
        return None
    try:
        marks = [read_mark(one, opened.automatic.questions[one.number - 1]) for one in touched]
        return give_marks(connection, opened.sheet.submission_id, marks, by=by, may_exceed=insists)
    except MoreThanPoints as refusal:
        lines = tuple(excess_text(one) for one in refusal.excess)
        hint = gettext("Nothing is saved yet. Save it all the same if you mean extra credit.")
        return Trouble(lines, hint, typed, may_insist=True)
    except (MarkRefused, NotHandedIn) as refusal:
        message, hint = told(refusal)
        return Trouble((message,), hint, typed)


def _taken(typed: Sequence[MarkField], shown: Sequence[MarkField]) -> list[str]:
    """Questions that somebody graded since the page was made, and that it would overwrite."""
    return [
        str(one.number)
        for one, current in zip(typed, shown, strict=True)
        if one.is_touched and current.digest not in (one.was, one.digest)
    ]
