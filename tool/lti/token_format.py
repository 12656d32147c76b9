"""An identity token taken apart before anything of it is believed.

Read once and strictly: the claims that are checked are the very ones that are used later. [Sec §5.1.2]
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Final

from tool.lti.errors import LaunchRefused
from tool.lti.unverified import MAX_ID_CHARACTERS, is_plain_id

ALGORITHM: Final = "RS256"
MAX_TOKEN_CHARACTERS = 100_000
_SEGMENT = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A token of the right form; its signature is still to be checked."""

    kid: str
    payload: dict[str, object] = field(repr=False)
    signed_bytes: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def read_token(text: str) -> UnverifiedToken:
    """Read a compact JWS whose header asks for nothing but RS256 and a key id. Raises LaunchRefused."""
    if not text:
        raise LaunchRefused("token.missing")
    if len(text) > MAX_TOKEN_CHARACTERS:
        raise LaunchRefused("token.too_long")
    parts = text.split(".")
    if len(parts) != 3:
        raise LaunchRefused("token.unreadable")
    header = _read_json(_decode(parts[0]))
    payload = _decode(parts[1])
    if header.get("alg") != ALGORITHM:
        raise LaunchRefused("token.algorithm")
    if "crit" in header or "b64" in header:
        raise LaunchRefused("token.critical_header")
    signed_bytes = f"{parts[0]}.{parts[1]}".encode("ascii")
    return UnverifiedToken(_read_kid(header), _read_json(payload), signed_bytes, _decode(parts[2]))


def _read_kid(header: dict[str, object]) -> str:
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_ID_CHARACTERS or not is_plain_id(kid):
        raise LaunchRefused("token.key_id")
    return kid


def _decode(segment: str) -> bytes:
    if not _SEGMENT.fullmatch(segment):
        raise LaunchRefused("token.unreadable")
    try:
        return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error:
        raise LaunchRefused("token.unreadable") from None


def _read_json(text: bytes) -> dict[str, object]:
    try:
        value = json.loads(
            text.decode("utf-8"), object_pairs_hook=_refuse_repeated_names, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise LaunchRefused("token.unreadable") from None
    if not isinstance(value, dict):
        raise LaunchRefused("token.unreadable")
    return value


def _refuse_repeated_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Two readers may disagree about which `sub` of two counts, so neither does."""
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("repeated name")
    return values


def _refuse_constant(_name: str) -> float:
    raise ValueError("not a number")
