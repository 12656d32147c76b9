"""How an LMS asks for content and what it makes of an item [DL §2, §3]: the standard's way, and how four differ."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from tool.demo_lms.content_items import ContentItem, ItemRefused, WantedColumn

MOODLE_HIGHEST = 100


class Linking:
    """`accepts_line_item` None: its requests do not say. `return_key`: the name of the one-time key in the address that
    the answer goes to.
    """

    accept_types: tuple[str, ...] = ("ltiResourceLink",)
    accept_targets: tuple[str, ...] = ("iframe", "window")
    accepts_several = True
    accepts_line_item: bool | None = True
    sends_data = True
    return_key = "request"
    more_settings: ClassVar[Mapping[str, object]] = {"auto_create": False}

    def take_item(self, item: ContentItem, *, is_alone: bool) -> ContentItem:  # noqa: ARG002
        """The item as this LMS keeps it. Raises ItemRefused."""
        if item.column is not None and item.column.maximum is None:
            raise ItemRefused("lineItem.scoreMaximum is missing")
        title = item.title or (item.column.label if item.column else "")
        return replace(item, title=title or "External tool")


class CanvasLinking(Linking):
    """`data` travels in the return address; the label of the line item takes the title's place."""

    accepts_several = False
    accepts_line_item = None
    sends_data = False
    return_key = "data"
    more_settings: ClassVar[Mapping[str, object]] = {
        "auto_create": False,
        "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
    }

    def take_item(self, item: ContentItem, *, is_alone: bool) -> ContentItem:
        taken = super().take_item(item, is_alone=is_alone)
        return replace(taken, title=item.column.label) if item.column and item.column.label else taken


class SchoologyLinking(Linking):
    accept_types = ("ltiResourceLink", "link")
    accepts_several = False

    def take_item(self, item: ContentItem, *, is_alone: bool) -> ContentItem:
        taken = super().take_item(item, is_alone=is_alone)
        return replace(taken, custom={name.lower(): value for name, value in item.custom.items()})


class MoodleLinking(Linking):
    """No `data` and no word about line items; whole points from 1 to 100; the column is named after the activity."""

    accept_targets = ("frame", "iframe", "window")
    accepts_line_item = None
    sends_data = False
    return_key = "sesskey"
    more_settings: ClassVar[Mapping[str, object]] = {
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "accept_copy_advice": False,
        "title": "",
        "text": "",
    }

    def take_item(self, item: ContentItem, *, is_alone: bool) -> ContentItem:
        """A single item fills the teacher's form, which checks the points; several are saved unchecked."""
        column = item.column and replace(item.column, label="")
        if column is not None:
            column = _fit_points(column, is_alone=is_alone)
        # Its activities have no due date, and even a plain link becomes one when several come.
        kind = "ltiResourceLink" if item.type == "link" and not is_alone else item.type
        taken = replace(item, type=kind, column=column, due_at=None)
        return super().take_item(taken, is_alone=is_alone)


def _fit_points(column: WantedColumn, *, is_alone: bool) -> WantedColumn:
    maximum = Decimal(MOODLE_HIGHEST) if column.maximum is None else column.maximum
    is_good = maximum == maximum.to_integral_value() and 1 <= maximum <= MOODLE_HIGHEST
    if is_good:
        return replace(column, maximum=maximum)
    if is_alone:
        raise ItemRefused(f"Maximum grade: must be an integer between 1 and {MOODLE_HIGHEST}")
    return replace(column, maximum=Decimal(MOODLE_HIGHEST), is_text_only=True)
