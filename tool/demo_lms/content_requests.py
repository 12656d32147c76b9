"""What a request for content says it accepts: as its page or test wishes, else as set, else as the manner has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex

from tool.demo_lms.content_desk import ContentOffer
from tool.demo_lms.lms import LineItemWord, Lms

LINE_ITEM_WORDS: Mapping[LineItemWord, bool | None] = {"yes": True, "no": False, "unsaid": None}


@dataclass(frozen=True, slots=True)
class Wishes:
    """None: as set for the whole LMS."""

    accept_types: tuple[str, ...] | None = None
    accepts_several: bool | None = None
    accepts_line_item: LineItemWord | None = None
    sends_data: bool | None = None


def make_offer(lms: Lms, course_id: str, wishes: Wishes) -> ContentOffer:
    settings, manner = lms.settings, lms.manner
    word = wishes.accepts_line_item or settings.accepts_line_item
    sends_data = _first(wishes.sends_data, settings.sends_data, manner.sends_data)
    return ContentOffer(
        course_id=course_id,
        accept_types=wishes.accept_types or settings.accept_types or manner.accept_types,
        accept_targets=manner.accept_targets,
        accepts_several=_first(wishes.accepts_several, settings.accepts_several, manner.accepts_several),
        accepts_line_item=manner.accepts_line_item if word is None else LINE_ITEM_WORDS[word],
        data=_make_data() if sends_data else None,
    )


def describe_offer(lms: Lms, offer: ContentOffer) -> dict[str, object]:
    """`deep_linking_settings` [DL §4.4.1]. Opens the request: the key in its return address is good for one answer."""
    described: dict[str, object] = {
        "deep_link_return_url": lms.content_return_url(offer.course_id, lms.contents.open(offer)),
        "accept_types": list(offer.accept_types),
        "accept_presentation_document_targets": list(offer.accept_targets),
        "accept_multiple": offer.accepts_several,
        **lms.manner.more_settings,
    }
    if offer.accepts_line_item is not None:
        described["accept_lineitem"] = offer.accepts_line_item
    return described if offer.data is None else {**described, "data": offer.data}


def _make_data() -> str:
    """With everything that a page could spoil on its way through a form."""
    return f'op:{token_hex(8)}; <b>"Ada\'s"</b> & 50% + é '


def _first(*values: bool | None) -> bool:
    return next(value for value in values if value is not None)
