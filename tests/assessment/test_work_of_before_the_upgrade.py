"""An installation is brought to the newest tables: its work, its grades and its sends are of the assignment their link
has, and nothing of them is lost on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import POSTGRES
from tool import migrations
from tool.db import Database
from tool.errors import BadInput
from tool.migrations.state import is_current
from tool.migrations.upgrading import upgrade
from tool.model.passbacks import Passback, Run
from tool.model.work import Grade, Mark, Submission

PLAIN: dict[type, object] = {
    int: 0,
    str: "",
    bool: False,
    object: [],
    dict: [],
    datetime: datetime(2026, 3, 2, 12, tzinfo=UTC),
}
"""What stands in columns that a story says nothing of."""


@pytest.fixture(params=["sqlite", "postgresql"])
def first_tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as the first version made it."""
    url = f"sqlite:///{tmp_path}/first.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("own_postgres").replace("postgresql://", "postgresql+psycopg://")
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    yield database
    database.close()


@pytest.fixture
def own_postgres(postgres_url: str) -> Iterator[str]:
    """Another one than that of the other stories, whose tables are the newest."""
    name = f"{postgres_url.rsplit('/', 1)[1]}_first"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def write(connection: Connection, name: str, *rows: dict[str, Any]) -> None:
    """Rows of a table as it is now; what must not be empty and is not told is plain."""
    table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    needed = [column for column in table.c if not column.nullable and not column.primary_key]
    plain = {column.name: PLAIN[column.type.python_type] for column in needed}
    connection.execute(insert(table), [plain | row for row in rows])


def fill(database: Database) -> None:
    """Ben handed in fractions twice and its score arrived; Cleo works on decimals, and her score waits."""
    with database.writing() as connection:
        write(connection, "platforms", {"id": 1})
        write(connection, "customers", {"id": 1, "platform_id": 1})
        write(connection, "courses", {"id": 1, "customer_id": 1})
        write(connection, "persons", *({"id": n, "customer_id": 1, "subject": f"s{n}"} for n in (1, 2)))
        write(connection, "members", *({"id": n, "course_id": 1, "person_id": n} for n in (1, 2)))
        write(connection, "assignments", {"id": "fractions"}, {"id": "decimals"})
        links = ((7, "fractions"), (8, "decimals"))
        for n, bound_to in links:
            link = {"id": n, "course_id": 1, "resource_link_id": f"link-{n}", "assignment_id": bound_to}
            write(connection, "placements", link)
        ben, cleo = {"placement_id": 7, "member_id": 1}, {"placement_id": 8, "member_id": 2}
        for n, whose, attempt in ((1, ben, 1), (2, ben, 2), (3, cleo, 1)):
            write(connection, "submissions", {"id": n, "attempt_number": attempt} | whose)
        write(connection, "grades", {"submission_id": 1, "score": "5"}, {"submission_id": 2, "score": "10"})
        write(connection, "marks", {"id": 1, "submission_id": 2, "question_id": "half", "marked_by": 2})
        write(connection, "runs", {"id": 1, "course_id": 1, "placement_id": 7})
        write(connection, "passbacks", {"id": 1, "platform_id": 1, "confirmed_version": 3, "run_id": 1} | ben)
        write(connection, "passbacks", {"id": 2, "platform_id": 1} | cleo)
        write(connection, "attempts", {"id": 1, "passback_id": 1})
        write(connection, "run_items", {"run_id": 1, "passback_id": 1})


def test_what_was_there_is_of_what_its_link_has(first_tables: Database) -> None:
    fill(first_tables)

    upgrade(first_tables)

    assert is_current(first_tables)
    with first_tables.reading() as connection:
        work = connection.execute(select(Submission.id, Submission.assignment_id).order_by(Submission.id)).all()
        rows = connection.execute(
            select(Passback.assignment_id, Passback.sent_assignment_id).order_by(Passback.id)
        ).all()
        assert work == [(1, "fractions"), (2, "fractions"), (3, "decimals")]
        assert rows == [("fractions", "fractions"), ("decimals", None)]
        assert connection.execute(select(Run.assignment_id)).scalars().all() == ["fractions"]
        assert connection.execute(select(Grade.score).order_by(Grade.submission_id)).scalars().all() == [
            Decimal(5),
            Decimal(10),
        ]
        assert connection.execute(select(Mark.submission_id)).scalars().all() == [2]


def test_each_assignment_has_its_own_attempts_from_then_on(first_tables: Database) -> None:
    fill(first_tables)
    upgrade(first_tables)
    again = {"id": 4, "placement_id": 7, "member_id": 1, "attempt_number": 1}

    with first_tables.writing() as connection:
        write(connection, "submissions", again | {"assignment_id": "decimals"})
    with pytest.raises(IntegrityError), first_tables.writing() as connection:
        write(connection, "submissions", again | {"id": 5, "assignment_id": "fractions"})


def test_references_are_kept_afterwards(first_tables: Database) -> None:
    fill(first_tables)
    upgrade(first_tables)

    with pytest.raises(IntegrityError), first_tables.writing() as connection:
        write(connection, "grades", {"submission_id": 99})


@pytest.mark.parametrize("first_tables", ["sqlite"], indirect=True)
def test_a_damaged_file_is_left_as_it_was(first_tables: Database) -> None:
    fill(first_tables)
    with first_tables.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        connection.execute(text("DELETE FROM submissions WHERE id = 1"))
        connection.commit()
    first_tables.close()  # the pool forgets the connection that looked away

    with pytest.raises(BadInput, match="rows of grades refer to rows of submissions"):
        upgrade(first_tables)

    assert not is_current(first_tables)
    assert "assignment_id" not in {column["name"] for column in inspect(first_tables.engine).get_columns("submissions")}
    with pytest.raises(IntegrityError), first_tables.writing() as connection:
        write(connection, "grades", {"submission_id": 99})
