"""The migrations make exactly the tables of the models, on both databases."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from tests.rows import make_platform
from tool.db import Database
from tool.migrations.state import is_current
from tool.migrations.upgrading import upgrade
from tool.model.base import Base


def test_models_and_migrations_agree(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences: list[Any] = compare_metadata(context, Base.metadata)

    assert differences == []


def test_unique_rules_are_in_the_database(database: Database) -> None:
    """Comparing does not look at SQLite's: without them a nonce could be spent twice."""
    found = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        ours = {tuple(sorted(c.name for c in rule.columns)) for rule in unique_rules(table)}
        theirs = {tuple(sorted(rule["column_names"])) for rule in found.get_unique_constraints(table.name)}
        assert ours == theirs, table.name


def unique_rules(table: Any) -> list[Any]:
    return [rule for rule in table.constraints if type(rule).__name__ == "UniqueConstraint"]


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.db")
    assert not is_current(database)

    upgrade(database)

    assert is_current(database)
    assert make_platform(database).id == 1
    upgrade(database)
    assert is_current(database)
    database.close()


def test_a_failed_upgrade_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/odd.db")
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE passbacks (id INTEGER)"))
    with pytest.raises(OperationalError, match="passbacks already exists"):
        upgrade(database)

    assert inspect(database.engine).get_table_names() == ["passbacks"]
    database.close()
