"""Whether the tables are those of this version; told without Alembic, which only who changes tables should pay for."""

from pathlib import Path

from sqlalchemy import inspect, text

from tool.db import Database


def is_current(database: Database) -> bool:
    """Whether the tables are those this version of Passback works with."""
    with database.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return present == newest()


def newest() -> str:
    """The last step: they are numbered in their order."""
    return max(path.name[:4] for path in Path(__file__).parent.joinpath("versions").glob("[0-9]*.py"))
