"""What the configuration names, opened; whatever cannot be opened is told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy.exc import ArgumentError, DBAPIError

from tool.app import Parts
from tool.db import Database
from tool.errors import BadInput
from tool.migrations import is_current, upgrade
from tool.outbound import Outbound
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell


def open_database(settings: Settings) -> Database:
    """The database with its tables as this version needs them; SQLite's are made and changed without asking."""
    with database_in_words():
        database = Database(settings.database_url)
        try:
            _make_ready(database)
        except BaseException:
            database.close()
            raise
    return database


def _make_ready(database: Database) -> None:
    if is_current(database):
        return
    if not database.is_sqlite:
        raise BadInput("the database's tables are not those of this version.", "Run: passback db upgrade")
    upgrade(database)


@contextmanager
def database_in_words() -> Iterator[None]:
    """Trouble with the database in one line; never with its address, which may hold a password."""
    try:
        yield
    except DBAPIError as error:
        words = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        raise BadInput(f"database_url: the database cannot be used ({words[0]})") from None
    except CommandError:
        raise BadInput("database_url: the database was made by another version of Passback") from None
    except (ArgumentError, ValueError):
        raise BadInput("database_url: is not the address of a database") from None
    except ImportError:
        raise BadInput(
            "database_url: PostgreSQL needs a part that is not installed.", "Run: pip install passback[postgres]"
        ) from None


def open_parts(settings: Settings) -> Parts:
    """What the pages and the sender are made of."""
    database = open_database(settings)
    return Parts(
        settings=settings,
        database=database,
        platforms=TrustedPlatforms(database),
        outbound=Outbound(allow_loopback_http=not settings.is_production),
        bell=Bell(),
    )
