"""Looking after an installation: its tables, platforms, assignments and keys."""

from pathlib import Path

import click
from pydantic import TypeAdapter, ValidationError

from tool.admin.removing import remove_platform
from tool.assessment.assignments import export_assignment, import_assignment
from tool.assessment.questions import AssignmentFile, read_assignment_file, write_assignment_file
from tool.cli.checking import platform_check
from tool.cli.opening import database_in_words, open_database
from tool.cli.printing import print_table
from tool.db import Database
from tool.errors import BadInput
from tool.migrations.upgrading import upgrade
from tool.registration.checks.subject import find_named
from tool.registration.keys import ensure_signing_key, list_keys, rotate_keys
from tool.registration.platforms import TrustedPlatforms, add_platforms, adopt_file_platforms
from tool.settings import Platforms, Settings, describe, load_settings, read_json


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables to the newest state."""
    settings = load_settings()
    with database_in_words():
        upgrade(Database(settings.database_url))
    click.echo("The tables are up to date.")


@click.group()
def platform() -> None:
    """The LMSs that Passback trusts."""


platform.add_command(platform_check)


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
    for name in add_platforms(open_database(settings), wanted, of_file=settings.platforms):
        click.echo(f"added {name}")


@platform.command("list")
def platform_list() -> None:
    """Show the platforms and their deployments."""
    settings = load_settings()
    database = open_database(settings)
    adopt_file_platforms(database, settings.platforms)
    print_table(
        ("name", "family", "issuer", "client id", "deployments"),
        (
            (known.name, known.facts.family, known.facts.issuer, known.facts.client_id, ", ".join(known.customers))
            for known in TrustedPlatforms(database).every()
        ),
    )


@platform.command("remove")
@click.argument("name")
def platform_remove(name: str) -> None:
    """Switch the platform NAME (its name, issuer or client id) off for good; what waits for it is never sent.

    People, courses and grades are kept.
    """
    settings = load_settings()
    database = open_database(settings)
    adopt_file_platforms(database, settings.platforms)
    closed = remove_platform(database, find_named(database, name))
    click.echo(f"removed {name}; waiting scores closed: {closed}")


@click.group()
def assignment() -> None:
    """Assignments."""


@assignment.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def assignment_import(file: Path) -> None:
    """Take in an assignment FILE; one whose id is known is edited, and what was handed in is graded anew."""
    database = open_database(load_settings())
    done = import_assignment(database, _read_assignment(file))
    if done.is_new:
        click.echo(f"imported {done.assignment_id}")
    else:
        click.echo(f"changed {done.assignment_id}; graded anew: {done.regraded}")


@assignment.command("export")
@click.argument("assignment_id", metavar="ID")
def assignment_export(assignment_id: str) -> None:
    """Write an assignment's file to standard output."""
    click.echo(write_assignment_file(export_assignment(open_database(load_settings()), assignment_id)), nl=False)


@click.group()
def keys() -> None:
    """The tool's own keys."""


@keys.command("list")
def keys_list() -> None:
    """Show which keys are published, and which one signs."""
    settings = load_settings()
    database = open_database(settings)
    active = ensure_signing_key(database, settings)
    rows = []
    for key in list_keys(database):
        state = "signs" if key.kid == active.kid else ("retired" if key.retired_at else "published")
        rows.append((key.kid, f"{key.published_at:%Y-%m-%d %H:%M}", f"{key.signs_from:%Y-%m-%d %H:%M}", state))
    print_table(("key id", "published since", "signs since", ""), rows)


@keys.command("rotate")
def keys_rotate() -> None:
    """Publish a new key, which signs in two hours; the old one stays published for a day after that."""
    settings = load_settings()
    made = rotate_keys(open_database(settings), settings)
    click.echo(f"published {made.kid}; it signs from {made.signs_from:%Y-%m-%d %H:%M} UTC")
    click.echo("Copy the keys folder to every other machine before that; nothing has to be started again.", err=True)


def _read_assignment(file: Path) -> AssignmentFile:
    try:
        return read_assignment_file(file.read_text("utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not UTF-8 text") from None
    except BadInput as error:
        raise BadInput(f"{file}: {error.message}", error.hint) from None
