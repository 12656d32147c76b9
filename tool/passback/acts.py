"""What a teacher does to a row of the passback screen: override, flip, excuse, decide about a grade changed in the LMS.

Each act changes only what will be sent, never the tool's grade, and is written down with who and when.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from tool.clock import now
from tool.course import placements
from tool.course.columns import COLUMN_OF_ANOTHER_COURSE, forget_column
from tool.errors import BadInput
from tool.language import gettext
from tool.model.passbacks import Act, Passback
from tool.passback.ledger import wishing
from tool.passback.ledger.attempts import recent_attempts
from tool.passback.ledger.wishing import close_wishes, ensure_row

ActKind = Literal[
    "override",
    "override_removed",
    "override_kept",
    "completion",
    "excused",
    "included",
    "kept_theirs",
    "adopted_theirs",
    "tried_again",
    "column_sought",
    "column_resized",
    "mode",
    "opted_out",
    "opted_in",
]
"""Everything that is written down here; `recounting` has words for each."""

REASON_LENGTH = 200
# Far above any gradebook, far below what a column of text holds.
LARGEST_OVERRIDE = Decimal(100_000)
OVERRIDE_PLACES = 2


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and on which placement."""

    member_id: int
    placement_id: int
    platform_id: int


def read_override(text: str) -> Decimal:
    """The number that a teacher typed. BadInput for what is no number, negative, or has more than two places."""
    try:
        number = Decimal(text.strip().replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        message = gettext("“%(text)s” is not a number.", text=text[:40])
        raise BadInput(message, gettext("Type points, such as 17 or 8.5.")) from None
    if not number.is_finite() or number < 0:
        raise BadInput(gettext("A score cannot be negative."), gettext("Type 0 or more."))
    if number > LARGEST_OVERRIDE:
        raise BadInput(gettext("That is more than any gradebook takes."), gettext("Type fewer points."))
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -OVERRIDE_PLACES:
        raise BadInput(gettext("A score has at most two decimal places."), gettext("Round it, such as 8.33."))
    return number


def override(
    connection: Connection,
    actor: Actor,
    member_id: int,
    score: Decimal,
    reason: str,
    *,
    is_for_sis: bool | None = None,
) -> None:
    """Send this number instead of the tool's. Remembered until it is removed; the tool's grade stays as it is.
    `is_for_sis`: whether the school's records get it too; None where nobody was asked, which leaves it as it was."""
    row = _row(connection, actor, member_id)
    kept_reason = reason.strip()[:REASON_LENGTH] or None
    _set_override(connection, actor, row, score, kept_reason)
    numbers = {"score": score, "before": row.override_score, "earned": row.earned}
    told: dict[str, object] = {"reason": kept_reason}
    if is_for_sis is not None:
        _change(connection, row.id, {"override_for_sis": is_for_sis})
        told["for_sis"] = "yes" if is_for_sis else "no"
    _write_down(connection, actor, "override", member_id, **_plain(numbers), **told)


def remove_override(connection: Connection, actor: Actor, member_id: int) -> None:
    """Back to the tool's own score."""
    row = _row(connection, actor, member_id)
    gone = dict.fromkeys(("override_score", "override_reason", "override_by", "override_at", "override_earned"), None)
    _change(connection, row.id, gone | {"override_for_sis": True})
    numbers = {"score": row.override_score, "earned": row.earned}
    _write_down(connection, actor, "override_removed", member_id, **_plain(numbers))


def keep_override(connection: Connection, actor: Actor, member_id: int) -> None:
    """The tool's score moved on, and the override stays all the same."""
    row = _row(connection, actor, member_id)
    _change(connection, row.id, {"override_earned": row.earned})
    numbers = {"score": row.override_score, "earned_before": row.override_earned, "earned": row.earned}
    _write_down(connection, actor, "override_kept", member_id, **_plain(numbers))


def flip_completion(
    connection: Connection, actor: Actor, member_id: int, word: Literal["complete", "incomplete"] | None
) -> None:
    """In completion mode: this student counts as complete or incomplete, whatever was handed in."""
    row = _row(connection, actor, member_id)
    _change(connection, row.id, {"completion": word})
    _write_down(connection, actor, "completion", member_id, word=word, before=row.completion)


def excuse(connection: Connection, actor: Actor, member_id: int, *, is_excused: bool) -> None:
    """Never sent and never zeroed, until included again. What was on its way stops."""
    row = _row(connection, actor, member_id)
    since = now() if is_excused else None
    _change(connection, row.id, {"excused_at": since, "excused_by": actor.member_id if is_excused else None})
    if is_excused:
        close_wishes(connection, [row.id])
    _write_down(connection, actor, "excused" if is_excused else "included", member_id)


def keep_theirs(
    connection: Connection, actor: Actor, member_id: int, in_lms: Decimal, in_lms_maximum: Decimal | None
) -> None:
    """The grade of the LMS, on its own scale, stands beside ours on purpose; in step until either changes."""
    row = _row(connection, actor, member_id)
    _change(connection, row.id, {"kept_score": in_lms})
    numbers = {
        "in_lms": in_lms,
        "in_lms_maximum": in_lms_maximum,
        "sent": row.confirmed_score,
        "sent_maximum": row.confirmed_maximum,
    }
    _write_down(connection, actor, "kept_theirs", member_id, **_plain(numbers))


def adopt_theirs(
    connection: Connection,
    actor: Actor,
    member_id: int,
    in_lms: Decimal,
    in_lms_maximum: Decimal | None,
    score: Decimal,
) -> None:
    """Take the LMS's grade, as `score` in the tool's points, as the override: from now on both sides say the same."""
    row = _row(connection, actor, member_id)
    _set_override(connection, actor, row, score, gettext("taken over from the LMS"))
    # A number of its own, of which nobody said that the school's records are not to have it.
    _change(connection, row.id, {"kept_score": in_lms, "override_for_sis": True})
    numbers = {"score": score, "in_lms": in_lms, "in_lms_maximum": in_lms_maximum, "earned": row.earned}
    _write_down(connection, actor, "adopted_theirs", member_id, **_plain(numbers))


def try_again(connection: Connection, actor: Actor, member_id: int, *, seeks_column: bool) -> None:
    """A failed send is tried now; where its column is gone, the column is looked for again first, and for everybody
    else whom it failed alike: a column is lost for a class, not for a student."""
    row = _row(connection, actor, member_id)
    ids = [row.id]
    if seeks_column and row.failure is not None:
        tried = recent_attempts(connection, row.id)
        forget_column(connection, actor.placement_id, tried[0].line_item_url if tried else None)
        ids = _failing_alike(connection, actor.placement_id, row.failure)
    wishing.try_again(connection, ids)
    kind: ActKind = "column_sought" if seeks_column else "tried_again"
    _write_down(connection, actor, kind, member_id, failure=row.failure)


def seek_own_column(connection: Connection, actor: Actor) -> None:
    """The LMS named another course's column: one of this course's own is looked for when the next score goes, and the
    scores that wait for it go now."""
    forget_column(connection, actor.placement_id, None)
    wishing.try_again(connection, _failing_alike(connection, actor.placement_id, COLUMN_OF_ANOTHER_COURSE))
    _write_down(connection, actor, "column_sought", None, failure=COLUMN_OF_ANOTHER_COURSE)


def change_mode(connection: Connection, actor: Actor, mode: Literal["points", "completion"]) -> None:
    """Complete/incomplete on or off, for the placement."""
    placements.set_mode(connection, actor.placement_id, mode)
    _write_down(connection, actor, "mode", None, mode=mode)


def opt_out(connection: Connection, actor: Actor, *, is_out: bool) -> None:
    """Stop everything to come for the placement, or allow it again; switching on again sends nothing by itself."""
    placements.opt_out(connection, actor.placement_id, is_out=is_out)
    if is_out:
        waiting = select(Passback.id).where(Passback.placement_id == actor.placement_id, Passback.state == "due")
        close_wishes(connection, list(connection.execute(waiting).scalars()))
    _write_down(connection, actor, "opted_out" if is_out else "opted_in", None)


def resize_column(connection: Connection, actor: Actor) -> None:
    """The teacher asked that the column be worth as much as the assignment."""
    _write_down(connection, actor, "column_resized", None)


def mark_errors_seen(connection: Connection, placement_id: int) -> None:
    """The teacher has looked: the dot on the tab goes until another error comes."""
    unseen = (Passback.placement_id == placement_id) & Passback.needs_person
    connection.execute(update(Passback).where(unseen).values(error_seen_at=now()))


def _row(connection: Connection, actor: Actor, member_id: int) -> Any:
    passback_id = ensure_row(connection, actor.placement_id, member_id, actor.platform_id)
    return connection.execute(select(Passback).where(Passback.id == passback_id)).one()


def _failing_alike(connection: Connection, placement_id: int, failure: str) -> list[int]:
    alike = (Passback.placement_id == placement_id, Passback.failure == failure, Passback.state == "due")
    return list(connection.execute(select(Passback.id).where(*alike).order_by(Passback.id)).scalars())


def _set_override(connection: Connection, actor: Actor, row: Any, score: Decimal, reason: str | None) -> None:
    values = {
        "override_score": score,
        "override_reason": reason,
        "override_by": actor.member_id,
        "override_at": now(),
        "override_earned": row.earned,
    }
    _change(connection, row.id, values)


def _change(connection: Connection, passback_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(Passback).where(Passback.id == passback_id).values(**values))


def _plain(numbers: dict[str, Decimal | None]) -> dict[str, str | None]:
    """Exact numbers as text: JSON knows binary floats only."""
    return {name: None if number is None else format(number, "f") for name, number in numbers.items()}


def _write_down(connection: Connection, actor: Actor, kind: ActKind, member_id: int | None, **detail: object) -> None:
    connection.execute(
        insert(Act).values(
            placement_id=actor.placement_id,
            member_id=member_id,
            kind=kind,
            detail=detail,
            acted_by=actor.member_id,
            acted_at=now(),
        )
    )
