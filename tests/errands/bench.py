"""A runner at work on a bench: errands that say what happened to them, and waiting until they are done."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tool import errands
from tool.db import Database
from tool.errands import Runner, Work
from tool.model.errands import Errand
from tool.wake import Bell


def ask(database: Database, kind: str = "roster", subject_id: int = 7, *, due_at: datetime | None = None) -> None:
    with database.writing() as connection:
        errands.ask(connection, kind, subject_id, due_at=due_at)


def look(database: Database, kind: str = "roster", subject_id: int = 7) -> errands.ErrandState:
    with database.reading() as connection:
        return errands.state(connection, kind, subject_id)


def row(database: Database, kind: str = "roster", subject_id: int = 7) -> Any:
    with database.reading() as connection:
        return connection.execute(select(Errand).where(Errand.kind == kind, Errand.subject_id == subject_id)).one()


@contextmanager
def running(database: Database, works: Mapping[str, Work]) -> Iterator[Runner]:
    """A runner in a thread, stopped at the end of the block."""
    runner = Runner(database, works, Bell())
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        yield runner
    finally:
        runner.stop()
        thread.join(15)
        assert not thread.is_alive()


class Notebook:
    """A work that writes down whom it was done for, and does what a story tells it to."""

    def __init__(self, does: Callable[[int], datetime | None] = lambda _: None) -> None:
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.most_at_once = 0
        self._does = does
        self._lock = threading.Lock()

    def __call__(self, subject_id: int) -> datetime | None:
        with self._lock:
            self.begun.append(subject_id)
            self.most_at_once = max(self.most_at_once, len(self.begun) - len(self.ended))
        try:
            return self._does(subject_id)
        finally:
            with self._lock:
                self.ended.append(subject_id)
