"""Databases, stages and browsers for every test."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import delete

from tests.ags_rules import complaints, oracle_file, read_arrivals
from tests.rows import open_copy
from tests.stage import Stage
from tests.witness import FILE, arrived_since
from tool.db import Database
from tool.migrations.upgrading import upgrade
from tool.model.base import Base

# A busy machine is not a slow decision: how long an example takes decides nothing.
settings.register_profile("passback", deadline=None)
settings.load_profile("passback")

POSTGRES = os.environ.get("PASSBACK_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
CHROMIUM = os.environ.get("PASSBACK_TEST_CHROMIUM", "/usr/bin/chromium")


def postgres_answers() -> bool:
    """Asked again where it only hesitates: a busy server is not a missing one."""
    for pause_seconds in (0.5, 2.0, 5.0, 0.0):
        try:
            with psycopg.connect(POSTGRES, connect_timeout=5):
                return True
        except psycopg.OperationalError as error:
            if "refused" in str(error):
                return False
        time.sleep(pause_seconds)
    return False


needs_chromium = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"Chromium is not at {CHROMIUM}")


@pytest.fixture(scope="session")
def ags_oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """1EdTech's rules of the grade services where they are at hand; then all that gradebooks are asked is kept."""
    path = oracle_file()
    if path is not None:
        kept = tmp_path_factory.mktemp("witness") / "asked.jsonl"
        kept.touch()
        os.environ[FILE] = str(kept)
    yield path
    os.environ.pop(FILE, None)


@pytest.fixture(autouse=True)
def what_gradebooks_are_asked_is_well_formed(ags_oracle: Path | None, request: pytest.FixtureRequest) -> Iterator[None]:
    """A malformed request fails the test in which it was made, or, where its sender lives on, the next one."""
    yield
    if ags_oracle is not None:
        asked = dict.fromkeys(read_arrivals(arrived_since()))
        if request.node.get_closest_marker("addresses_made_up"):
            return
        found = [(one, flaw) for one in asked for flaw in complaints(one, ags_oracle)]
        assert not found, "1EdTech's OpenAPI file does not know such a request: " + repr(found[:3])


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A PostgreSQL database of this test run's own."""
    if not postgres_answers():
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432 (set PASSBACK_TEST_POSTGRES to use another)")
    name = f"passback_test_{worker_id}_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        # It need not survive a power cut.
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables, to be copied: migrating takes far longer than a story."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with our tables: the same story on both engines."""
    if request.param == "sqlite":
        empty: Path = request.getfixturevalue("migrated_sqlite")
        made = open_copy(empty, tmp_path / "test.db")
        yield made
        made.close()
        return
    shared: Database = request.getfixturevalue("migrated_postgres")
    with shared.writing() as connection:
        # Of a few rows: TRUNCATE makes new files for every table and index, and takes a hundred times longer.
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
    yield shared


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Demo LMS and Passback on SQLite, shared by the stories of one file: each has its own people or links."""
    yield from opened(Stage(tmp_path_factory.mktemp("stage")))


@pytest.fixture
def own_stage(tmp_path: Path) -> Iterator[Stage]:
    """The same for one story alone, which may kill what it likes."""
    yield from opened(Stage(tmp_path))


def opened(stage: Stage, *options: str) -> Iterator[Stage]:
    """The stage, opened for a fixture's tests and closed after them; `options` are those of `serve`."""
    try:
        stage.open(*options)
        yield stage
    finally:
        stage.close()
