"""Bad input: one clear line on standard error that names the key, exit status 2, nothing changed."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.command_line import CommandLine, platform_file
from tests.rows import ISSUER, assignment_text
from tool.db import Database


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


BAD_PLATFORMS: list[tuple[str, object, str]] = [
    ("not JSON", "{", "lms.json: line 1 is not JSON"),
    ("a list", [], "lms.json: must be a JSON object"),
    ("nothing", {}, "lms.json: names no platform"),
    ("endless nesting", "[" * 100_000, "lms.json: is not JSON that can be read"),
    ("a number without end", '{"a": ' + "9" * 5000 + "}", "lms.json: is not JSON that can be read"),
    ("an issuer twice", f'{{"{ISSUER}": [], "{ISSUER}": []}}', f"lms.json: {ISSUER}: stands there twice"),
    ("no client", platform_file(client_id=None), "client_id"),
    ("an empty client", platform_file(client_id=""), "client_id"),
    ("no deployments", platform_file(deployment_ids=[]), "deployment_ids"),
    ("a deployment twice", platform_file(deployment_ids=["1", "1"]), "deployment_ids"),
    ("a deployment too long", platform_file(deployment_ids=["1" * 256]), "deployment_ids"),
    ("no way to sign in", platform_file(auth_login_url=None), "auth_login_url"),
    ("no address", platform_file(auth_token_url="token"), "auth_token_url"),
    ("another scheme", platform_file(auth_login_url="javascript:alert(1)"), "auth_login_url"),
    ("a password", platform_file(auth_login_url="https://me:secret@lms.example/auth"), "auth_login_url"),
    ("a line end in an address", platform_file(key_set_url="https://lms.example/\nkeys"), "key_set_url"),
    ("a name of two lines", platform_file(name="Our\nLMS"), "name"),
    ("plain http", platform_file(auth_token_url="http://lms.example/token"), f"platforms.{ISSUER}: plain http"),
    ("no keys", platform_file(key_set_url=None), "key_set_url"),
    ("a key file", platform_file(private_key_file="private.key"), "private_key_file is not used here"),
    ("an unknown key", platform_file(colour="red"), "colour: is not a known key"),
    ("an unknown family", platform_file(family="blackbird"), "family"),
    ("one client twice", {ISSUER: platform_file()[ISSUER] * 2}, "the same client_id stands there twice"),
    ("an issuer of two lines", {"https://a.example\nX": platform_file()[ISSUER]}, "issuer"),
    ("an issuer too long", {"https://a.example/" + "x" * 500: platform_file()[ISSUER]}, "issuer"),
]


@pytest.mark.parametrize(("file", "said"), [row[1:] for row in BAD_PLATFORMS], ids=[row[0] for row in BAD_PLATFORMS])
def test_a_bad_platform_file_is_refused(passback: CommandLine, file: object, said: str) -> None:
    line = passback.refused("platform", "add", passback.write("lms.json", file))

    assert said in line
    assert "secret" not in line


def test_a_platform_of_config_json_is_read_only(passback: CommandLine) -> None:
    passback.config["platforms"] = platform_file()

    line = passback.refused("platform", "add", passback.write("lms.json", platform_file(name="Mine")))

    assert line == f"{ISSUER} (passback-1): stands in config.json; change it there"


def a_question(**changes: Any) -> str:
    question = {"id": "half", "type": "numeric", "prompt": "1/2?", "points": 5, "answer": "0.5"}
    return assignment_text(questions=[question | changes])


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("{", "the file: is not JSON"),
        (json.dumps([]), "the file: must be an object"),
        (assignment_text(id="no blanks"), "id: must be"),
        (assignment_text(titel="Typo"), "titel: unknown key"),
        (assignment_text(automatic_passback="yes"), "automatic_passback"),
        (assignment_text(questions=[]), "questions"),
        (a_question(points=-1), "questions[0].points"),
        (a_question(type="riddle"), "questions[0].type"),
        (a_question(answer="half"), "questions[0].answer"),
        (a_question(prompt="\x1b[31m"), "questions[0].prompt"),
    ],
)
def test_a_bad_assignment_file_is_refused(passback: CommandLine, file: str, said: str) -> None:
    line = passback.refused("assignment", "import", passback.write("one.json", file))

    assert line.startswith(str(passback.folder / "one.json"))
    assert said in line


@pytest.mark.parametrize("command", [("platform", "add"), ("assignment", "import")])
def test_a_file_that_cannot_be_read_is_refused(passback: CommandLine, command: tuple[str, str]) -> None:
    latin = passback.folder / "latin.json"
    latin.write_bytes("{'ä'}".encode("latin-1"))

    assert "missing.json: cannot be read (No such file or directory)" in passback.refused(*command, "missing.json")
    assert "cannot be read (Is a directory)" in passback.refused(*command, passback.folder)
    assert "latin.json: is not UTF-8 text" in passback.refused(*command, latin)


def test_an_unknown_assignment_cannot_be_exported(passback: CommandLine) -> None:
    assert passback.refused("assignment", "export", "nobody") == "there is no assignment 'nobody'"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite:////nowhere/at/all.db", "the database cannot be used (unable to open database file)"),
        ("postgresql://me:secret@127.0.0.1:1/x", "the database cannot be used (connection failed"),
        ("postgresql://me:secret@127.0.0.1:port/x", "is not the address of a database"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(passback: CommandLine, address: str, said: str) -> None:
    passback.environment["PASSBACK_DATABASE_URL"] = address
    line = passback.refused("platform", "list")

    assert line.startswith(f"database_url: {said}")
    assert "secret" not in line


@pytest.mark.parametrize("command", ["db upgrade", "keys list", "serve", "worker", "assignment export x"])
def test_whichever_command_wants_the_database(passback: CommandLine, command: str) -> None:
    passback.environment["PASSBACK_DATABASE_URL"] = "sqlite:////nowhere/at/all.db"

    assert passback.refused(*command.split()).startswith("database_url: the database cannot be used")


def test_a_database_of_a_newer_version_is_left_alone(passback: CommandLine) -> None:
    database = Database(passback.config["database_url"])
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    result = passback.run("platform", "list")
    database.close()

    assert result.exit_code == 2
    assert result.stderr == "passback: database_url: the database was made by another version of Passback\n"


def test_postgresql_is_not_upgraded_without_asking(passback: CommandLine, postgres_url: str) -> None:
    passback.environment["PASSBACK_DATABASE_URL"] = f"{postgres_url}?options=-csearch_path%3Dempty"

    assert passback.refused("platform", "list").endswith("Run: passback db upgrade")
