"""Names of columns that a SIS takes: short enough, and each only once."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def sis_title(title: str, limit: int | None) -> str:
    """The title in at most `limit` characters, cut after a word where that leaves half of it at least; never within a
    character that is written with several (a letter and its accent, a family of emoji)."""
    whole = " ".join(unicodedata.normalize("NFC", title).split())
    if limit is None or len(whole) <= limit:
        return whole
    cut = whole[: _boundary(whole, limit)]
    if not whole[len(cut) :].startswith(" "):
        words = cut.rpartition(" ")[0].rstrip()
        cut = words if len(words) * 2 >= limit else cut
    return cut.rstrip(" ,;:–—-(&+/") or cut


def duplicates(titles: Iterable[str]) -> frozenset[str]:
    """The titles, as given, that another one equals: a SIS looks at neither case nor blanks."""
    given = list(titles)
    count = Counter(same_title(title) for title in given)
    return frozenset(title for title in given if count[same_title(title)] > 1)


def same_title(title: str) -> str:
    """What two titles have in common that a SIS takes for one."""
    return " ".join(unicodedata.normalize("NFC", title).casefold().split())


def _boundary(text: str, end: int) -> int:
    """The last place up to `end` that is not within a character."""
    while end > 0 and (_continues(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return end


def _continues(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or character == _JOINER or ord(character) in _SKIN_TONES
