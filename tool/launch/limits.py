"""What a login or a launch may cost before anybody has vouched for it."""

from flask import request
from werkzeug.exceptions import TooManyRequests

from tool.access import part
from tool.sources import Turnstile, source_of_request

# An id_token has at most 100,000 characters and a state 10,000; a login's hints stay below that.
LAUNCH_BYTES = 256 * 1024


def limit_body() -> None:
    """A larger body is refused by its announced length: nothing of it is read."""
    request.max_content_length = LAUNCH_BYTES


def let_in() -> None:
    """Nothing is kept of a login, so its source is all that can be counted. Raises TooManyRequests."""
    wait_seconds = part(Turnstile).count(source_of_request())
    if wait_seconds:
        raise TooManyRequests(retry_after=wait_seconds)
