"""From a code to its entry."""

from collections.abc import Mapping

from tool.sis.remedies import by_itself, columns, connection, dates, people, scores
from tool.sis.remedies.connection import UNKNOWN
from tool.sis.remedies.entry import Remedy

BY_CODE: Mapping[str, Remedy] = {
    **columns.ENTRIES,
    **dates.ENTRIES,
    **people.ENTRIES,
    **scores.ENTRIES,
    **connection.ENTRIES,
    **by_itself.ENTRIES,
}


def find_remedy(code: str | None) -> Remedy:
    """The entry of a code; one that nobody foresaw still has an answer."""
    return BY_CODE.get(code or "", UNKNOWN)
