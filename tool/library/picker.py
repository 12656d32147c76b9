"""Choosing, as decisions: which of the posted ids count, and what a choice will make in the LMS."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tool.library.selections import MOST_CHOSEN, Asked
from tool.lti.quirks import column_points

Trouble = Literal["none", "several", "too_many", "gone"]


@dataclass(frozen=True, slots=True)
class Promise:
    """What the LMS will make of an assignment: a link, and with it a column worth so many points, or none yet."""

    points: Decimal
    column: Decimal | None
    """None: the column comes later, with the first grade, or from the LMS itself."""

    @property
    def is_scaled(self) -> bool:
        return self.column is not None and self.column != self.points


def promise(asked: Asked, family: str, points: Decimal) -> Promise:
    """What choosing an assignment of these points will make."""
    return Promise(points, column_points(family, points) if asked.accepts_line_items else None)


def judge_choice(asked: Asked, chosen: Sequence[str], on_shelf: Collection[str]) -> Trouble | None:
    """What keeps this choice from being sent; None when nothing does. `on_shelf`: those of them that may be placed."""
    if not chosen:
        return "none"
    if len(chosen) > 1 and not asked.accepts_several:
        return "several"
    if len(chosen) > MOST_CHOSEN:
        return "too_many"
    return "gone" if any(one not in on_shelf for one in chosen) else None
