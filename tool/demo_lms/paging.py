"""One page of a list, and the links that lead to the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import Response, request

from tool.demo_lms.lms import Lms

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """`links`: addresses by their rel; empty when everything is on this page because nobody asked for pages."""

    items: list[Item]
    links: dict[str, str]


def cut_page(lms: Lms, items: Sequence[Item], usual_size: int | None) -> Page[Item]:
    """The page that the request asks for (`page`, `limit`); an LMS gives no more at once than its own size."""
    most = lms.settings.page_size or usual_size
    asked = request.args.get("limit", type=int)
    size = min(asked, most) if asked and most else asked or most
    if not size or size < 1:
        return Page(list(items), {})
    number = max(request.args.get("page", 1, type=int), 1)
    last = max((len(items) + size - 1) // size, 1)
    links = {"current": _page_url(lms, number)}
    if number < last:
        links["next"] = _page_url(lms, number + 1)
    links["first"], links["last"] = _page_url(lms, 1), _page_url(lms, last)
    return Page(list(items[(number - 1) * size : number * size]), links)


def with_links(response: Response, links: dict[str, str], write: Callable[[dict[str, str]], str]) -> Response:
    if links:
        response.headers["Link"] = write(links)
    return response


def _page_url(lms: Lms, number: int) -> str:
    query = {**request.args.to_dict(), "page": str(number)}
    return f"{lms.base_url}{request.path}?{urlencode(query)}"
