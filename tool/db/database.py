"""Short transactions on the one engine; what differs between the two databases is told here."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

LOCK_WAIT_SECONDS = 15
ASLEEP_SECONDS = 10
WRITES = "passback_writes"
SQLITE_FULL = 2


class Database:
    """Short transactions, and none of them open while somebody waits for an LMS."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.is_sqlite = url.startswith("sqlite")
        arguments = {"timeout": LOCK_WAIT_SECONDS} if self.is_sqlite else {"options": _session_options(url)}
        self.engine: Engine = create_engine(url, pool_size=pool_size, max_overflow=10, connect_args=arguments)
        self._queue = threading.Lock()
        self._writing_engine = self.engine.execution_options(**{WRITES: True})
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent look at the database."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes; committed at the end, undone by any error."""
        with self._turn(), self._writing_engine.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite's writers sleep and look again, longer each time, and who came last may go first. In its one process
        they stand in a queue instead, none of them longer than SQLite itself would wait."""
        is_ours = self.is_sqlite and self._queue.acquire(timeout=LOCK_WAIT_SECONDS)
        try:
            yield
        finally:
            if is_ours:
                self._queue.release()

    @contextmanager
    def session(self, *, writes: bool = False) -> Iterator[Session]:
        """The same two through the ORM, for screens."""
        with self.writing() if writes else self.reading() as connection, Session(connection) as session:
            yield session
            session.flush()

    def close(self) -> None:
        self.engine.dispose()


def _session_options(url: str) -> str:
    """A process that is stopped in the middle of a transaction must not hold its locks: all others would wait. What
    the address itself asks for comes after it, and so counts."""
    named = make_url(url).query.get("options", "")
    return f"-c idle_in_transaction_session_timeout={ASLEEP_SECONDS * 1000} {named}".rstrip()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own implicit BEGIN is switched off: _begin_sqlite says which kind of transaction it is.
    connection.isolation_level = None
    # WAL lets pages be read while a score is written; FULL makes a commit survive a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writing one fails at once when another writes; IMMEDIATE waits its turn.
    is_writing = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def upsert(connection: Connection, table: type[DeclarativeBase]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say ON CONFLICT, in the words of this connection's database."""
    return upserting(connection.dialect.name, table)


def upserting(dialect: str, table: type[DeclarativeBase]) -> postgresql.Insert | sqlite.Insert:
    """The same for a statement that is built once and kept: `dialect` as SQLAlchemy names it."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def one_at_a_time(connection: Connection, table: type[DeclarativeBase]) -> None:
    """From here to the end of its transaction no other connection passes this line for the same table: what is looked
    up and then written is not written twice. SQLite's writers queue by themselves."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def what_may_lose_commits(database: Database) -> list[str]:
    """Settings with which a power cut can take back what was shown as saved; [] when every commit is on the disk."""
    with database.reading() as connection:
        if database.is_sqlite:
            mode = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
            return [] if int(mode) >= SQLITE_FULL else ["synchronous"]
        names = ("fsync", "full_page_writes", "synchronous_commit")
        told = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names}
    return [name for name in names if told[name] == "off"]
