"""A server that stops: nobody new comes in, whoever is in is answered, and it does not take for ever."""

import os
import select
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from tool.cli.sending import STOP_SIGNALS

log = structlog.get_logger("web")

OPEN_FOR_SECONDS = 3
ENDS_WITHIN_SECONDS = 5
"""Together less than the ten in which a process that was told to stop has ended."""
QUIET_SECONDS = 0.3
"""A connection on which nothing came for as long as this has no request on its way."""
LOOK_SECONDS = 0.1


def serve_until_told(sockets: dict[int, Any], signals: list[int], at_stop: Callable[[], bool]) -> None:
    """Serve until a signal came, then end what was begun. `at_stop` is called until it is true, and tells what works
    beside the pages to end: its last score may make the LMS ask for our key set, so the door stays open meanwhile.
    `sockets` is the map the waitress server was made with."""
    while not signals:
        wasyncore.loop(timeout=1.0, map=sockets, count=1)
    shuts_at = time.monotonic() + OPEN_FOR_SECONDS
    while not at_stop() and time.monotonic() < shuts_at:
        wasyncore.loop(timeout=LOOK_SECONDS, map=sockets, count=1)
    _shut(sockets)
    gives_up_at = time.monotonic() + ENDS_WITHIN_SECONDS
    while _send_home_the_idle(sockets) and time.monotonic() < gives_up_at:
        wasyncore.loop(timeout=LOOK_SECONDS, map=sockets, count=1)
    cut_off = sum(_is_busy(one) for one in _visitors(sockets))
    if cut_off:
        log.warning("web.cut_off", requests=cut_off)


def listen_for_signals(sockets: dict[int, Any]) -> list[int]:
    """The signals that came, filled as they come. The handler does next to nothing, since it runs in the middle of
    anything; a second signal ends the process at once."""
    came: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        if came:
            os._exit(128 + number)
        came.append(number)
        for door in _doors(sockets):
            door.pull_trigger()

    for number in STOP_SIGNALS:
        signal.signal(number, hear)
    return came


def _doors(sockets: dict[int, Any]) -> list[BaseWSGIServer]:
    return [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]


def _visitors(sockets: dict[int, Any]) -> list[HTTPChannel]:
    return [one for one in sockets.values() if isinstance(one, HTTPChannel)]


def _shut(sockets: dict[int, Any]) -> None:
    """Who knocked already is let in: the system has told them that they are connected."""
    for door in _doors(sockets):
        while select.select([door.socket], [], [], 0)[0]:
            door.handle_accept()
        # Not its own close, which takes away what the answers in flight wake the loop with.
        wasyncore.dispatcher.close(door)


def _send_home_the_idle(sockets: dict[int, Any]) -> bool:
    """Closes connections that are only kept for what might come. Whether anybody is left."""
    visitors = _visitors(sockets)
    for one in visitors:
        if not _is_busy(one) and time.time() - one.last_activity > QUIET_SECONDS:
            one.will_close = True
    return bool(visitors)


def _is_busy(visitor: HTTPChannel) -> bool:
    """Whether a request is being received or worked on, or its answer is not out yet."""
    return bool(visitor.requests or visitor.request is not None or visitor.total_outbufs_len)
