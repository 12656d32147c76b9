"""What goes by itself at night (Otus): points, counted in the grade, *Sync to SIS* on, all graded or past due."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ready:
    """What the night asks of an item."""

    is_points_based: bool
    counts_in_grade: bool
    syncs: bool
    is_all_graded: bool
    is_past_due: bool


def why_not_tonight(item: Ready) -> str | None:
    """The code of the first reason why it does not go by itself; None: it goes."""
    if not item.syncs:
        return "opted_out"
    if not item.is_points_based:
        return "score.not_numeric"
    if not item.counts_in_grade:
        return "not_counted"
    if not item.is_all_graded and not item.is_past_due:
        return "nothing_yet"
    return None


def goes_tonight(item: Ready) -> bool:
    return why_not_tonight(item) is None
