"""Gradebook columns: found, read and made. [AGS §3.2]"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from pylti1p3.lineitem import LineItem

from tool.lti import quirks
from tool.lti.answers import is_readable, parse_json
from tool.lti.connector import Connector
from tool.lti.due_dates import read_column_due_date
from tool.lti.errors import ServiceError
from tool.lti.unverified import read_decimal, read_object, read_text, read_web_url
from tool.lti.vocabulary import LINE_ITEM_TYPE, LINE_ITEMS_TYPE, SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ
from tool.outbound import Answer


@dataclass(frozen=True, slots=True)
class LineItemFacts:
    """A column as the LMS describes it; `url` is its identity."""

    url: str
    label: str
    maximum: Decimal
    resource_id: str | None
    tag: str | None
    resource_link_id: str | None
    due_at: datetime | None
    """When it stops taking work. Canvas and Open edX tell it; Moodle has none for us."""


def find_line_item(
    connector: Connector,
    lineitems_url: str,
    *,
    resource_link_id: str | None,
    resource_id: str | None,
    tag: str | None,
    picked_as: str | None = None,
) -> LineItemFacts | None:
    """Look for the tool's own column (its resource id and tag), else the one of the link [AGS §3.2.9].

    `picked_as` is the resource id of a column that came with the link when it was chosen (deep linking). An LMS may
    keep to itself whose link it is: then it is taken if there is exactly one.

    All pages are read. The LMS is asked to filter, but every item is compared here, and without a find the whole
    list is read: a filter that an LMS gets wrong would else end in a second column. Raises ServiceError.
    """

    def is_own(item: LineItemFacts) -> bool:
        # The same assignment may be placed twice in a course: a column of another link is not ours to use.
        belongs = item.resource_link_id in (None, resource_link_id) or resource_link_id is None
        return bool(resource_id) and item.resource_id == resource_id and tag in (None, item.tag) and belongs

    def is_of_link(item: LineItemFacts) -> bool:
        return bool(resource_link_id) and item.resource_link_id == resource_link_id

    def is_picked(item: LineItemFacts) -> bool:
        is_ours = bool(picked_as) and item.resource_id == picked_as and tag in (None, item.tag)
        return is_ours and item.resource_link_id is None

    own_filter = {"resource_id": resource_id or "", "tag": tag or ""}
    link_filter = {"resource_link_id": resource_link_id or ""}
    for wanted, matches in ((own_filter, is_own), (link_filter, is_of_link)):
        if any(wanted.values()):
            found = _pick(_list(connector, lineitems_url, wanted), matches)
            if found is not None:
                return found
    everything = list(_list(connector, lineitems_url, {}))
    picked = [item for item in everything if is_picked(item)]
    return _pick(everything, is_own) or _pick(everything, is_of_link) or (picked[0] if len(picked) == 1 else None)


def create_line_item(  # noqa: PLR0913 - seven plain facts
    connector: Connector,
    lineitems_url: str,
    *,
    label: str,
    maximum: Decimal,
    resource_id: str,
    tag: str,
    resource_link_id: str | None,
) -> LineItemFacts:
    """Make a column [AGS §3.2.5.2]. No LMS keeps a second one from being made: look first. Raises ServiceError.

    It is sent without an id: the LMS gives it one, and Schoology refuses a column that brings its own.
    """
    wanted = LineItem()
    wanted.set_label(label)
    wanted.set_score_maximum(int(maximum) if maximum == maximum.to_integral_value() else float(maximum))
    wanted.set_resource_id(resource_id)
    wanted.set_tag(tag)
    if resource_link_id:
        wanted.set_resource_link_id(resource_link_id)
    answer = connector.call(
        "POST",
        lineitems_url,
        scopes=frozenset({SCOPE_LINE_ITEM}),
        accept=LINE_ITEM_TYPE,
        content_type=LINE_ITEM_TYPE,
        body=wanted.get_value().encode(),
    )
    if answer.status >= 400:
        raise quirks.classify_column_refusal(connector.platform.family, answer)
    return _read_answer(connector, answer)


def read_line_item(connector: Connector, url: str) -> LineItemFacts:
    """Read one column [AGS §3.2.5.1]. Raises ServiceError."""
    try:
        answer = connector.call("GET", url, scopes=frozenset({SCOPE_LINE_ITEM_READ}), accept=LINE_ITEM_TYPE)
    except ServiceError as error:
        if error.reason != "scope_missing":
            raise
        answer = connector.call("GET", url, scopes=frozenset({SCOPE_LINE_ITEM}), accept=LINE_ITEM_TYPE)
    return _read_answer(connector, answer)


def read_line_items(connector: Connector, lineitems_url: str) -> list[LineItemFacts]:
    """Every column of a course, all pages [AGS §3.2.9]. Raises ServiceError."""
    return list(_list(connector, lineitems_url, {}))


def _read_answer(connector: Connector, answer: Answer) -> LineItemFacts:
    if not is_readable(answer):
        raise quirks.classify(connector.platform.family, answer)
    item = _read_item(parse_json(answer))
    if item is None:
        raise quirks.classify(connector.platform.family, answer)
    return item


def _list(connector: Connector, url: str, filters: Mapping[str, str]) -> Iterator[LineItemFacts]:
    size = quirks.page_size(connector.platform.family)
    query = {**filters, "limit": str(size or "")}
    for answer in _read_pages(connector, add_to_query(url, query)):
        listed = parse_json(answer)
        if not isinstance(listed, list):
            raise quirks.classify(connector.platform.family, answer)
        yield from (item for item in map(_read_item, listed) if item is not None)


def _read_pages(connector: Connector, url: str) -> Iterator[Answer]:
    """Ask for the lesser right first; some platforms grant only the greater one."""
    try:
        yield from connector.pages(url, scopes=frozenset({SCOPE_LINE_ITEM_READ}), accept=LINE_ITEMS_TYPE)
    except ServiceError as error:
        if error.reason != "scope_missing":
            raise
        yield from connector.pages(url, scopes=frozenset({SCOPE_LINE_ITEM}), accept=LINE_ITEMS_TYPE)


def add_to_query(url: str, values: Mapping[str, str]) -> str:
    """The address with these parameters behind those it has; empty ones are left out."""
    query = urlencode({name: value for name, value in values.items() if value})
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _pick(items: Iterable[LineItemFacts], matches: Callable[[LineItemFacts], bool]) -> LineItemFacts | None:
    """The first that matches: Canvas's oldest column of a link is the one that shows."""
    return next((item for item in items if matches(item)), None)


def _read_item(entry: object) -> LineItemFacts | None:
    fields = read_object(entry)
    url, maximum = read_web_url(fields.get("id")), read_decimal(fields.get("scoreMaximum"))
    if url is None or maximum is None:
        return None
    return LineItemFacts(
        url=url,
        label=read_text(fields.get("label")) or "",
        maximum=maximum,
        resource_id=read_text(fields.get("resourceId")),
        tag=read_text(fields.get("tag")),
        resource_link_id=read_text(fields.get("resourceLinkId")),
        due_at=read_column_due_date(fields),
    )
