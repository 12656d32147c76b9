"""The command `passback`. Bad input: one clear line on standard error, exit status 2, nothing changed.

Read: opening (database and parts, as the configuration names them) · serving (serve, worker) · demonstrating (demo) ·
administering (db, platform, assignment, keys).
"""

import sys

import click

from tool.cli.administering import assignment, db, keys, platform
from tool.cli.demonstrating import demo
from tool.cli.serving import serve, worker
from tool.errors import PassbackError


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


for command in (serve, worker, demo, db, platform, assignment, keys):
    main.add_command(command)
