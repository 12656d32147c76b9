"""The one error of this room."""

from collections.abc import Mapping
from typing import Literal

from tool.errors import PassbackError

Reason = Literal["refused_address", "refused_scheme", "connect", "tls", "timeout", "reset", "too_large"]

_MESSAGES: Mapping[Reason, str] = {
    "refused_address": "The address is not one this tool may connect to.",
    "refused_scheme": "The address must begin with https://.",
    "connect": "The other side could not be reached.",
    "tls": "The other side's certificate was not accepted.",
    "timeout": "The other side did not answer in time.",
    "reset": "The other side broke off the connection.",
    "too_large": "The answer was larger than allowed.",
}


class OutboundError(PassbackError):
    """No usable answer. `outcome_unknown` is true when the request may have reached the other side."""

    def __init__(self, reason: Reason, *, outcome_unknown: bool = False) -> None:
        super().__init__(_MESSAGES[reason])
        self.reason = reason
        self.outcome_unknown = outcome_unknown
