"""SQLite has room for one sender; the second is told so in one line, and PostgreSQL has room for any number."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tool.settings import Settings
from tool.worker import only_sender


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


@pytest.mark.parametrize("command", ["worker", "serve"])
def test_a_second_sender_is_refused(passback: CommandLine, command: str) -> None:
    assert passback.run("keys", "list").exit_code == 0
    database_url = passback.config["database_url"]

    with only_sender(Settings(database_url=database_url)):
        line = passback.refused(command)

    assert "another Passback process sends for this SQLite database" in line
    assert "--no-sender" in line


def test_when_the_first_has_ended_the_next_may_send(passback: CommandLine) -> None:
    settings = Settings(database_url=passback.config["database_url"])
    with only_sender(settings):
        pass
    with only_sender(settings):
        pass


def test_postgresql_has_room_for_several() -> None:
    settings = Settings(database_url="postgresql://passback@db.example/passback")
    with only_sender(settings), only_sender(settings):
        pass
