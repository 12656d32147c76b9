"""A last question before something goes for good."""

import click

from tool.errors import BadInput


def require_agreement() -> None:
    """BadInput unless whoever sits there says yes."""
    try:
        agreed = click.confirm("Delete it all?")
    except click.Abort:
        click.echo()
        agreed = False
    if not agreed:
        raise BadInput("nothing was deleted.", "Answer y, or add --yes.")
