"""A sender at work in a thread of the story's own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.rows import passback_of
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.sender import Sender
from tool.registration.lanes import Lanes
from tool.wake import Bell


@contextmanager
def sending(database: Database, deliver: Callable[[Claimed], Settlement], bell: Bell | None = None) -> Iterator[Sender]:
    sender = Sender(database, deliver, bell or Bell(), Lanes(database, "story"))
    thread = threading.Thread(target=sender.run)
    thread.start()
    try:
        yield sender
    finally:
        sender.stop()
        thread.join(10)
        assert not thread.is_alive(), "the sender does not stop"


def is_delivered(database: Database, place: Arrival) -> Callable[[], bool]:
    return lambda: bool(passback_of(database, place).state == "delivered")
