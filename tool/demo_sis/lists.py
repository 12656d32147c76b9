"""One page of a list: filtered, sorted, cut, with X-Total-Count and a Link header [OR 1.2 REST binding, 3.4 of 1.1]."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from flask import Response, request

from tool.demo_sis.refusals import Turned
from tool.demo_sis.replies import as_json
from tool.demo_sis.sis import Sis

Described = dict[str, object]

CLAUSE = re.compile(r"\s*([\w.]+)\s*(!=|>=|<=|=|>|<|~)\s*'([^']*)'\s*")
OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "~": operator.contains,
}


def answer_list(sis: Sis, name: str, objects: Sequence[Described]) -> Response:
    """`name`: of the envelope. Raises Turned for a query that makes no sense."""
    found = _sort(_filter(sis, objects))
    limit, offset = _read_number("limit", 100, least=1), _read_number("offset", 0, least=0)
    size = min(limit, sis.settings.page_size)
    page = [_choose_fields(one) for one in found[offset : offset + size]]
    response = as_json({name: page})
    response.headers["X-Total-Count"] = str(len(found))
    if links := _link(sis, offset, size, len(found)):
        response.headers["Link"] = links
    return response


def _filter(sis: Sis, objects: Sequence[Described]) -> list[Described]:
    text = request.args.get("filter", "")
    if not text or sis.settings.filters == "ignored":
        return list(objects)
    first = CLAUSE.match(text)
    joined = re.compile(r"(AND|OR)\b", re.IGNORECASE).match(text, first.end()) if first else None
    second = CLAUSE.match(text, joined.end()) if joined else None
    last = second or first
    is_whole = last is not None and last.end() == len(text)
    if first is None or not is_whole or sis.settings.filters == "refused":
        raise Turned(400, "The filter cannot be used", "invalid_filter_field")
    clauses = [clause.groups() for clause in (first, second) if clause]
    combine = any if joined and joined[1].upper() == "OR" else all
    return [one for one in objects if combine(_passes(one, *clause) for clause in clauses)]


def _passes(described: Described, name: str, sign: str, wanted: str) -> bool:
    """Case is left out of account. A list passes where one of its members does."""
    values = _find(described, name.split("."))
    return any(OPERATORS[sign](str(value).casefold(), wanted.casefold()) for value in values)


def _find(value: object, path: Sequence[str]) -> list[object]:
    if isinstance(value, list):
        return [found for one in value for found in _find(one, path)]
    if not path:
        return [value]
    return _find(value[path[0]], path[1:]) if isinstance(value, Mapping) and path[0] in value else []


def _sort(objects: list[Described]) -> list[Described]:
    name = request.args.get("sort")
    if not name:
        return objects
    return sorted(objects, key=lambda one: str(one.get(name, "")), reverse=request.args.get("orderBy") == "desc")


def _choose_fields(described: Described) -> Described:
    names = [name for text in request.args.getlist("fields") for name in text.split(",") if name]
    return {name: value for name, value in described.items() if not names or name in names}


def _read_number(name: str, usual: int, *, least: int) -> int:
    text = request.args.get(name)
    if text is None:
        return usual
    if not text.isdecimal() or int(text) < least:
        raise Turned(400, f"{name} is a whole number of {least} or more", "invalid_selection_field")
    return int(text)


def _link(sis: Sis, offset: int, size: int, total: int) -> str:
    """Empty when everything is on this page."""
    if total <= size and offset == 0:
        return ""
    offsets = {"first": 0, "last": max(total - 1, 0) // size * size}
    if offset > 0:
        offsets["prev"] = max(offset - size, 0)
    if offset + size < total:
        offsets["next"] = offset + size
    address = f"{sis.base_url}{request.path}"
    query = request.args.to_dict()
    return ", ".join(
        f'<{address}?{urlencode({**query, "limit": size, "offset": at})}>; rel="{rel}"' for rel, at in offsets.items()
    )
