"""`passback platform check NAME`: a table for people, an exit status for scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import CommandLine, platform_file
from tests.registration.wired import OWN_KEYS, Wired, answer
from tests.rows import CLIENT
from tool.db import Database
from tool.registration.checks.steps import NAMES
from tool.registration.keys import read_published_keys


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


@pytest.fixture
def wired(passback: CommandLine) -> Iterator[Wired]:
    """The command and both sides share one database; the LMS stands in config.json."""
    database = Database(passback.config["database_url"])
    both = Wired(database, passback.folder)
    told = {"auth_login_url": "auth", "auth_token_url": "token", "key_set_url": "keys"}
    urls = {name: f"{both.lms.url}/{path}" for name, path in told.items()}
    (entries,) = platform_file(name="Our LMS", family="canvas", **urls).values()
    passback.config |= {"base_url": both.tool.url, "platforms": {both.lms.url: entries}}
    both.tool.on(OWN_KEYS, answer({"keys": read_published_keys(database)}))
    yield both
    both.stop()
    database.close()


@pytest.mark.parametrize("how", ["name", "issuer", "client id"])
def test_nothing_is_bad(passback: CommandLine, wired: Wired, how: str) -> None:
    result = passback.run("platform", "check", {"name": "Our LMS", "issuer": wired.lms.url, "client id": CLIENT}[how])

    assert result.exit_code == 0, result.output
    for name in NAMES.values():
        assert str(name) in result.stdout
    assert "BAD" not in result.stdout
    assert "a-token-nobody-sees" not in result.output


def test_something_is_bad(passback: CommandLine, wired: Wired) -> None:
    wired.lms.on("/token", answer({"error": "invalid_client"}, 401))

    result = passback.run("platform", "check", "Our LMS")

    assert result.exit_code == 1
    (row,) = [line for line in result.stdout.splitlines() if "BAD" in line]
    assert "Permission to send scores" in row


def test_a_name_nobody_has(passback: CommandLine, wired: Wired) -> None:
    passback.run("platform", "list")
    assert passback.refused("platform", "check", "No such LMS") == (
        "no platform has this name. See them all: passback platform list"
    )


def test_a_name_that_two_have(passback: CommandLine, wired: Wired) -> None:
    (entries,) = platform_file(name="Our LMS", client_id="the-other").values()
    passback.config["platforms"] = passback.config["platforms"] | {"https://other.example": entries}
    passback.run("platform", "list")

    assert "the-other" in passback.refused("platform", "check", "Our LMS")


def test_a_second_one_at_once_is_told_to_wait(passback: CommandLine, wired: Wired) -> None:
    passback.run("platform", "check", "Our LMS")
    assert "being tested" in passback.refused("platform", "check", "Our LMS")
