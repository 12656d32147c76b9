"""A loop that nothing ends but a stop: a database that is away is waited for, a bug is written down."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import DBAPIError

PAUSE_SECONDS = 1.0


def turn_until(stopping: threading.Event, turn: Callable[[], None], log: Any) -> None:
    """Turn and turn again. An error costs a pause and this turn: the pages would go on, and if the loop ended no score
    would ever leave again."""
    while not stopping.is_set():
        try:
            turn()
        except DBAPIError as error:
            log.warning("loop.database_failed", error=type(error.orig).__name__)
            stopping.wait(PAUSE_SECONDS)
        except Exception:
            log.exception("loop.turn_failed")
            stopping.wait(PAUSE_SECONDS)
