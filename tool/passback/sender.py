"""The sender: claim what is due, deliver it a few at a time per platform, settle many at once; stop cleanly.

One thread asks the database and writes to it; the threads that wait for platforms never touch a transaction. It
imports neither Flask nor templates, so that a sender process stays small.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import DBAPIError

from tool.db import Database
from tool.passback.ledger.claiming import claim, platforms_with_work, release, renew
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.ledger.settling import settle
from tool.wake import Bell

log = structlog.get_logger("sender")

# Canvas refuses nothing below eleven requests in flight of one registration.
IN_FLIGHT = 10
# Rows leased ahead of the wire, so that no slot waits for the database.
AHEAD = 10
THREADS = 64
# Answers are written together: at most this long after the first, or this many.
SETTLE_SECONDS = 0.05
SETTLE_AT_ONCE = 20
RENEW_SECONDS = 3.0
# Nobody has to ring: rows that fall due, and rings of other processes, are found by looking.
POLL_SECONDS = 0.5
STOP_SECONDS = 8.0
DATABASE_DOWN_SECONDS = 1.0

Deliver = Callable[[Claimed], Settlement]


class Lane:
    """The rows of one platform on their way: a few on the wire, the next ones waiting their turn."""

    def __init__(self, start: Callable[[Callable[[], None]], object], run: Callable[[Claimed], None]) -> None:
        self._start = start
        self._run = run
        self._lock = threading.Lock()
        self._waiting: deque[Claimed] = deque()
        self._running = 0

    def add(self, rows: list[Claimed]) -> None:
        with self._lock:
            self._waiting.extend(rows)
            starting = min(IN_FLIGHT - self._running, len(self._waiting))
            self._running += starting
        for _ in range(starting):
            self._start(self._drain)

    def room(self) -> int:
        with self._lock:
            return IN_FLIGHT + AHEAD - self._running - len(self._waiting)

    def take_back(self) -> list[Claimed]:
        """Rows not begun; they are the caller's now."""
        with self._lock:
            rows = list(self._waiting)
            self._waiting.clear()
        return rows

    def _drain(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running -= 1
                    return
                row = self._waiting.popleft()
            self._run(row)


class Sender:
    """Sends until told to stop. `run` is the loop of one thread; `stop` may be called from any other."""

    def __init__(self, database: Database, deliver: Deliver, bell: Bell) -> None:
        self._database = database
        self._deliver = deliver
        self._bell = bell
        self._name = secrets.token_hex(8)
        self._batch = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="deliver")
        self._lanes: dict[int, Lane] = {}
        self._finished: deque[Settlement] = deque()
        self._outstanding: dict[int, Claimed] = {}
        self._stopping = threading.Event()
        self._renewed_at = time.monotonic()

    def run(self) -> None:
        """The loop. An unreachable database is waited for; nothing ends it but `stop`."""
        while not self._stopping.is_set():
            try:
                self._turn()
            except DBAPIError as error:
                log.warning("sender.database_unreachable", error=type(error).__name__)
                self._stopping.wait(DATABASE_DOWN_SECONDS)
            except Exception:
                # The pages would go on, and no score would ever leave again.
                log.exception("sender.turn_failed")
                self._stopping.wait(DATABASE_DOWN_SECONDS)
        self._finish()

    def stop(self) -> None:
        self._stopping.set()
        self._bell.ring()

    def _turn(self) -> None:
        self._settle_finished()
        self._renew_when_due()
        is_full = self._claim_more()
        if is_full or not self._finished:
            self._bell.wait(POLL_SECONDS)
        if self._finished and len(self._finished) < SETTLE_AT_ONCE:
            self._stopping.wait(SETTLE_SECONDS)

    def _claim_more(self) -> bool:
        """Lease rows for every lane with room; True when no lane could take more."""
        is_full = True
        for platform_id in platforms_with_work(self._database):
            lane = self._lanes.setdefault(platform_id, Lane(self._threads.submit, self._run_one))
            room = lane.room()
            if room < AHEAD // 2:
                continue
            self._batch += 1
            rows = claim(self._database, platform_id, holder=f"{self._name}:{self._batch}", limit=room)
            self._outstanding.update((row.id, row) for row in rows)
            lane.add(rows)
            is_full = is_full and not rows
        return is_full

    def _run_one(self, row: Claimed) -> None:
        try:
            settlement = self._deliver(row)
        except Exception:
            # The lease runs out and the row is tried again; a bug must not take the lane down with it.
            log.exception("sender.delivery_crashed", passback_id=row.id)
            self._outstanding.pop(row.id, None)
            return
        self._finished.append(settlement)
        self._bell.ring()

    def _settle_finished(self) -> None:
        batch = list(self._finished)
        if not batch:
            return
        settle(self._database, batch)
        for settlement in batch:
            self._finished.popleft()
            self._outstanding.pop(settlement.claimed.id, None)
            log.info(
                "passback.tried",
                passback_id=settlement.claimed.id,
                version=settlement.claimed.version,
                outcome=settlement.outcome,
                reason=settlement.reason,
                status=settlement.status,
            )

    def _renew_when_due(self) -> None:
        if self._outstanding and time.monotonic() - self._renewed_at > RENEW_SECONDS:
            renew(self._database, list(self._outstanding.values()))
            self._renewed_at = time.monotonic()

    def _finish(self) -> None:
        """Give back what was not begun, wait a little for what was, and write it down."""
        waiting = [row for lane in self._lanes.values() for row in lane.take_back()]
        for row in waiting:
            self._outstanding.pop(row.id, None)
        ends_at = time.monotonic() + STOP_SECONDS
        try:
            release(self._database, waiting)
            while self._outstanding and time.monotonic() < ends_at:
                self._settle_finished()
                self._renew_when_due()
                self._bell.wait(SETTLE_SECONDS)
            self._settle_finished()
        except DBAPIError as error:
            log.warning("sender.database_unreachable", error=type(error).__name__)
        self._threads.shutdown(wait=False, cancel_futures=True)
