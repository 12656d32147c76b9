"""The operator's pages on both databases or, where the database does not matter, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.lms_beside import CourseBeside, LmsBeside, running_lms
from tests.operators import Operator, at_work
from tests.rows import make_assignment, open_copy
from tool.db import Database


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    """On both databases."""
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()


@pytest.fixture
def counter(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    """On SQLite alone, for what hardly reaches a table."""
    database = open_copy(migrated_sqlite, tmp_path / "counter.db")
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()
    database.close()


@pytest.fixture(scope="module")
def shared_lms() -> Iterator[LmsBeside]:
    with running_lms() as lms:
        yield lms


@pytest.fixture
def course(shared_lms: LmsBeside, desk: Desk) -> CourseBeside:
    """Ada's course in an LMS beside the desk; only that LMS is registered."""
    shared_lms.reset()
    make_assignment(desk.database)
    return CourseBeside(shared_lms, desk.database, shared_lms.register(desk.database))


@pytest.fixture
def grace(desk: Desk) -> Operator:
    return at_work(desk)
