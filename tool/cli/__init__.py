"""The command `passback`. Bad input: one clear line on standard error, exit status 2, nothing changed.

Read: opening (database and parts, as the configuration names them) · sending (worker) · serving (serve) · demonstrating
(demo) · administering (db, platform, assignment, keys), checking (platform check) · operators (operator) · inviting
(admin) · students (student) · courses (course) · school_records (sis) · printing (tables).
"""

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module

import click

from tool.errors import PassbackError

# Each is imported when it is called: a sender carries no web framework, and a short command starts quickly.
COMMANDS: Mapping[str, str] = {
    "serve": "serving",
    "worker": "sending",
    "demo": "demonstrating",
    "db": "administering",
    "platform": "administering",
    "keys": "administering",
    "assignment": "administering",
    "operator": "operators",
    "admin": "inviting",
    "student": "students",
    "course": "courses",
    "sis": "school_records",
}


class Commands(click.Group):
    """Turns every refusal of ours into one line and exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        with _nothing_is_garbage():
            found: click.Command = getattr(import_module(f"tool.cli.{module}"), cmd_name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PassbackError as error:
            click.echo(f"passback: {error.message}" + (f" {error.hint}" if error.hint else ""), err=True)
            sys.exit(2)


@contextmanager
def _nothing_is_garbage() -> Iterator[None]:
    """What is imported stays as long as the process: to look for garbage in it again and again would make a start a
    fifth slower, and every page and score a little."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=Commands)
@click.version_option(package_name="passback")
def main() -> None:
    """Passback gives students assignments and brings every grade home to the LMS gradebook."""
