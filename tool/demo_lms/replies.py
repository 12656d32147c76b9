"""From a manner's reply to HTTP. JSON numbers are written exactly, and text as it is, not as escapes."""

import json
from decimal import Decimal

from flask import Response

from tool.demo_lms.manners.reply import Reply
from tool.demo_lms.records import as_number


def as_response(reply: Reply) -> Response:
    if reply.payload is None:
        return Response(b"", reply.status, content_type=reply.content_type)
    if isinstance(reply.payload, str):
        return Response(reply.payload, reply.status, content_type=reply.content_type)
    return as_json(reply.payload, reply.status, reply.content_type)


def as_json(payload: object, status: int = 200, content_type: str = "application/json") -> Response:
    text = json.dumps(payload, default=_write_number, ensure_ascii=False)
    return Response(text, status, content_type=content_type)


def _write_number(value: object) -> int | float | None:
    if isinstance(value, Decimal):
        return as_number(value)
    raise TypeError(type(value).__name__)
