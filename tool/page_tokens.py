"""Launches of browsers that keep no cookie of ours, not even a partitioned one: their pages carry a token in their
own addresses, `/l/<launch>.<token>/…`.

In: the launch's place in the path. Out: the launch's id, whether its token is good, and the same address with a fresh
token in every link, form and redirect that the answer holds (`url_for` is told so once, for all of them).

A token is a signature over launch and time and not the launch's secret; it ends a few hours after its page was made. An
address can be copied, so it opens only for a request that one of our own pages began: these launches exist only in
browsers that say where a request comes from.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from flask import current_app, g, request

from tool.clock import now

# An exam, and time to spare: a page with an essay on it is not loaded anew, it saves to the address it came with.
PAGE_LIFE = timedelta(hours=6)
_JOINT = "."


class PageSeal:
    """Makes and checks the tokens."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def make(self, launch_id: str, secret_digest: str) -> str:
        return self._sign(f"{int(now().timestamp()):x}", launch_id, secret_digest)

    def is_good(self, token: str, launch_id: str, secret_digest: str) -> bool:
        made_at = token.partition(_JOINT)[0]
        if not hmac.compare_digest(token.encode(), self._sign(made_at, launch_id, secret_digest).encode()):
            return False
        # It is ours, so the time in it is a number.
        return now().timestamp() - int(made_at, 16) <= PAGE_LIFE.total_seconds()

    def carry_on(self, token: str, launch_id: str, secret_digest: str) -> bool:
        """Whether the token opens this very request; if so, the answer's addresses have a fresh one."""
        is_theirs = is_from_own_page() and self.is_good(token, launch_id, secret_digest)
        if is_theirs:
            carry(self, launch_id, secret_digest)
        return is_theirs

    def _sign(self, made_at: str, launch_id: str, secret_digest: str) -> str:
        message = f"page:{launch_id}:{secret_digest}:{made_at}".encode()
        mark = urlsafe_b64encode(hmac.digest(self._secret, message, hashlib.sha256)).decode().rstrip("=")
        return f"{made_at}{_JOINT}{mark}"


def take_apart(place: str) -> tuple[str, str]:
    """What stands in the path of a launch's page: the launch's id, and its token or nothing."""
    launch_id, _, token = place.partition(_JOINT)
    return launch_id, token


def is_from_own_page() -> bool:
    """Whether one of our own pages began this request: not an address that somebody typed, was sent or found."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def is_own_post() -> bool:
    """The same of a posted form, which says its origin besides."""
    return is_from_own_page() and request.headers.get("Origin") == current_app.config["TOOL_ORIGIN"]


def carry(seal: PageSeal, launch_id: str, secret_digest: str) -> None:
    """From now on every address of this launch in the answer has a token."""
    carried: dict[str, str] = g.setdefault("carried_launches", {})
    carried[launch_id] = f"{launch_id}{_JOINT}{seal.make(launch_id, secret_digest)}"


def is_carried(launch_id: str) -> bool:
    return launch_id in g.get("carried_launches", {})


def write_into(_endpoint: str, values: dict[str, Any]) -> None:
    """Flask asks this before it makes an address."""
    launch_id = values.get("launch_id")
    values_carried: dict[str, str] = g.get("carried_launches", {})
    if launch_id in values_carried:
        values["launch_id"] = values_carried[launch_id]
