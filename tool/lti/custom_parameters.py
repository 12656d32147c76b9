"""The custom parameters of a launch: values as text, and the histories of what was copied.

[Core §5.4.6; Course Groups and Link and Content extensions: `$Context.id.history`, `$ResourceLink.id.history`]
"""

import json
import re
from collections.abc import Mapping

from tool.lti.unverified import read_text

# An LMS sends a variable it does not know as it stands: "$ResourceLink.id.history". "$5.00" is no variable.
_UNRESOLVED = re.compile(r"\$[A-Za-z][\w.]*")
# Canvas lists up to a thousand courses and then says so by a word; Schoology tells the five latest.
_MOST_IDS = 1000
_CUT_OFF = "truncated"
_MAX_ID_CHARACTERS = 255


def read_custom(values: Mapping[str, object]) -> Mapping[str, str]:
    """Values as text: older Canvas sends numbers, Moodle sends null for what it does not know."""
    custom: dict[str, str] = {}
    for key, value in values.items():
        text = json.dumps(value) if isinstance(value, int | float) else value
        if isinstance(text, str) and not _UNRESOLVED.fullmatch(text):
            custom[read_text(key) or ""] = read_text(text) or ""
    return custom


def read_history(text: str | None) -> tuple[str, ...]:
    """Ids separated by commas, newest first, each once; empty when there are none."""
    # One piece more than is kept: what is beyond stays unsplit.
    pieces = (piece.strip() for piece in (text or "").split(",", _MOST_IDS)[:_MOST_IDS])
    return tuple(dict.fromkeys(piece for piece in pieces if _is_id(piece)))


def _is_id(piece: str) -> bool:
    is_word = piece == _CUT_OFF or _UNRESOLVED.fullmatch(piece)
    return bool(piece) and not is_word and len(piece) <= _MAX_ID_CHARACTERS
