"""How much is to be sent for a student: a pure decision over the tool's score, the mode and what the teacher chose."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Mode = Literal["points", "completion"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A score ready to go, in the tool's own points, and whose number it is."""

    score: Decimal
    maximum: Decimal
    source: Literal["earned", "override", "complete", "incomplete"]

    @property
    def is_above_maximum(self) -> bool:
        return self.score > self.maximum


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a score to send is made of."""

    mode: Mode
    points: Decimal
    """The assignment's maximum."""
    earned: Decimal | None
    earned_maximum: Decimal | None
    is_submitted: bool
    needs_grading: bool
    completion: Literal["complete", "incomplete"] | None
    override: Decimal | None


def amount_to_send(chosen: Chosen) -> Amount | None:
    """The number that would go; None while there is none (nothing handed in, or a question waits for a person).

    An override is a person's number and wins. In completion mode who handed in gets everything and who did not gets
    nothing, unless the teacher flipped the student.
    """
    if chosen.override is not None:
        return Amount(chosen.override, chosen.earned_maximum or chosen.points, "override")
    if chosen.mode == "completion":
        is_complete = chosen.completion == "complete" or (chosen.completion is None and chosen.is_submitted)
        if is_complete:
            return Amount(chosen.points, chosen.points, "complete")
        return Amount(Decimal(0), chosen.points, "incomplete")
    if chosen.earned is None or chosen.earned_maximum is None or not chosen.is_submitted or chosen.needs_grading:
        return None
    return Amount(chosen.earned, chosen.earned_maximum, "earned")
