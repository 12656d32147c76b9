"""Whether this process can do its work: the database answers, its tables are ours, and we have a key to sign with."""

import math
import threading
import time
from queue import Empty, SimpleQueue

import structlog
from sqlalchemy.exc import SQLAlchemyError

from tool.clock import now
from tool.db import Database
from tool.migrations.state import is_current
from tool.registration.keys import list_keys
from tool.settings import Settings

log = structlog.get_logger("admin")

PATIENCE_SECONDS = 2.0
# Anybody may ask, and asking often must not keep threads from launches.
FRESH_SECONDS = 1.0

Checks = dict[str, str]
"""Check → `ok`, or what is wrong with it, without addresses or secrets. What could not be looked at is left out."""


class Readiness:
    """Looks when asked, one look at a time: a database that hangs holds up one thread and no more."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._looking = threading.Lock()
        self._found: Checks = {}
        self._found_at = -math.inf

    def look(self) -> Checks:
        """Within some seconds, whatever the database does; what was found a moment ago is told again."""
        if not self._looking.acquire(timeout=PATIENCE_SECONDS):
            return {"database": "does not answer"}
        if time.monotonic() - self._found_at < FRESH_SECONDS:
            self._looking.release()
            return self._found
        found: SimpleQueue[Checks] = SimpleQueue()
        # A daemon: a database that hangs must not keep the process from ending.
        threading.Thread(target=self._look, args=(found,), name="readiness", daemon=True).start()
        try:
            return found.get(timeout=PATIENCE_SECONDS)
        except Empty:
            return {"database": "does not answer"}

    def _look(self, found: "SimpleQueue[Checks]") -> None:
        try:
            self._found = self._check()
            self._found_at = time.monotonic()
            found.put(self._found)
        finally:
            self._looking.release()

    def _check(self) -> Checks:
        try:
            if not is_current(self._database):
                return {"database": "ok", "migrations": "tables of another version; run: passback db upgrade"}
            return {"database": "ok", "migrations": "ok", "signing_key": self._check_key()}
        except SQLAlchemyError as error:
            return {"database": f"cannot be used ({type(error).__name__})"}
        except Exception as error:
            log.exception("readiness.crashed")
            return {"check": f"failed ({type(error).__name__})"}

    def _check_key(self) -> str:
        at = now()
        signing = [key for key in list_keys(self._database) if key.retired_at is None and key.signs_from <= at]
        if not signing:
            return "none was made yet"
        is_here = (self._settings.keys_dir / f"{signing[0].kid}.pem").exists()
        return "ok" if is_here else "its private part is not on this machine"
