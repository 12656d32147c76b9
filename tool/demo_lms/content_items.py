"""Reading the content items of a deep linking answer [DL §3.2]. What cannot be meant is refused with a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from tool.demo_lms.records import SubmissionReview
from tool.demo_lms.score_message import MalformedScore, read_moment

RESOURCE_LINK_TYPE = "ltiResourceLink"


class ItemRefused(Exception):
    """The LMS takes none of the items; the text says why."""


@dataclass(frozen=True, slots=True)
class WantedColumn:
    """`lineItem` of an item. `maximum` None: it names none."""

    maximum: Decimal | None
    label: str = ""
    resource_id: str = ""
    tag: str = ""
    review: SubmissionReview | None = None
    is_text_only: bool = False


@dataclass(frozen=True, slots=True)
class ContentItem:
    type: str
    title: str = ""
    url: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    due_at: datetime | None = None
    column: WantedColumn | None = None

    @property
    def is_activity(self) -> bool:
        return self.type == RESOURCE_LINK_TYPE


def read_items(sent: object) -> list[ContentItem]:
    """The claim's value, absent or empty when the teacher cancelled. Raises ItemRefused."""
    if sent is None:
        return []
    if not isinstance(sent, list):
        raise ItemRefused("content_items is not a list")
    return [_read_item(one) for one in sent]


def _read_item(sent: object) -> ContentItem:
    item = _read_object(sent, "a content item")
    kind = _read_text(item, "type")
    if not kind:
        raise ItemRefused("a content item has no type")
    url = _read_text(item, "url")
    if url and not url.startswith(("https://", "http://")):
        raise ItemRefused("the url of an item is no web address")
    return ContentItem(
        type=kind,
        title=_read_text(item, "title"),
        url=url,
        custom=_read_custom(item),
        due_at=_read_due_date(item),
        column=_read_column(item["lineItem"]) if item.get("lineItem") is not None else None,
    )


def _read_column(sent: object) -> WantedColumn:
    line_item = _read_object(sent, "lineItem")
    return WantedColumn(
        maximum=_read_maximum(line_item),
        label=_read_text(line_item, "label"),
        resource_id=_read_text(line_item, "resourceId"),
        tag=_read_text(line_item, "tag"),
        review=read_review(line_item),
    )


def read_review(line_item: Mapping[str, object]) -> SubmissionReview | None:
    """`submissionReview` of a line item [Submission Review §3]. Raises ItemRefused."""
    if line_item.get("submissionReview") is None:
        return None
    review = _read_object(line_item["submissionReview"], "submissionReview")
    return SubmissionReview(_read_text(review, "url"), _read_custom(review))


def _read_maximum(line_item: Mapping[str, object]) -> Decimal | None:
    value = line_item.get("scoreMaximum")
    if value is None:
        return None
    try:
        maximum = Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    except InvalidOperation:
        maximum = None
    if maximum is None or not maximum.is_finite() or maximum <= 0:
        raise ItemRefused("lineItem.scoreMaximum is not a number above 0")
    return maximum


def _read_due_date(item: Mapping[str, object]) -> datetime | None:
    if item.get("submission") is None:
        return None
    ends_at = _read_object(item["submission"], "submission").get("endDateTime")
    try:
        return None if ends_at is None else read_moment(ends_at, "submission.endDateTime")
    except MalformedScore as problem:
        raise ItemRefused(str(problem)) from None


def _read_custom(holder: Mapping[str, object]) -> dict[str, str]:
    if holder.get("custom") is None:
        return {}
    custom = _read_object(holder["custom"], "custom")
    if any(not isinstance(value, str) for value in custom.values()):
        raise ItemRefused("a value of custom is not a text")
    return {name: str(value) for name, value in custom.items()}


def _read_text(holder: Mapping[str, object], name: str) -> str:
    value = holder.get(name)
    if value is not None and not isinstance(value, str):
        raise ItemRefused(f"{name} is not a text")
    return value or ""


def _read_object(sent: object, name: str) -> dict[str, object]:
    if not isinstance(sent, dict):
        raise ItemRefused(f"{name} is not a JSON object")
    return sent
