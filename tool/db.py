"""The one way in to the database: SQLite embedded, or PostgreSQL shared by any number of processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

LOCK_WAIT_SECONDS = 15
WRITES = "passback_writes"


class Database:
    """Short transactions, and none of them open while somebody waits for an LMS."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"connect_args": {"timeout": LOCK_WAIT_SECONDS}} if self.is_sqlite else {}
        self.engine: Engine = create_engine(url, pool_size=pool_size, max_overflow=10, **options)
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
        with self._writing_engine.begin() as connection:
            yield connection

    @contextmanager
    def session(self, *, writes: bool = False) -> Iterator[Session]:
        """The same two through the ORM, for screens."""
        with self.writing() if writes else self.reading() as connection, Session(connection) as session:
            yield session
            session.flush()

    def close(self) -> None:
        self.engine.dispose()


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
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def one_at_a_time(connection: Connection, table: type[DeclarativeBase]) -> None:
    """From here to the end of its transaction no other connection passes this line for the same table: what is looked
    up and then written is not written twice. SQLite's writers queue by themselves."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))
