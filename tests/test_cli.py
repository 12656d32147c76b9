"""The command line: what goes in comes out again, and nothing secret comes out with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import CommandLine, platform_file
from tests.rows import ISSUER, assignment_text
from tool.registration.keys import SECRET_FILE


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


def test_a_platform_is_added_and_listed(passback: CommandLine) -> None:
    long_name = "The LMS of the [united] schools of a long valley"
    file = passback.write("lms.json", platform_file(name=long_name, client_id="10000000000042"))

    added = passback.run("platform", "add", file)
    listed = passback.run("platform", "list")

    assert (added.exit_code, added.stdout) == (0, f"added {long_name}\n")
    (row,) = [line for line in listed.stdout.splitlines() if ISSUER in line]
    for part in (long_name, "10000000000042", "install-1", "unknown"):
        assert part in row, "a line for each platform, and nothing in it cut short"


def test_platforms_of_the_file_are_listed_before_the_first_start(passback: CommandLine) -> None:
    passback.config["platforms"] = platform_file(name="Ours")

    assert "Ours" in passback.run("platform", "list").stdout


def test_keys_are_listed_whole(passback: CommandLine) -> None:
    first = passback.run("keys", "list")

    (file,) = (passback.folder / "keys").glob("*.pem")
    (row,) = [line for line in first.stdout.splitlines() if file.stem in line]
    assert "signs" in row
    assert passback.run("keys", "list").stdout == first.stdout, "one key, whatever is asked again"


def test_a_new_key_is_published_before_it_signs(passback: CommandLine) -> None:
    passback.run("keys", "list")
    made = passback.run("keys", "rotate")

    kid = made.stdout.split()[1].rstrip(";")
    assert "signs from" in made.stdout
    assert "Copy the keys folder" in made.stderr
    listed = passback.run("keys", "list").stdout
    assert [kid in line for line in listed.splitlines() if "published " in line or "signs " in line][1:] == [
        True,
        False,
    ]
    assert "published already" in passback.refused("keys", "rotate")


def test_an_assignment_comes_out_as_it_went_in(passback: CommandLine) -> None:
    file = passback.write("one.json", assignment_text(instructions="Take your time. ½ ≠ 0,5?", closes_at=CLOSES_AT))
    assert passback.run("assignment", "import", file).stdout == "imported fractions\n"

    exported = passback.run("assignment", "export", "fractions").stdout
    assert json.loads(exported)["instructions"] == "Take your time. ½ ≠ 0,5?"
    assert [one["answer"] for one in json.loads(exported)["questions"]] == ["0.5", "0.25"]
    again = passback.write("again.json", exported)
    assert passback.run("assignment", "import", again).stdout == "changed fractions; graded anew: 0\n"
    assert passback.run("assignment", "export", "fractions").stdout == exported


def test_the_tables_are_made_when_they_are_missing(passback: CommandLine) -> None:
    before = passback.rows()
    (passback.folder / "passback.db").unlink()

    assert passback.run("db", "upgrade").stdout == "The tables are up to date.\n"
    assert passback.rows() == before
    assert passback.run("db", "upgrade").exit_code == 0


def test_no_secret_comes_out(passback: CommandLine) -> None:
    passback.environment["PASSBACK_KEY_PASSPHRASE"] = "open-sesame"
    file = passback.write("lms.json", platform_file())
    said = ""
    for arguments in (("keys", "list"), ("platform", "add", file), ("platform", "list"), ("platform", "add", "none")):
        result = passback.run(*arguments)
        said += result.output + result.stderr
    (pem,) = (passback.folder / "keys").glob("*.pem")

    assert "open-sesame" not in said
    assert pem.read_text().splitlines()[1] not in said
    assert SECRET_FILE not in said


def test_it_is_a_command_of_its_own(tmp_path: Path) -> None:
    """Through the real door once: status and streams as a script sees them."""
    environment = {**os.environ, "PASSBACK_CONFIG": str(tmp_path / "missing.json")}
    command = [sys.executable, "-m", "tool", "platform", "list"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"passback: {tmp_path / 'missing.json'}: cannot be read (No such file or directory)"
    ]


CLOSES_AT = "2030-05-31T17:00:00+02:00"
