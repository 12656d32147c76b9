"""Is a OneRoster 1.2 request or answer one of the standard's? Asked of 1EdTech's own OpenAPI files, by openapi-core.

The files are not part of the project: the folder that PASSBACK_ORACLE_DIR names has them. Without it nothing is
checked: tests that are about nothing else carry `needs_oracle`, all others call `check_request` and `check_answer` as
they go. Only addresses below `/rostering/v1p2` and `/gradebook/v1p2` are known here (`covers`): for 1.1, for tokens and
for what a pretend SIS has besides there is no official file.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.ags_rules import FOLDER, read_strictly

FILES = {
    "rostering": "onerosterv1p2rostersservice_openapi3_v1p0.json",
    "gradebook": "onerosterv1p2gradebookservice_openapi3_v1p0.json",
}
HOST = "https://www.imsglobal.org"
JSON = "application/json"
QUERIES = {"limit", "offset", "sort", "orderBy", "filter", "fields"}
# At most two clauses; the file says so in its descriptions only.
_CLAUSE = r"[\w.]+(=|!=|>=|<=|>|<|~)'[^']*'"
_FILTER = re.compile(rf"{_CLAUSE}( (AND|OR) {_CLAUSE})?")
_OURS = re.compile(r"/(rostering|gradebook)/v1p2(/.*)$")

WHY_NOT = f"{FOLDER} names no folder with 1EdTech's OpenAPI files: OneRoster requests and answers are not checked"
needs_oracle = pytest.mark.skipif(not os.environ.get(FOLDER), reason=WHY_NOT)


def covers(url: str) -> bool:
    """Whether an official file has the rules for this address (a full URL or its path)."""
    return _OURS.search(urlsplit(url).path) is not None


def check_request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> None:
    """Nothing if the request is the standard's; AssertionError with what is wrong otherwise."""
    asked = _read_request(method, url, headers, body)
    if asked is None:
        return
    where = f"{method} {url}"
    assert Headers(list(headers.items())).get("Authorization", "").startswith("Bearer "), f"{where}: no bearer token"
    _check_query(where, urlsplit(url).query)
    if body:
        _check_json(where, body)
        assert asked.method in ("put", "post"), f"{where}: {asked.method.upper()} has a body"
        if asked.method == "put":
            _check_same_id(where, asked.path, body)
    try:
        _rules(asked.service).validate_request(asked)
    except OpenAPIError as problem:
        raise AssertionError(f"{where}: {_in_words(problem)}") from None


def check_answer(
    method: str, url: str, status: int, headers: Mapping[str, str], body: bytes | None, *, ask: bytes = b""
) -> None:
    """Nothing if the answer is one the standard has for such a request; AssertionError with what is wrong otherwise.

    A PUT's good answer is 201 with nothing in it, a DELETE's 204: what real SIS answer instead is not the standard's.
    `ask` is not looked at; a caller that has the request's body may hand it over.
    """
    asked = _read_request(method, url, {}, ask)
    if asked is None:
        return
    where = f"{method} {url} answered {status}"
    if body:
        _check_json(where, body)
    if status in (201, 204) and method in ("PUT", "DELETE"):
        assert not body, f"{where}: the standard has no body here"
    try:
        _rules(asked.service).validate_response(asked, _Answer(status, Headers(list(headers.items())), body or b""))
    except OpenAPIError as problem:
        raise AssertionError(f"{where}: {_in_words(problem)}") from None


@dataclass
class _Request:
    """The request at the addresses of the OpenAPI file, as openapi-core wants to see it."""

    service: str
    method: str
    path: str
    content_type: str
    body: bytes | None
    parameters: RequestParameters
    host_url: str = HOST


@dataclass
class _Answer:
    status_code: int
    headers: Headers
    data: bytes
    content_type: str = field(init=False)

    def __post_init__(self) -> None:
        told = self.headers.get("Content-Type", "")
        self.content_type = told.partition(";")[0].strip() or JSON


def _read_request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> _Request | None:
    parts = urlsplit(url)
    found = _OURS.search(parts.path)
    if found is None or not os.environ.get(FOLDER):
        return None
    told = Headers(list(headers.items()))
    query = ImmutableMultiDict(parse_qsl(parts.query, keep_blank_values=True))
    return _Request(
        service=found[1],
        method=method.lower(),
        path=f"/ims/oneroster/{found[1]}/v1p2{found[2]}",
        content_type=told.get("Content-Type", "").partition(";")[0].strip(),
        body=body or None,
        parameters=RequestParameters(query=query, header=told, cookie=ImmutableMultiDict()),
    )


@cache
def _rules(service: str) -> OpenAPI:
    """The file as rules. Whether it is itself valid OpenAPI is not asked of it; the token is looked at above."""
    path = Path(os.environ[FOLDER]) / FILES[service]
    assert path.is_file(), f"{FOLDER} names {path.parent}, and {path.name} is not in it"
    document = json.loads(path.read_text())
    for operations in document["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
                for parameter in operation.get("parameters", ()):
                    # openapi-core warns of it, and a warning is an error here.
                    parameter.pop("allowEmptyValue", None)
    document["servers"] = [{"url": f"{HOST}/ims/oneroster/{service}/v1p2"}]
    config = Config(spec_validator_cls=None, extra_media_type_deserializers={JSON: read_strictly})
    return OpenAPI.from_dict(document, config=config)


def _check_query(where: str, query: str) -> None:
    given = parse_qsl(query, keep_blank_values=True)
    unknown = {name for name, _ in given} - QUERIES
    assert not unknown, f"{where}: the standard has no query {sorted(unknown)}"
    for name, value in given:
        if name == "filter":
            assert _FILTER.fullmatch(value), f"{where}: no filter of the standard: {value}"


def _check_json(where: str, body: bytes) -> Any:
    try:
        return read_strictly(body)
    except ValueError as problem:
        raise AssertionError(f"{where}: its body is no JSON: {problem}") from None


def _check_same_id(where: str, path: str, body: bytes) -> None:
    """The id in the body of a PUT is the one in its path: the file says so in words only."""
    value = read_strictly(body)
    held = next(iter(value.values()), None) if isinstance(value, dict) else None
    if isinstance(held, dict) and "sourcedId" in held:
        wanted = unquote(path.rpartition("/")[2])
        assert held["sourcedId"] == wanted, f"{where}: its body has the id {held['sourcedId']!r}"


def _in_words(problem: Exception) -> str:
    cause = problem.__cause__ or problem
    flaws = [
        f"{'/'.join(map(str, flaw.absolute_path))}: {flaw.message}" for flaw in getattr(cause, "schema_errors", ())
    ]
    return "; ".join(flaws) or f"{type(cause).__name__}: {cause}"
