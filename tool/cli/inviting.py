"""Invitations: a link by which an LMS admin without an account registers an LMS."""

from datetime import timedelta

import click

from tool.cli.opening import open_database
from tool.registration.invitations import invitation_url, invite
from tool.settings import load_settings


@click.group()
def admin() -> None:
    """Administrators of LMSs."""


@admin.command("invite")
@click.option("--note", default="", help="For whom it is; only operators see it.")
@click.option("--days", default=7, show_default=True, help="How long the link is good.")
@click.option("--approve", is_flag=True, help="What is registered by it is trusted at once, without an operator.")
def admin_invite(note: str, days: int, approve: bool) -> None:
    """Make a link for an LMS admin who has no account here. It is good once and is shown only now."""
    settings = load_settings()
    database = open_database(settings)
    # Whatever number is typed becomes a time, which is then too long.
    valid_for = timedelta(days=max(0, min(days, 10_000)))
    secret = invite(database, note=note, approves=approve, valid_for=valid_for, made_by=None)
    click.echo(invitation_url(settings.base_url, secret))
