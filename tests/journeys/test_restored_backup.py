"""The commands of docs/deploy.md, really run: a backup while scores wait, the server lost, and Passback on the copy."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import psycopg
import pytest
from sqlalchemy import select

from tests.cast import BEN, CLEO, FRACTIONS, ZOE, Someone
from tests.conftest import POSTGRES, opened
from tests.scripted_browser import ScriptedBrowser
from tests.stage import ROOT, Stage, right_answers, wait_until
from tool.db import Database
from tool.model.passbacks import Passback
from tool.settings import Settings

PAGE = (ROOT / "docs" / "deploy.md").read_text()
SCRIPT = (ROOT / "docs" / "deploy" / "passback-backup").read_text()
# The story starts and ends the tool itself, and all of it belongs to one user.
STAND_INS = 'set -eu\nsystemctl() { :; }\nrunuser() { shift 3; "$@"; }\npassback() { "$PYTHON" -m tool "$@"; }\n'
SERVER = urlsplit(POSTGRES)


class Server(Stage):
    """A stage laid out as the page says, in a folder that stands for `/`."""

    def write_config(self, platforms: Any) -> None:
        super().write_config(platforms)
        keys, settings = self.folder / "var/lib/passback/keys", self.folder / "etc/passback/config.json"
        for made in (keys, settings.parent, self.folder / "var/backups/passback"):
            made.mkdir(parents=True, exist_ok=True)
        written = self.folder / "config.json"
        settings.write_text(written.read_text().replace(str(self.folder / "keys"), str(keys)))
        written.unlink()
        written.symlink_to(settings)

    def run(self, commands: str, **changes: str) -> str:
        """Commands of the page, but for what another machine has to change; the last line they print."""
        here = {"/var/": f"{self.folder}/var/", "/etc/": f"{self.folder}/etc/"}
        here |= {" -C /": f" -C {self.folder}", "--directory=/ ": f"--directory={self.folder} "} | changes
        for theirs, ours in here.items():
            assert theirs not in changes or theirs in commands, f"the page no longer says {theirs}"
            commands = commands.replace(theirs, ours)
        environment = self._environment({"PYTHON": sys.executable, "PATH": postgres_programs() + os.environ["PATH"]})
        shell = ["sh", "-c", STAND_INS + commands]
        done = subprocess.run(
            shell, check=False, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().rpartition("\n")[2]

    def back_up(self) -> None:
        raise NotImplementedError

    def restore(self, time: str) -> None:
        """On what is left after the server was lost; `time` tells one restore from another."""
        raise NotImplementedError


class WithPostgres(Server):
    made = ""

    def back_up(self) -> None:
        self.made = self.run(SCRIPT, **{"postgresql:///passback?host=/run/postgresql": address(self.name)})

    def restore(self, time: str) -> None:
        shutil.rmtree(self.folder / "var/lib/passback")
        shutil.rmtree(self.folder / "etc/passback")
        restored = f"{self.name}_{time}"
        self.run(
            the_commands("Restore"),
            **{
                "/var/backups/passback/2026-11-23T022042Z": self.made.removeprefix(str(self.folder)),
                "--owner=passback restored": f"--maintenance-db='{POSTGRES}' --owner={SERVER.username} {restored}",
                "postgresql:///restored?host=/run/postgresql": address(restored),
                "///passback?#///restored?": f"///{self.name}?#///{restored}?",
            },
        )

    @property
    def name(self) -> str:
        return urlsplit(self.database_url).path[1:]


class WithSqlite(Server):
    def __init__(self, folder: Path) -> None:
        (folder / "var/lib/passback").mkdir(parents=True)
        super().__init__(folder, f"sqlite:///{folder}/var/lib/passback/passback.db")

    def back_up(self) -> None:
        self.stop()
        self.run(the_commands("A small installation"))
        self.start_tool()

    def restore(self, time: str) -> None:  # noqa: ARG002 - a file needs no name of its own
        made = next((self.folder / "var/backups/passback").iterdir()).name
        self.run(the_commands("A small installation", 1), **{"2026-11-23.tar.gz": made})


def the_commands(heading: str, number: int = 0) -> str:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return str(re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[number])


def address(database: str) -> str:
    """As the page writes them, with the name of the database in front of the question mark."""
    told = {"host": SERVER.hostname, "port": SERVER.port or 5432, "user": SERVER.username, "password": SERVER.password}
    return f"postgresql:///{database}?" + urlencode(
        {name: unquote(str(value)) for name, value in told.items() if value is not None}
    )


def postgres_programs() -> str:
    """Debian's programs that are not older than the server: an older pg_dump refuses a newer server."""
    found = {int(one.parent.name): one for one in Path("/usr/lib/postgresql").glob("*/bin")}
    with psycopg.connect(POSTGRES) as connection:
        fitting = [major for major in sorted(found) if major >= connection.info.server_version // 10000]
    return f"{found[fitting[0]]}:" if fitting else ""


def ready(server: Server) -> Iterator[Server]:
    for _ in opened(server):
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    if request.param == "sqlite":
        yield from ready(WithSqlite(tmp_path))
        return
    shared: str = request.getfixturevalue("postgres_url")
    if shutil.which("pg_restore") is None:
        pytest.skip("pg_restore is not on PATH (Debian's postgresql-client)")
    name = f"{shared.rsplit('/', 1)[1]}_backup"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield from ready(WithPostgres(tmp_path, address(name)))
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        for one in (name, f"{name}_first", f"{name}_second"):
            connection.execute(f"DROP DATABASE IF EXISTS {one} WITH (FORCE)".encode())


def hand_in(server: Server, *people: Someone) -> None:
    for one in people:
        browser = ScriptedBrowser()
        server.hand_in(browser, server.arrive(browser, one, FRACTIONS), right_answers("fractions-quiz"))


def read_ledger(server: Server) -> list[tuple[str, int]]:
    """Of each score its state and how often it was tried in vain, in the database that the settings name now."""
    url = json.loads((server.folder / "config.json").read_text())["database_url"]
    database = Database(Settings(database_url=url).database_url)
    try:
        with database.reading() as connection:
            return [(state, tries) for state, tries in connection.execute(select(Passback.state, Passback.tries))]
    finally:
        database.close()


def nothing_waits(server: Server) -> bool:
    return all(state != "due" for state, _ in read_ledger(server))


def test_scores_that_waited_in_the_backup_arrive_once_and_never_over_a_newer_grade(server: Server) -> None:
    hand_in(server, CLEO)
    server.wait_for_cell(CLEO, FRACTIONS)
    server.set_mood("down")
    hand_in(server, BEN, ZOE)
    wait_until(lambda: sum(tries > 0 for _, tries in read_ledger(server)) == 2, 30)
    server.back_up()
    assert sorted(state for state, _ in read_ledger(server)) == ["delivered", "due", "due"]
    assert (server.cell(BEN, FRACTIONS), server.cell(ZOE, FRACTIONS)) == (None, None)

    server.stop()
    server.restore("first")
    server.set_mood("fine")
    server.start_tool()

    for one in (BEN, ZOE, CLEO):
        cell = server.wait_for_cell(one, FRACTIONS)
        assert (one.name, cell["score"], cell["attempts"]) == (one.name, 20, 1)
    wait_until(lambda: nothing_waits(server), 45)

    # Once more from the same backup: now its waiting scores stand in the LMS, and one was changed there since.
    column = server.columns(FRACTIONS)[0]["line_item_url"]
    server.lms("POST", "/control/type-grade", course=ZOE.course, line_item_url=column, user=ZOE.subject, score=7)
    server.stop()
    server.restore("second")
    assert not nothing_waits(server)
    server.start_tool()

    wait_until(lambda: nothing_waits(server), 45)
    cells = [server.wait_for_cell(one, FRACTIONS) for one in (BEN, ZOE, CLEO)]
    assert [(cell["score"], cell["attempts"]) for cell in cells] == [(20, 1), (7, 1), (20, 1)]
    assert len(server.scores_sent(CLEO)) == 1
    assert len(server.columns(FRACTIONS)) == 1
