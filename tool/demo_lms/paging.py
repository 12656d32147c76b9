"""One page of a list, with the Link header that leads to the others."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import Response, request

from tool.demo_lms.lms import Lms
from tool.demo_lms.replies import as_json

Item = TypeVar("Item")


def answer_page(
    lms: Lms, items: Sequence[Item], *, usual_size: int | None, media_type: str
) -> tuple[Response, list[Item]]:
    """An empty answer carrying the Link header, and the items of the page asked for (`page`, `limit`)."""
    most = lms.settings.page_size or usual_size
    asked = request.args.get("limit", type=int)
    size = min(asked, most) if asked and most else asked or most
    response = as_json(None, content_type=media_type)
    if not size or size < 1:
        return response, list(items)
    page = max(request.args.get("page", 1, type=int), 1)
    pages = max((len(items) + size - 1) // size, 1)
    links = {"current": _page_url(lms, page, size)}
    if page < pages:
        links["next"] = _page_url(lms, page + 1, size)
    links["first"], links["last"] = _page_url(lms, 1, size), _page_url(lms, pages, size)
    response.headers["Link"] = lms.manner.link_header(links)
    return response, list(items[(page - 1) * size : page * size])


def _page_url(lms: Lms, page: int, size: int) -> str:
    query = {**request.args.to_dict(), "page": str(page), "limit": str(size)}
    return f"{lms.base_url}{request.path}?{urlencode(query)}"
