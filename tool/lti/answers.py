"""An LMS's answer read with patience: is it a page, when may one try again, what does it say. The same for all."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from tool.clock import now
from tool.lti.errors import Kind, ServiceError
from tool.outbound import Answer, OutboundError

_MAX_WAIT = timedelta(days=1)
_MAX_EXCERPT_CHARACTERS = 500
_SECRET = re.compile(r"(?i)bearer\s+[\w.~+/=-]+|eyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=access_token)\W+[\w.~+/=-]+")


def is_html(answer: Answer) -> bool:
    """Whether a page came instead of an answer. The content type proves little: Moodle sends JSON as text/html."""
    body = answer.body.strip()
    if not body:
        return False
    if body.startswith(b"<"):
        return True
    return "html" in answer.headers.get("content-type", "") and not body.startswith((b"{", b"[", b'"'))


def is_readable(answer: Answer) -> bool:
    """Whether an answer to anything but a score is a success worth reading."""
    return 200 <= answer.status < 300 and not is_html(answer)


def parse_json(answer: Answer) -> object:
    """The JSON of a successful answer. Raises ServiceError when it is none."""
    try:
        return answer.json()
    except ValueError:
        excerpt = make_excerpt(answer)
        raise ServiceError("later", "unreadable", status=answer.status, excerpt=excerpt, outcome_unknown=True) from None


def read_json_object(answer: Answer) -> Mapping[str, object]:
    try:
        value = answer.json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def read_retry_after(answer: Answer) -> datetime | None:
    """When to try again, from seconds or a date [RFC 9110 §10.2.3]; never more than a day ahead."""
    text = answer.headers.get("retry-after", "").strip()
    present = now()
    if text.isascii() and text.isdigit():
        return present + min(timedelta(seconds=int(text[:9])), _MAX_WAIT)
    try:
        wanted = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=UTC)
    return min(max(wanted, present), present + _MAX_WAIT)


def make_excerpt(answer: Answer) -> str:
    """The answer on one line, cut short, without anything that looks like a token."""
    line = " ".join(answer.text()[:5000].split())
    printable = "".join(character for character in line if character.isprintable())
    return _SECRET.sub("…", printable)[:_MAX_EXCERPT_CHARACTERS]


_OUTBOUND_CAUSES: Final[Mapping[str, tuple[Kind, str]]] = {
    "timeout": ("later", "timeout"),
    "connect": ("later", "connection"),
    "reset": ("later", "connection"),
    "tls": ("later", "certificate"),
    "too_large": ("later", "too_large"),
    "refused_address": ("needs_person", "address_refused"),
    "refused_scheme": ("needs_person", "address_refused"),
}


def explain_outbound(error: OutboundError) -> ServiceError:
    """What a request without an answer means for the call."""
    kind, reason = _OUTBOUND_CAUSES[error.reason]
    return ServiceError(kind, reason, outcome_unknown=error.outcome_unknown)
