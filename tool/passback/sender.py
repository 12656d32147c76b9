"""The sender: claim what is due, deliver a few at a time per platform, settle many at once; stop cleanly.

One thread asks the database and writes to it; the threads that wait for platforms never touch a transaction. It
imports neither Flask nor templates, so that a sender process stays small.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from tool.db import Database
from tool.loop import turn_until
from tool.passback.holding import Holding, LeaseLapsed
from tool.passback.in_flight import InFlight
from tool.passback.ledger.claiming import (
    claim,
    claim_suspect,
    has_suspect,
    platforms_with_work,
    release,
    renew,
)
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.ledger.settling import settle_all
from tool.passback.ledger.wishing import try_failed_again
from tool.registration.lanes import Lanes, Room
from tool.wake import Bell

log = structlog.get_logger("sender")

# Rows leased for each place in flight: the ones on the wire, and the next ones, so that none waits for the database.
AHEAD = 5
# Answers are written together: at most this long after the first, or this many.
SETTLE_SECONDS = 0.2
SETTLE_AT_ONCE = 40
RENEW_SECONDS = 3.0
# Nobody has to ring: rows that fall due, and rings of other processes, are found by looking.
POLL_SECONDS = 0.5
STOP_SECONDS = 7.0

SUSPECTS_SECONDS = 10.0

Deliver = Callable[[Claimed], Settlement]


class Take(Protocol):
    def __call__(self, database: Database, platform_id: int, *, holder: str, limit: int) -> list[Claimed]: ...


def start_daemon(work: Callable[[], None]) -> None:
    """A thread that an LMS which hangs cannot keep the process from ending with."""
    threading.Thread(target=work, name="deliver", daemon=True).start()


class Sender:
    """Sends until told to stop. `run` is the loop of one thread; `stop` may be called from any other."""

    def __init__(
        self, database: Database, deliver: Deliver, bell: Bell, lanes: Lanes, held: Holding | None = None
    ) -> None:
        self._database = database
        self._deliver = deliver
        self._bell = bell
        self._lanes = lanes
        self._name = secrets.token_hex(8)
        self._batch = 0
        self._flights: dict[int, InFlight] = {}
        self._finished: deque[Settlement] = deque()
        self._held = held if held is not None else Holding()
        self._suspects_at: dict[int, float] = {}
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
        self._lanes.beat()
        self._settle_finished()
        self._renew_when_due()
        for platform_id in self._lanes.write_down():
            # What failed in the trouble that is over need not wait for its own turn.
            try_failed_again(self._database, platform_id)
        is_idle = self._claim_more()
        if is_idle or not self._finished:
            self._bell.wait(POLL_SECONDS)
        self._gather()

    def _gather(self) -> None:
        """Once something is finished, wait a little for what is on its way: one transaction then writes many."""
        ends_at = time.monotonic() + SETTLE_SECONDS
        while self._finished and not self._is_worth_a_turn() and not self._stopping.is_set():
            left = ends_at - time.monotonic()
            if left <= 0:
                return
            self._bell.wait(left)

    def _is_worth_a_turn(self) -> bool:
        """A whole batch, or the last that is on its way; and trouble, which changes how much is sent at once."""
        is_whole = len(self._finished) >= min(SETTLE_AT_ONCE, len(self._held) - self._count_stuck())
        return is_whole or self._lanes.has_trouble()

    def _count_stuck(self) -> int:
        """Rows that will hardly be finished while a batch waits for them."""
        return sum(flight.count_stuck(SETTLE_SECONDS) for flight in list(self._flights.values()))

    def _claim_more(self) -> bool:
        """Lease rows for every platform with room; True when none could take more."""
        is_idle = True
        platform_ids = set(platforms_with_work(self._database))
        for platform_id, room in self._lanes.look(platform_ids | set(self._flights)).items():
            flight = self._flight_to(platform_id)
            if room.word != "open":
                self._give_back(flight)
            rows = self._claim_for(platform_id, room, flight) if platform_id in platform_ids else []
            flight.add(rows, most=room.share if room.word == "open" else len(rows))
            is_idle = is_idle and not rows
        return is_idle

    def _flight_to(self, platform_id: int) -> InFlight:
        if platform_id not in self._flights:
            # Trouble just seen may say that nothing should go: what has not begun waits for the next turn's word.
            is_stopped = partial(self._lanes.has_trouble, platform_id)
            self._flights[platform_id] = InFlight(start_daemon, self._run_one, is_stopped)
        return self._flights[platform_id]

    def _claim_for(self, platform_id: int, room: Room, flight: InFlight) -> list[Claimed]:
        present = flight.count()
        if room.word == "broken":
            is_probe = not present and self._lanes.take_probe(platform_id)
            return self._claim(platform_id, 1) if is_probe else []
        wanted = AHEAD * room.share - present
        if room.word == "paused" or wanted <= room.share:
            return []
        if self._has_suspect(platform_id, is_idle=not present):
            # Alone, so that if it takes the process down it takes nothing else with it: first the others come back.
            return [] if present else self._claim(platform_id, 1, claim_suspect)
        return self._claim(platform_id, wanted)

    def _has_suspect(self, platform_id: int, *, is_idle: bool) -> bool:
        """Looked at whenever nothing is on its way, and now and then, or a busy platform would never come to it."""
        if not is_idle and time.monotonic() < self._suspects_at.get(platform_id, 0.0):
            return False
        has_one = has_suspect(self._database, platform_id)
        if not has_one:
            self._suspects_at[platform_id] = time.monotonic() + SUSPECTS_SECONDS
        return has_one

    def _claim(self, platform_id: int, limit: int, take: Take = claim) -> list[Claimed]:
        self._batch += 1
        asked_at = time.monotonic()
        rows = take(self._database, platform_id, holder=f"{self._name}:{self._batch}", limit=limit)
        self._held.add(rows, asked_at=asked_at)
        return rows

    def _give_back(self, flight: InFlight) -> None:
        """The platform is not to be asked now: whoever may ask it first takes these."""
        rows = flight.take_back()
        if not rows:
            return
        release(self._database, rows)
        for row in rows:
            self._held.drop(row)

    def _run_one(self, row: Claimed) -> None:
        try:
            self._held.insist(row)
            settlement = self._deliver(row)
        except LeaseLapsed:
            # This process slept (SIGSTOP, a machine that hung): by now something newer may have been sent.
            self._held.drop(row)
            return
        except Exception:
            # The lease runs out and the row is tried again; a bug must not take the others down with it.
            log.exception("sender.delivery_crashed", passback_id=row.id)
            self._held.drop(row)
            return
        self._finished.append(settlement)
        # For those between the first and the whole batch nobody need wake.
        if len(self._finished) == 1 or self._is_worth_a_turn():
            self._bell.ring()

    def _settle_finished(self) -> None:
        batch = list(self._finished)
        if not batch:
            return
        settle_all(self._database, batch)
        for settlement in batch:
            self._finished.popleft()
            self._held.drop(settlement.claimed)
            log.info(
                "passback.tried",
                passback_id=settlement.claimed.id,
                version=settlement.claimed.version,
                outcome=settlement.outcome,
                reason=settlement.reason,
                status=settlement.status,
            )

    def _renew_when_due(self) -> None:
        if not self._held or time.monotonic() - self._renewed_at <= RENEW_SECONDS:
            return
        asked_at = time.monotonic()
        self._held.extend(renew(self._database, self._held.rows()), asked_at=asked_at)
        self._renewed_at = time.monotonic()

    def _finish(self) -> None:
        """Give back what was not begun, wait a little for what was, and write it down."""
        waiting = [row for flight in self._flights.values() for row in flight.take_back()]
        for row in waiting:
            self._held.drop(row)
        ends_at = time.monotonic() + STOP_SECONDS
        try:
            release(self._database, waiting)
            while self._held and time.monotonic() < ends_at:
                self._settle_finished()
                self._renew_when_due()
                self._bell.wait(SETTLE_SECONDS)
            self._settle_finished()
            self._lanes.write_down()
            self._lanes.leave()
        except DBAPIError as error:
            log.warning("sender.database_failed", error=type(error.orig).__name__)
