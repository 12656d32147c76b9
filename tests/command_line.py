"""The command `passback` in a folder of its own, run in this process."""

import json
import shutil
from pathlib import Path
from typing import Any

import structlog
from click.testing import CliRunner, Result

from tests.rows import CLIENT, DEPLOYMENT, ISSUER, count_rows
from tool.cli import main
from tool.db import Database


class CommandLine:
    """A config.json, a database with tables and nothing in them, and the environment a story wants."""

    def __init__(self, folder: Path, empty_database: Path) -> None:
        self.folder = folder
        shutil.copy(empty_database, folder / "passback.db")
        self.config: dict[str, Any] = {
            "base_url": "https://passback.example",
            "database_url": f"sqlite:///{folder}/passback.db",
            "keys_dir": str(folder / "keys"),
        }
        self.environment: dict[str, str] = {}

    def write(self, name: str, content: object) -> Path:
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    def run(self, *arguments: str | Path, typed: str | bytes | None = None) -> Result:
        """The command with `config` as its config.json, unless a story wrote another one there; `typed` is what comes
        in from standard input."""
        if not (self.folder / "config.json").exists():
            self.write("config.json", self.config)
        environment = {"PASSBACK_CONFIG": str(self.folder / "config.json"), **self.environment}
        try:
            return CliRunner(env=environment).invoke(main, [str(one) for one in arguments], input=typed)
        finally:
            structlog.reset_defaults()  # a command that serves sends the logs to a stream that ends with it

    def refused(self, *arguments: str | Path, typed: str | bytes | None = None) -> str:
        """The one line the command is refused with; that nothing else happened is checked here."""
        before = self.rows()
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 2, (result.output, result.exception)
        assert result.stdout == ""
        assert self.rows() == before, "something was changed"
        (line,) = result.stderr.splitlines()
        assert line.startswith("passback: ")
        return line.removeprefix("passback: ")

    def rows(self) -> dict[str, int]:
        database = Database(self.config["database_url"])
        counted = count_rows(database)
        database.close()
        return counted


def platform_file(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    """The file of `platform add`; a change to None leaves the key out."""
    plain: dict[str, Any] = {
        "client_id": CLIENT,
        "auth_login_url": f"{ISSUER}/auth",
        "auth_token_url": f"{ISSUER}/token",
        "key_set_url": f"{ISSUER}/keys",
        "deployment_ids": [DEPLOYMENT],
    }
    return {ISSUER: [{name: value for name, value in (plain | changes).items() if value is not None}]}
