"""From content items to activities and their columns, by what was offered, the manner and the settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from secrets import token_hex

from tool.demo_lms.content_desk import ContentOffer
from tool.demo_lms.content_items import ContentItem, ItemRefused, WantedColumn
from tool.demo_lms.lms import Grading, Lms
from tool.demo_lms.records import Activity

USUAL_POINTS = Decimal(100)


@dataclass(frozen=True, slots=True)
class Placed:
    """`link_id` None: content of another kind, which this LMS only mentions."""

    title: str
    link_id: str | None
    points: Decimal | None


def place_items(lms: Lms, items: Sequence[ContentItem], offer: ContentOffer) -> list[Placed]:
    """All of them or none. Raises ItemRefused."""
    if len(items) > 1 and not offer.accepts_several:
        raise ItemRefused(f"{len(items)} items came, one is accepted")
    for item in items:
        if item.type not in offer.accept_types:
            raise ItemRefused(f"an item of the type {item.type} is not accepted here")
    weighed = [_weigh(item, offer, lms.settings.grading) for item in items]
    taken = [lms.manner.take_item(item, is_alone=len(items) == 1) for item in weighed]
    return [_place(lms, item, offer.course_id) for item in taken]


def _weigh(item: ContentItem, offer: ContentOffer, grading: Grading) -> ContentItem:
    """The item with the column it may have: none where columns are not accepted or never made."""
    column = item.column
    if offer.accepts_line_item is False or grading == "never":
        column = None
    if column is None and grading == "always":
        column = WantedColumn(USUAL_POINTS)
    return replace(item, column=column)


def _place(lms: Lms, item: ContentItem, course_id: str) -> Placed:
    if not item.is_activity:
        return Placed(item.title, None, None)
    link_id = f"link-{token_hex(6)}"
    activity = Activity(link_id, item.title, item.custom, item.url, item.due_at, is_deep_linked=True)
    wanted = item.column
    if wanted is None:
        lms.world.add_activity(course_id, activity)
        return Placed(item.title, link_id, None)
    lms.world.add_activity(
        course_id,
        activity,
        wanted.maximum,
        label=wanted.label,
        resource_id=wanted.resource_id,
        tag=wanted.tag,
        review=wanted.review if lms.manner.keeps_submission_review else None,
        is_text_only=wanted.is_text_only,
    )
    return Placed(item.title, link_id, wanted.maximum)
