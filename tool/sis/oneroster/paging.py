"""Lists, page by page: by the Link header, else by offset and the total; one page is never trusted to be all.

Only the *query* of a next link is taken, on our own address: credentials never follow a link to another host, and the
many servers that name themselves wrongly behind a proxy (http://internal:8080/…) work all the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tool.lti.link_header import find_next_url
from tool.outbound import Answer
from tool.sis.oneroster.fields import Fields, list_objects
from tool.sis.oneroster.json_text import read_json
from tool.sis.oneroster.reading import read_sourced_id
from tool.sis.plain import SisError

Query = tuple[tuple[str, str], ...]
_MAX_PAGES = 2000
_MAX_OBJECTS = 200_000


@dataclass
class _Read:
    """What was read so far: each object once, whatever pages it stands on."""

    objects: list[Fields] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    offset: int = 0
    pages: int = 0
    has_new: bool = True

    def add(self, page: Sequence[Fields]) -> None:
        before = len(self.ids)
        for one in page:
            sourced_id = read_sourced_id(one)
            if sourced_id is not None and sourced_id not in self.ids:
                self.ids.add(sourced_id)
                self.objects.append(one)
        self.offset += len(page)
        self.pages += 1
        self.has_new = len(self.ids) > before


def read_pages(ask: Callable[[Query], Answer], names: Sequence[str], page_size: int, more: Query = ()) -> list[Fields]:
    """All objects of a list. `ask` makes one call with a query; `names` are the list's names in the envelope.

    Raises SisError: whole or nothing, for half a class would look like students who left.
    """
    limit = max(1, page_size)
    query = _write_query(limit, 0, more)
    read, asked, is_guess = _Read(), set[Query](), False
    while True:
        asked.add(query)
        try:
            answer = ask(query)
        except SisError as error:
            # Nothing had said that there was more, and some refuse an offset beyond the end.
            if is_guess and error.kind == "permanent":
                return read.objects
            raise
        page = _read_page(answer, names)
        read.add(page)
        following, total = _read_next_query(answer), _read_total(answer)
        if _is_all(answer, read, len(page), total, limit, has_next=following is not None):
            return read.objects
        is_guess = following is None and total is None
        query = _write_query(limit, read.offset, more) if following is None else following
        if query in asked or not read.has_new or read.pages >= _MAX_PAGES or len(read.objects) > _MAX_OBJECTS:
            # Pages that lead back to pages.
            raise SisError("later", "sis.internal", status=answer.status)


def _is_all(answer: Answer, read: _Read, on_page: int, total: int | None, limit: int, *, has_next: bool) -> bool:
    """Whether nothing follows. Where neither a link nor a total says so, only a page with nothing new does: the
    server's own limit may be lower than ours, and one that knows no offset tells the same page again."""
    if total is not None and len(read.objects) >= total:
        return True
    if has_next:
        return False
    is_last_link = bool(answer.headers.get("link")) and total is None
    return not read.has_new or on_page > limit or is_last_link


def _write_query(limit: int, offset: int, more: Query) -> Query:
    return (("limit", str(limit)), ("offset", str(offset)), *more)


def _read_page(answer: Answer, names: Sequence[str]) -> list[Fields]:
    if answer.status == 204:
        return []
    try:
        page = list_objects(read_json(answer), names)
    except ValueError:
        page = None
    if page is None:
        raise SisError("later", "sis.internal", status=answer.status)
    return page


def _read_next_query(answer: Answer) -> Query | None:
    url = find_next_url(answer.headers.get("link", ""))
    try:
        return tuple(parse_qsl(urlsplit(url).query, keep_blank_values=True)) if url else None
    except ValueError:
        return None


def _read_total(answer: Answer) -> int | None:
    text = answer.headers.get("x-total-count", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
