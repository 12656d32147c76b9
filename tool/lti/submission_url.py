"""The address of one student's work, which a score of a hand-in carries to Canvas and which Canvas launches from its
gradebook. It opens nothing by itself: what it names is looked for in the course of that very launch.

The launch can carry the id of another link, so ours is in the address; and the address can come back encoded once more
or twice, so it is of letters that no encoding touches.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import unquote

_PARAMETER = "submission"
_NAMED = re.compile(rf"[?&;]{_PARAMETER}=([\w-]{{2,600}})(?:[&#]|$)", re.ASCII)
_MOST_ENCODINGS = 3
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class NamedSubmission:
    """The work of a student, by our number of the placement and the LMS's own id of the student."""

    placement_id: int
    subject: str


def write_submission_url(launch_url: str, named: NamedSubmission) -> str:
    """The launch address with the work's name behind it."""
    plain = f"{named.placement_id}.{named.subject}".encode()
    return f"{launch_url}?{_PARAMETER}={urlsafe_b64encode(plain).decode().rstrip('=')}"


def read_submission_url(target_link_uri: str) -> NamedSubmission | None:
    """What a launch's target names; None when it is no address of ours."""
    text = target_link_uri
    for _ in range(_MOST_ENCODINGS):
        found = _NAMED.search(text)
        if found:
            return _read_name(found[1])
        text = unquote(text)
    return None


def _read_name(token: str) -> NamedSubmission | None:
    try:
        plain = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except ValueError:
        return None
    number, _, subject = plain.partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) <= len(str(_LARGEST_ID))
    if not is_number or int(number) > _LARGEST_ID or not subject or not subject.isprintable():
        return None
    return NamedSubmission(int(number), subject)
