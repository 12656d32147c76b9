"""What a student typed and could not save stays in the browser; here is what ties it to its work.

The name under which a browser keeps it is made of a secret: it says nothing about whose it is, and no other student of
the same browser is ever told it. See `static/kept.js`.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from tool.assessment.submitting import Work


class KeptNames:
    """Makes the names."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def name_of(self, placement_id: int, member_id: int, work: Work) -> str:
        """One for each attempt, the same before it is begun. No number of a deleted member is given out again."""
        message = f"kept:{placement_id}:{member_id}:{work.assignment_id}:{work.attempt_number}".encode()
        return urlsafe_b64encode(hmac.digest(self._secret, message, hashlib.sha256)).decode()[:32]


def as_typed(answers: Mapping[str, object]) -> dict[str, list[str]]:
    """Stored answers as the fields of a form hold them, so that a browser can tell what arrived from what did not."""
    return {question_id: _values(answer) for question_id, answer in answers.items()}


def _values(answer: object) -> list[str]:
    if isinstance(answer, bool):
        return ["true" if answer else "false"]
    return [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]
