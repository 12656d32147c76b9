"""From the reason of a failure to its entry: by family and by how many it struck, else by the reason alone."""

from collections.abc import Mapping

from tool.passback.remedies import by_itself, for_admin, for_operator, for_teacher
from tool.passback.remedies.entry import Remedy
from tool.passback.remedies.families import (
    BY_FAMILY,
    EVERYBODY,
    EVERYBODY_BY_FAMILY,
    NOT_SHOWN,
    NOT_SHOWN_BY_FAMILY,
)
from tool.passback.remedies.for_operator import UNKNOWN

BY_REASON: Mapping[str, Remedy] = {
    **for_teacher.ENTRIES,
    **for_admin.ENTRIES,
    **for_operator.ENTRIES,
    **by_itself.ENTRIES,
}


def find_remedy(reason: str | None, family: str, *, is_whole_class: bool = False) -> Remedy:
    """The entry of a failure; one that nobody foresaw still has an answer.

    `is_whole_class`: every score of the placement that was tried failed so (`strikes_everybody`).
    """
    if reason is None:
        return UNKNOWN
    if reason == "not_enrolled" and is_whole_class:
        return EVERYBODY_BY_FAMILY.get(family, EVERYBODY)
    return BY_FAMILY.get((family, reason)) or BY_REASON.get(reason) or UNKNOWN


def strikes_everybody(*, tried: int, not_known: int) -> bool:
    """Whether the LMS knows nobody of a class: of `tried` students it refused `not_known` as strangers. One alone is a
    student who left; two of two are ids that do not fit."""
    return not_known >= 2 and not_known == tried


def explain_not_shown(family: str) -> Remedy:
    """Why a score that was accepted may not show; an LMS says nothing of it, so these are its usual causes."""
    return NOT_SHOWN_BY_FAMILY.get(family, NOT_SHOWN)
