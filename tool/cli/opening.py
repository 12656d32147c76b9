"""What the configuration names, opened; whatever cannot be opened is told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click
import structlog
from sqlalchemy.exc import ArgumentError, DBAPIError

from tool.db import Database, what_may_lose_commits
from tool.errors import BadInput
from tool.migrations.state import is_current
from tool.outbound import Outbound
from tool.parts import Parts
from tool.registration.trusted import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell

log = structlog.get_logger("database")


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
    # Imported only now: a process that finds its tables ready should not carry Alembic.
    import_module("tool.migrations.upgrading").upgrade(database)


@contextmanager
def database_in_words() -> Iterator[None]:
    """Trouble with the database in one line; never with its address, which may hold a password."""
    try:
        yield
    except DBAPIError as error:
        words = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        raise BadInput(f"database_url: the database cannot be used ({words[0]})") from None
    except (ArgumentError, ValueError):
        raise BadInput("database_url: is not the address of a database") from None
    except ImportError:
        raise BadInput(
            "database_url: PostgreSQL needs a part that is not installed.", "Run: pip install passback[postgres]"
        ) from None


def _check_durability(database: Database, settings: Settings) -> None:
    """A score shown as saved must outlive a power cut: in production nothing less is started."""
    loose = what_may_lose_commits(database)
    if loose and settings.is_production:
        database.close()
        raise BadInput(
            f"database_url: the server may lose what it has confirmed ({', '.join(loose)} is off).",
            "Switch it on; Passback does not serve on a database that forgets.",
        )
    if loose:
        log.warning("database.may_forget", settings=loose)


def tell_environment(settings: Settings) -> None:
    """Development is what an installation is when nobody has said anything: it must not be so by oversight."""
    if not settings.is_production:
        click.echo(
            "Development: plain http and connections to this machine itself are allowed, to no other inside. "
            "For a school set environment to production.",
            err=True,
        )


def open_parts(settings: Settings) -> Parts:
    """What the pages and the sender are made of."""
    database = open_database(settings)
    _check_durability(database, settings)
    return Parts(
        settings=settings,
        database=database,
        platforms=TrustedPlatforms(database),
        outbound=Outbound(allow_loopback_http=not settings.is_production),
        bell=Bell(),
    )
