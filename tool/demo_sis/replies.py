"""JSON on the wire. Numbers are written exactly, and text as it is, not as escapes."""

import json
from decimal import Decimal
from typing import NoReturn

from flask import Response

from tool.demo_sis.records import as_number


def as_json(payload: object, status: int = 200) -> Response:
    text = json.dumps(payload, default=_write_number, ensure_ascii=False)
    return Response(text, status, content_type="application/json")


def read_json(body: bytes) -> object:
    """Numbers with a point come as exact Decimals. Raises ValueError for what is no JSON."""
    return json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _write_number(value: object) -> int | float | None:
    if isinstance(value, Decimal):
        return as_number(value)
    raise TypeError(type(value).__name__)
