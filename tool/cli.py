"""The command `passback`. Bad input: one clear line on standard error, exit status 2, nothing changed."""

import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table
from waitress.server import create_server

from tool.app import Parts, create_app
from tool.assessment.assignments import export_assignment, import_assignment
from tool.assessment.questions import AssignmentFile, read_assignment_file, write_assignment_file
from tool.db import Database
from tool.demo_lms import serving
from tool.demo_lms.server import create_lms, platform_entry
from tool.errands import Runner
from tool.errors import BadInput, PassbackError
from tool.logs import configure_logs
from tool.migrations import is_current, upgrade
from tool.outbound import Outbound
from tool.passback.sender import Sender
from tool.registration.keys import ensure_signing_key, list_keys
from tool.registration.platforms import TrustedPlatforms, add_platforms, adopt_file_platforms
from tool.settings import Platforms, Settings, describe, load_settings, read_json
from tool.wake import Bell
from tool.worker import in_threads, make_runner, make_sender, only_sender, seed_errands

WEB_THREADS = 8


class Commands(click.Group):
    """Turns every refusal of ours into one line and exit status 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PassbackError as error:
            click.echo(f"passback: {error.message}" + (f" {error.hint}" if error.hint else ""), err=True)
            sys.exit(2)


@click.group(cls=Commands)
@click.version_option(package_name="passback")
def main() -> None:
    """Passback gives students assignments and brings every grade home to the LMS gradebook."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--no-sender", is_flag=True, help="Only pages; scores are sent by `passback worker` elsewhere.")
def serve(host: str, port: int, no_sender: bool) -> None:
    """Serve the pages, and with SQLite send the scores too."""
    configure_logs()
    settings = load_settings()
    parts = _parts(settings)
    ensure_signing_key(parts.database, settings)
    adopt_file_platforms(parts.database, settings.platforms)
    if no_sender:
        _serve(create_app(parts), host, port)
        return
    with only_sender(settings), in_threads(*_loops(parts)):
        _serve(create_app(parts), host, port)


@main.command()
def worker() -> None:
    """Send scores until stopped."""
    configure_logs()
    settings = load_settings()
    parts = _parts(settings)
    with only_sender(settings):
        sender, runner = _loops(parts)

        def stop() -> None:
            runner.stop()
            sender.stop()

        with in_threads(runner):
            _on_stop_signals(stop)
            click.echo("Passback sends.")
            sender.run()


@main.command()
@click.option("--port", default=8000, show_default=True, help="Where Passback is served.")
@click.option("--lms-port", default=9000, show_default=True, help="Where the demo LMS is served.")
def demo(port: int, lms_port: int) -> None:
    """Passback and a pretend LMS on this machine, ready to click."""
    configure_logs()
    with tempfile.TemporaryDirectory(prefix="passback-demo-") as folder:
        _run_demo(Path(folder), port, lms_port)


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables to the newest state."""
    upgrade(Database(load_settings().database_url))
    click.echo("The tables are up to date.")


@main.group()
def platform() -> None:
    """The LMSs that Passback trusts."""


@platform.command("add")
@click.argument("file", type=click.Path(path_type=Path))
def platform_add(file: Path) -> None:
    """Take in the platforms of a JSON FILE: {"<issuer>": [{"client_id": …}]}."""
    content = read_json(file)
    try:
        # The same checks as config.json's, the environment's rules about http included.
        wanted = TypeAdapter(Platforms).validate_python(content)
        settings = load_settings()
        Settings(**(settings.model_dump() | {"platforms": wanted}))
    except ValidationError as error:
        raise BadInput(f"{file}: {describe(error)}") from None
    if not wanted:
        raise BadInput(f"{file}: names no platform")
    for name in add_platforms(_database(settings), wanted, of_file=settings.platforms):
        click.echo(f"added {name}")


@platform.command("list")
def platform_list() -> None:
    """Show the platforms and their deployments."""
    settings = load_settings()
    database = _database(settings)
    adopt_file_platforms(database, settings.platforms)
    table = Table("name", "family", "issuer", "client id", "deployments")
    for known in TrustedPlatforms(database).every():
        facts = known.facts
        table.add_row(known.name, facts.family, facts.issuer, facts.client_id, ", ".join(known.customers))
    Console().print(table)


@main.group()
def assignment() -> None:
    """Assignments."""


@assignment.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def assignment_import(file: Path) -> None:
    """Take in an assignment FILE; one whose id is known is edited, and what was handed in is graded anew."""
    database = _database(load_settings())
    done = import_assignment(database, _read_assignment(file))
    if done.is_new:
        click.echo(f"imported {done.assignment_id}")
    else:
        click.echo(f"changed {done.assignment_id}; graded anew: {done.regraded}")


@assignment.command("export")
@click.argument("assignment_id", metavar="ID")
def assignment_export(assignment_id: str) -> None:
    """Write an assignment's file to standard output."""
    click.echo(write_assignment_file(export_assignment(_database(load_settings()), assignment_id)), nl=False)


@main.group()
def keys() -> None:
    """The tool's own keys."""


@keys.command("list")
def keys_list() -> None:
    """Show which keys are published, and which one signs."""
    settings = load_settings()
    database = _database(settings)
    active = ensure_signing_key(database, settings)
    table = Table("key id", "published since", "signs since", "")
    for key in list_keys(database):
        state = "signs" if key.kid == active.kid else ("retired" if key.retired_at else "published")
        table.add_row(key.kid, f"{key.published_at:%Y-%m-%d %H:%M}", f"{key.signs_from:%Y-%m-%d %H:%M}", state)
    Console().print(table)


def _read_assignment(file: Path) -> AssignmentFile:
    try:
        return read_assignment_file(file.read_text("utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not UTF-8 text") from None
    except BadInput as error:
        raise BadInput(f"{file}: {error.message}", error.hint) from None


def _database(settings: Settings) -> Database:
    """The database with its tables as this version needs them; SQLite's are made and changed without asking."""
    database = Database(settings.database_url)
    if not is_current(database):
        if not database.is_sqlite:
            raise BadInput("the database's tables are not those of this version.", "Run: passback db upgrade")
        upgrade(database)
    return database


def _parts(settings: Settings) -> Parts:
    database = _database(settings)
    return Parts(
        settings=settings,
        database=database,
        platforms=TrustedPlatforms(database),
        outbound=Outbound(allow_loopback_http=not settings.is_production),
        bell=Bell(),
    )


def _loops(parts: Parts) -> tuple[Sender, Runner]:
    """Everything that works beside the pages."""
    sender = make_sender(parts.settings, parts.database, parts.platforms, parts.outbound, parts.bell)
    runner = make_runner(parts.settings, parts.database, parts.platforms, parts.outbound)
    seed_errands(parts.database)
    return sender, runner


def _serve(app: Flask, host: str, port: int) -> None:
    try:
        server = create_server(app, host=host, port=port, threads=WEB_THREADS, ident=None)
    except OSError as error:
        raise BadInput(f"{host}:{port} cannot be used ({error.strerror})", "Choose another --port.") from error
    _on_stop_signals(lambda: sys.exit(0))
    click.echo(f"Passback on {app.config['TOOL_ORIGIN']}")
    server.run()


def _on_stop_signals(stop: Callable[[], object]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


def _run_demo(folder: Path, port: int, lms_port: int) -> None:
    try:
        listener = serving.bind("127.0.0.1", lms_port)
    except OSError as error:
        raise BadInput(f"port {lms_port} cannot be used ({error.strerror})", "Choose another --lms-port.") from error
    lms_url, tool_url = serving.address_of(listener), f"http://localhost:{port}"
    settings = Settings(
        base_url=tool_url,
        database_url=f"sqlite:///{folder}/demo.db",
        keys_dir=folder / "keys",
        platforms=TypeAdapter(Platforms).validate_python(platform_entry(lms_url)),
    )
    parts = _parts(settings)
    adopt_file_platforms(parts.database, settings.platforms)
    for file in sorted(files("tool.demo_lms").joinpath("assignments").iterdir(), key=lambda one: one.name):
        import_assignment(parts.database, read_assignment_file(file.read_text("utf-8")))
    lms = create_lms(base_url=lms_url, tool_url=tool_url)
    threading.Thread(target=serving.serve, args=(lms, listener), daemon=True).start()
    with in_threads(*_loops(parts)):
        click.echo(_what_to_click(lms_url))
        _serve(create_app(parts), "127.0.0.1", port)


def _what_to_click(lms_url: str) -> str:
    return f"""
The demo LMS is on {lms_url}

  1. Open it, choose to be Ben Carter (a student of “Period 3 math”), and open “Fractions quiz”.
  2. Answer, and press Submit.
  3. Open the gradebook: the score is there by itself.

Then be Ada Byron, who teaches the course, and open the same assignment. Stop with Ctrl+C; nothing is kept.
"""
