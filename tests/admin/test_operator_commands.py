"""`passback operator`, from a pipe and from a terminal; what cannot be meant is one clear line and changes nothing."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.operators import GRACE, PASSWORD
from tests.stage import ROOT
from tool.admin.operators import check_password
from tool.db import Database


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


def opens(passback: CommandLine, password: str, email: str = GRACE) -> bool:
    """Whether this password is that operator's."""
    database = Database(passback.config["database_url"])
    found = check_password(database, email, password)
    database.close()
    return found is not None


def test_an_operator_is_added_listed_and_removed(passback: CommandLine) -> None:
    added = passback.run("operator", "add", GRACE, typed=f"{PASSWORD}\nanother line\n")
    assert (added.exit_code, added.stdout) == (0, f"added {GRACE}\n")
    assert opens(passback, PASSWORD)

    (row,) = [line for line in passback.run("operator", "list").stdout.splitlines() if GRACE in line]
    assert "never" in row
    assert passback.run("operator", "remove", GRACE).stdout == f"removed {GRACE}\n"
    assert GRACE not in passback.run("operator", "list").stdout
    assert not opens(passback, PASSWORD)


def test_a_known_one_gets_a_new_password(passback: CommandLine) -> None:
    passback.run("operator", "add", GRACE, typed=PASSWORD)
    changed = passback.run("operator", "add", GRACE.upper(), typed="a new password for grace\r\n")

    assert changed.exit_code == 0
    assert "signed out everywhere" in changed.stdout
    assert passback.run("operator", "list").stdout.count("@") == 1
    assert opens(passback, "a new password for grace")
    assert not opens(passback, PASSWORD)


@pytest.mark.parametrize(
    ("email", "typed", "said"),
    [
        (GRACE, "elevenchars", "the password must have 12 to 1000 characters"),
        (GRACE, "", "the password must have 12 to 1000 characters"),
        (GRACE, "\n" + PASSWORD, "the password must have 12 to 1000 characters"),
        (GRACE, "x" * 1001, "the password must have 12 to 1000 characters"),
        (GRACE, b"\xff\xfe not UTF-8 at all", "the password is not UTF-8 text"),
        ("grace", PASSWORD, "that is not an e-mail address."),
        ("@example.org", PASSWORD, "that is not an e-mail address."),
        ("grace@", PASSWORD, "that is not an e-mail address."),
        ("gr ace@example.org", PASSWORD, "that is not an e-mail address."),
        ("grace@example.org\nroot@example.org", PASSWORD, "that is not an e-mail address."),
        (f"{'g' * 250}@example.org", PASSWORD, "that is not an e-mail address."),
    ],
)
def test_what_cannot_be_meant_is_refused(passback: CommandLine, email: str, typed: str | bytes, said: str) -> None:
    assert passback.refused("operator", "add", email, typed=typed).startswith(said)


def test_nobody_can_be_removed_who_is_not_there(passback: CommandLine) -> None:
    assert "no operator has this e-mail address" in passback.refused("operator", "remove", GRACE)
    assert "no operator has this e-mail address" in passback.refused("operator", "remove", "nonsense")


def test_the_password_is_neither_printed_nor_kept(passback: CommandLine) -> None:
    result = passback.run("operator", "add", GRACE, typed=PASSWORD)
    said = result.output + passback.run("operator", "list").output

    assert PASSWORD not in said
    files = [file for file in passback.folder.rglob("*") if file.is_file()]
    assert not any(PASSWORD.encode() in file.read_bytes() for file in files)


@pytest.mark.parametrize(
    ("second", "status", "said"),
    [(PASSWORD, 0, f"added {GRACE}"), ("another password here", 2, "passback: the two passwords differ")],
)
def test_on_a_terminal_it_asks_twice_and_shows_nothing(
    passback: CommandLine, second: str, status: int, said: str
) -> None:
    passback.write("config.json", passback.config)
    before = passback.rows()
    shown, ended_with = type_on_a_terminal(passback.folder, (PASSWORD, second))

    assert ended_with == status
    assert said in shown
    assert PASSWORD not in shown
    assert opens(passback, PASSWORD) is (status == 0)
    assert (passback.rows() == before) is (status == 2)


def type_on_a_terminal(folder: Path, lines: tuple[str, str]) -> tuple[str, int]:
    """Run `operator add` on a terminal, answering each question; what is seen there, and the exit status."""
    environment = {**os.environ, "PASSBACK_CONFIG": str(folder / "config.json")}
    command = [sys.executable, "-m", "tool", "operator", "add", GRACE]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        shown, waiting, ends_at = "", list(lines), time.monotonic() + 60
        while time.monotonic() < ends_at:
            if select.select([ours], [], [], 1)[0]:
                try:
                    shown += os.read(ours, 4096).decode()
                except OSError:
                    break  # the command has ended
            if waiting and shown.count(": ") > len(lines) - len(waiting):
                os.write(ours, f"{waiting.pop(0)}\n".encode())
        os.close(ours)
        return shown, process.wait(10)
