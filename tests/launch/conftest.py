"""The tool's pages and an LMS on paper, on both databases or, where the database does not matter, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.rows import make_assignment, open_copy
from tool.db import Database


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    """On both databases."""
    make_assignment(database)
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()


@pytest.fixture(scope="module")
def counter(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """On SQLite alone, for what hardly reaches a table; shared by the stories of one file."""
    folder = tmp_path_factory.mktemp("counter")
    database = open_copy(migrated_sqlite, folder / "counter.db")
    make_assignment(database)
    opened = Desk(database, folder)
    yield opened
    opened.outbound.close()
    database.close()
