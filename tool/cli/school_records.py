"""Connections to schools' records, for operators on the machine itself."""

import click
from sqlalchemy import Connection

from tool.cli.opening import open_database
from tool.cli.printing import print_table
from tool.errors import BadInput
from tool.registration.keys import ensure_secret
from tool.settings import load_settings
from tool.sis.connecting.connections import ConnectionLine, read_connections
from tool.sis.connecting.sealing import Sealing
from tool.sis.connecting.trying import try_connection

WORDS = {"good": "good", "look": "look", "bad": "BAD", "unknown": "–"}


@click.group()
def sis() -> None:
    """Connections to schools' records (SIS)."""


@sis.command("list")
def sis_list() -> None:
    """Every connection, with its state."""
    with open_database(load_settings()).reading() as connection:
        lines = read_connections(connection)
    rows = (
        (str(one.id), one.name, one.vendor, one.version, one.platform_name, str(one.sections), _state(one))
        for one in lines
    )
    print_table(("number", "name", "vendor", "OneRoster", "for", "classes", "state"), rows)


@sis.command("check")
@click.argument("name")
@click.option("--teacher", default="", help="E-mail address of a teacher, one of whose classes is read.")
@click.pass_context
def sis_check(context: click.Context, name: str, teacher: str) -> None:
    """Test the connection NAME (its name or its number) step by step.

    Exit status 0 when nothing is bad, 1 when something is, 2 when there is no such connection.
    """
    settings = load_settings()
    database = open_database(settings)
    with database.reading() as connection:
        found = _find_named(connection, name)
    trial = try_connection(
        database,
        Sealing(ensure_secret(settings.keys_dir)),
        found.id,
        teacher_email=teacher.strip(),
        allow_loopback_http=not settings.is_production,
    )
    print_table(
        ("", "step", "what was found", "what to do"),
        ((WORDS[step.state], step.name, step.text, step.remedy or "") for step in trial.steps),
    )
    if any(step.state == "bad" for step in trial.steps):
        context.exit(1)


def _find_named(connection: Connection, name: str) -> ConnectionLine:
    """By its name, or by its number where several have that name."""
    lines = read_connections(connection)
    named = [one for one in lines if one.name == name] or [one for one in lines if str(one.id) == name]
    if not named:
        raise BadInput("no connection has this name.", "List them: passback sis list")
    if len(named) > 1:
        numbers = ", ".join(str(one.id) for one in named)
        raise BadInput("several connections have this name.", f"Give the number of one: {numbers}.")
    return named[0]


def _state(line: ConnectionLine) -> str:
    state = "off: the LMS syncs" if line.lms_syncs else "on" if line.is_enabled else "off"
    paused = ["nights paused"] if line.is_paused else []
    ending = [f"credentials end {line.secret_expires_on}"] if line.is_ending else []
    return ", ".join([state, *paused, *ending])
