"""Testing the connection to an LMS."""

import click

from tool.cli.opening import open_database
from tool.cli.printing import print_table
from tool.registration.checking import check_platform
from tool.registration.checks.subject import find_named
from tool.registration.platforms import adopt_file_platforms
from tool.settings import load_settings

WORDS = {"good": "good", "look": "look", "bad": "BAD", "unknown": "–"}


@click.command("check")
@click.argument("name")
@click.pass_context
def platform_check(context: click.Context, name: str) -> None:
    """Test the connection to the platform NAME (its name, issuer or client id), step by step.

    Exit status 0 when nothing is bad, 1 when something is, 2 when there is no such platform.
    """
    settings = load_settings()
    database = open_database(settings)
    adopt_file_platforms(database, settings.platforms)
    steps = check_platform(database, settings, find_named(database, name), invited=False)
    print_table(
        ("", "step", "what was found", "what to do"),
        ((WORDS[step.state], step.name, step.text, step.remedy or "") for step in steps),
    )
    if any(step.state == "bad" for step in steps):
        context.exit(1)
