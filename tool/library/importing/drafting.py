"""An item of a file on its way to questions of ours: what was read, what was noted, and why it may be left out."""

import html as entities
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any

from tool.language import gettext
from tool.library.importing.markup import Scribe
from tool.library.importing.report import Lost

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|dl|dt|dd|table|tr|td|th|h\d|pre|img)\b[^<>]*>", re.IGNORECASE)
SMALLEST = Decimal("0.0001")
MOST_PARTS = 50
NAME_CHARACTERS = 90

Key = dict[str, Any]
"""A question's type and what belongs to it, as in the assignment file, without id, prompt and points."""


@dataclass
class Part:
    """One question of ours."""

    prompt: str
    key: Key
    weight: Decimal = Decimal(1)
    """Its share of the item's points, beside the other parts' weights."""


@dataclass
class Draft:
    """One item; without parts it is lost (`reason`) or a text that belongs before the next question (`text`)."""

    name: str
    kind: str
    scribe: Scribe
    points: Decimal | None = None
    parts: list[Part] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What is good to know and no change."""
    text: str = ""
    reason: str = ""

    def tell(self, change: str) -> None:
        """Note once what became different."""
        if change not in self.changes:
            self.changes.append(change)

    def markdown(self, html: str) -> str:
        return self.scribe.markdown(html, self.tell)

    def plain(self, html: str) -> str:
        return self.scribe.plain(html, self.tell)

    def lose(self, reason: str) -> None:
        self.parts, self.text, self.reason = [], "", reason


def excerpt(html: str) -> str:
    """The first words of a text, to know an item by."""
    words = entities.unescape(re.sub(r"<[^<>]*>", "", BLOCK.sub(" ", html[:3000])))
    text = " ".join(part for part in words.split() if part.isprintable())
    return text if len(text) <= NAME_CHARACTERS else text[: NAME_CHARACTERS - 1].rstrip() + "…"


def read_number(text: str) -> Decimal:
    """An exact number. Raises Lost."""
    plain = text.strip().replace("−", "-")
    if len(plain) > 60 or not NUMBER.fullmatch(plain):
        raise Lost(gettext("“%(text)s” is not a number.", text=excerpt(text)))
    return Decimal(plain)


def choice_id(index: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[index] if index < 26 else f"c{index + 1}"


def choices_key(kind: str, texts: Sequence[str], right: Sequence[bool], **more: object) -> Key:
    """A choice question; raises Lost when there is a choice without words."""
    if not all(text.strip() for text in texts):
        raise Lost(gettext("One of its choices has no text."))
    choices = [
        {"id": choice_id(index), "text": text, "correct": is_right}
        for index, (text, is_right) in enumerate(zip(texts, right, strict=True))
    ]
    return {"type": kind, "choices": choices} | more


def text_key(accepted: Sequence[str], *, ignores_case: bool) -> Key:
    """A short text. Spaces within count, as they do where the question comes from."""
    once = list(dict.fromkeys(" ".join(text.split()) for text in accepted if text.strip()))
    if not once:
        raise Lost(gettext("The file does not say which answer is right."))
    return {"type": "short_text", "accept": once, "ignore_case": ignores_case, "ignore_spaces": False}


def numeric_key(draft: Draft, intervals: Sequence["Interval"], stated: Decimal | None) -> Key:
    """A number with its tolerance. Raises Lost when what counts as right is not one stretch of numbers."""
    whole = join_intervals(intervals)
    if not whole:
        raise Lost(gettext("The file does not say which number is right."))
    if len(whole) > 1:
        raise Lost(
            gettext("It takes several separate numbers as right; here a question has one number and a tolerance.")
        )
    only = whole[0]
    if only.is_open:
        draft.tell(gettext("The limits of the range count as right too."))
    middle = (only.low + only.high) / 2
    if stated is not None and stated != middle and only.low != only.high:
        draft.tell(
            gettext("Right is everything from %(low)s to %(high)s, kept as its middle and a tolerance.",
                    low=_shown(only.low), high=_shown(only.high))
        )  # fmt: skip
    return {"type": "numeric", "answer": _shown(middle), "tolerance": _shown((only.high - only.low) / 2)}


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers that count as right; `is_open` when one of the limits itself does not."""

    low: Decimal
    high: Decimal
    is_open: bool = False


def join_intervals(intervals: Sequence[Interval]) -> list[Interval]:
    """The same numbers in as few stretches as possible; empty ones fall out."""
    joined: list[Interval] = []
    for one in sorted((one for one in intervals if one.low <= one.high), key=lambda one: (one.low, one.high)):
        if joined and one.low <= joined[-1].high:
            last = joined.pop()
            wider = one if one.high > last.high else last
            joined.append(
                Interval(last.low, wider.high, (last if last.low < one.low else one).is_open or wider.is_open)
            )
        else:
            joined.append(one)
    return joined


def split_points(points: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Shares that add up exactly, with four decimal places at most; what cannot be split evenly goes to the first."""
    if any(weight <= 0 for weight in weights) or _nearly_equal(weights):
        weights = [Decimal(1)] * len(weights)
    total = sum(weights)
    shares = [(points * weight / total).quantize(SMALLEST, ROUND_FLOOR) for weight in weights]
    shares[0] += points - sum(shares)
    return shares


def _nearly_equal(weights: Sequence[Decimal]) -> bool:
    """Canvas writes seven equal shares as 14.29 %, and the last one may be rounded otherwise."""
    return all(abs(one - other) <= max(one, other) / 50 for one, other in pairwise(weights))


def _shown(number: Decimal) -> str:
    return format(number, "f")
