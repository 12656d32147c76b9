"""The loop that claims errands, and the threads that run them; it stops without waiting for a hanging LMS."""

import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tool.clock import now
from tool.db import Database
from tool.errands.leasing import (
    CRASHED,
    MOST_TRIES,
    ClaimedErrand,
    claim,
    finish,
    give_back,
    is_given_up,
    kinds_with_work,
    renew,
)
from tool.failpoints import reach
from tool.loop import turn_until
from tool.lti.errors import ServiceError
from tool.wake import Bell

log = structlog.get_logger("errands")

# So many of one kind at a time: a night's readings never keep a teacher's send waiting.
THREADS_OF_A_KIND = 3
RENEW_SECONDS = 4.0
# Nobody has to ring: what falls due, and what other processes asked for, is found by looking.
POLL_SECONDS = 0.5
STOP_SECONDS = 7.0
# Most failures are one lost connection; five waits, and then somebody has to ask again.
WAITS_SECONDS = (2, 8, 30, 120, 600)

Work = Callable[[int], datetime | None]
"""Does one errand of a kind, given its subject; says when it wants to be done again, if ever. Raises ServiceError when
the LMS did not do its part."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How one run of an errand ended."""

    claimed: ClaimedErrand
    failure: str | None
    again_at: datetime | None


class Runner:
    """Runs errands until told to stop. `run` is the loop of one thread; `stop` may be called from any other."""

    def __init__(self, database: Database, handlers: Mapping[str, Work], bell: Bell) -> None:
        self._database = database
        self._handlers = handlers
        self._bell = bell
        self._name = secrets.token_hex(8)
        self._running: dict[int, ClaimedErrand] = {}
        self._ended: deque[Ending] = deque()
        self._stopping = threading.Event()
        self._renewed_at = time.monotonic()

    def run(self) -> None:
        """The loop; nothing ends it but `stop`."""
        turn_until(self._stopping, self._turn, log)
        self._finish()

    def stop(self) -> None:
        self._stopping.set()
        self._bell.ring()

    def _turn(self) -> None:
        self._write_endings()
        self._renew_when_due()
        self._claim_more()
        if not self._ended:
            self._bell.wait(POLL_SECONDS)

    def _claim_more(self) -> None:
        running = Counter(one.kind for one in self._running.values())
        with_room = [kind for kind in self._handlers if running[kind] < THREADS_OF_A_KIND]
        for kind in kinds_with_work(self._database, with_room, holder=self._name):
            room = THREADS_OF_A_KIND - running[kind]
            for claimed in claim(self._database, holder=self._name, limit=room, kinds=(kind,)):
                self._running[claimed.id] = claimed
                # A daemon: an LMS that hangs must not keep the process from ending.
                name = f"errand {kind} {claimed.subject_id}"
                threading.Thread(target=self._run_one, args=(claimed,), name=name, daemon=True).start()

    def _run_one(self, claimed: ClaimedErrand) -> None:
        self._ended.append(self._carry(claimed))
        self._bell.ring()

    def _carry(self, claimed: ClaimedErrand) -> Ending:
        try:
            again_at = self._handlers[claimed.kind](claimed.subject_id)
            reach("errand.done")
            return Ending(claimed, None, again_at)
        except ServiceError as error:
            is_hopeless = error.kind == "needs_person"
            return _failed(claimed, error.reason, earliest=error.retry_at, is_hopeless=is_hopeless)
        except SQLAlchemyError as error:
            # Its text would carry the values of the statement, and with them names of people.
            log.warning("errand.database_failed", **_named(claimed), error=type(error).__name__)
        except Exception:
            log.exception("errand.crashed", **_named(claimed))
        return _failed(claimed, CRASHED)

    def _write_endings(self) -> None:
        while self._ended:
            ending = self._ended[0]
            finish(self._database, ending.claimed, failure=ending.failure, again_at=ending.again_at)
            self._ended.popleft()
            del self._running[ending.claimed.id]
            # Clocks are looked at every few seconds: what went well is no news.
            tell = log.info if ending.failure else log.debug
            tell("errand.ended", **_named(ending.claimed), failure=ending.failure)

    def _renew_when_due(self) -> None:
        if self._running and time.monotonic() - self._renewed_at > RENEW_SECONDS:
            renew(self._database, self._running.values())
            self._renewed_at = time.monotonic()

    def _finish(self) -> None:
        """Wait a little for what runs and write it down; give the rest back, for another process or the next start."""
        ends_at = time.monotonic() + STOP_SECONDS
        try:
            while self._running and time.monotonic() < ends_at:
                self._write_endings()
                if self._running:
                    self._bell.wait(0.05)
            with self._database.writing() as connection:
                give_back(connection, self._running.values())
        except DBAPIError as error:
            log.warning("errands.database_failed", error=type(error.orig).__name__)


def _failed(
    claimed: ClaimedErrand, failure: str, *, earliest: datetime | None = None, is_hopeless: bool = False
) -> Ending:
    """Tried again after a wait that grows, not before the LMS's own time; given up when that changes nothing."""
    tries = MOST_TRIES if is_hopeless else claimed.tries + 1
    if is_given_up(tries, claimed.subject_id):
        return Ending(claimed, failure, None)
    again_at = now() + timedelta(seconds=WAITS_SECONDS[min(tries, len(WAITS_SECONDS)) - 1])
    return Ending(claimed, failure, max(again_at, earliest) if earliest else again_at)


def _named(claimed: ClaimedErrand) -> dict[str, object]:
    return {"kind": claimed.kind, "subject_id": claimed.subject_id}
