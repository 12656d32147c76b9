"""The tool's pages and an LMS on paper, on both databases or, where the database does not matter, on SQLite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.rows import make_assignment
from tool.db import Database


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    """On both databases."""
    make_assignment(database)
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()


@pytest.fixture
def counter(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    """On SQLite alone, for what never reaches a table."""
    database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'counter.db')}")
    make_assignment(database)
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()
    database.close()
