"""`passback sis list` and `passback sis check NAME`, for operators on the machine itself."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine
from tests.rows import make_platform
from tests.sis.connecting.demo import DistrictBeside, district
from tool.db import Database
from tool.registration.keys import ensure_secret
from tool.sis.connecting.connections import make_connection, switch_connection
from tool.sis.connecting.sealing import Sealing


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


@pytest.fixture
def database(passback: CommandLine) -> Iterator[Database]:
    opened = Database(passback.config["database_url"])
    yield opened
    opened.close()


@pytest.fixture
def beside() -> Iterator[DistrictBeside]:
    with district() as opened:
        yield opened


def connect(passback: CommandLine, database: Database, beside: DistrictBeside, issuer: str, **changes: Any) -> int:
    customer_id = next(iter(make_platform(database, issuer=issuer).customers.values()))
    folder = Path(passback.config["keys_dir"])
    folder.mkdir(exist_ok=True)
    new = type(beside.handed_out)(
        **{name: getattr(beside.handed_out, name) for name in beside.handed_out.__slots__} | changes
    )
    return make_connection(database, Sealing(ensure_secret(folder)), customer_id, new)


def test_the_list_says_how_it_stands(passback: CommandLine, database: Database, beside: DistrictBeside) -> None:
    ended = date(2026, 1, 1)
    made = connect(passback, database, beside, "https://lms.example", secret_expires_on=ended)
    switch_connection(database, made, is_enabled=True)

    listed = passback.run("sis", "list")

    assert listed.exit_code == 0
    (row,) = [line for line in listed.stdout.splitlines() if "Demo SIS" in line]
    assert "on, credentials end 2026-01-01" in " ".join(row.split())
    assert beside.handed_out.secret not in listed.output


def test_nothing_is_bad(passback: CommandLine, database: Database, beside: DistrictBeside) -> None:
    connect(passback, database, beside, "https://lms.example")

    result = passback.run("sis", "check", "Demo SIS", "--teacher", "ada@school.example")

    assert result.exit_code == 0, result.output
    for said in ("Access token", "Permissions", "A class", "Grading periods", "Categories of the class"):
        assert said in result.stdout
    assert "BAD" not in result.stdout


def test_something_is_bad(passback: CommandLine, database: Database, beside: DistrictBeside) -> None:
    connect(passback, database, beside, "https://lms.example", secret="hunter2")

    result = passback.run("sis", "check", "Demo SIS")

    assert result.exit_code == 1, result.output
    (row,) = [line for line in result.stdout.splitlines() if "BAD" in line]
    assert "Access token" in row
    assert "hunter2" not in result.output


def test_of_two_with_one_name_the_number_says_which(
    passback: CommandLine, database: Database, beside: DistrictBeside
) -> None:
    first, second = (connect(passback, database, beside, f"https://{one}.example") for one in ("here", "there"))

    assert passback.refused("sis", "check", "Demo SIS") == (
        f"several connections have this name. Give the number of one: {first}, {second}."
    )
    assert passback.run("sis", "check", str(second), "--teacher", "ada@school.example").exit_code == 0


def test_a_name_nobody_has(passback: CommandLine, database: Database) -> None:
    make_platform(database)
    passback.run("sis", "list")

    assert passback.refused("sis", "check", "Aspire") == ("no connection has this name. List them: passback sis list")


def test_the_keys_of_another_machine_are_one_clear_line(
    passback: CommandLine, database: Database, beside: DistrictBeside
) -> None:
    connect(passback, database, beside, "https://lms.example")
    passback.config["keys_dir"] = str(passback.folder / "other-keys")

    assert passback.refused("sis", "check", "Demo SIS").startswith(
        "The stored credentials cannot be opened with the keys of this machine. Copy the keys folder"
    )
