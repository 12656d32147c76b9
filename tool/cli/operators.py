"""Operators: who may look after this installation in the browser."""

import getpass
import sys

import click

from tool.admin.operators import add_operator, list_operators, remove_operator, require_email
from tool.cli.opening import open_database
from tool.cli.printing import print_table
from tool.errors import BadInput
from tool.settings import load_settings


@click.group()
def operator() -> None:
    """Who may sign in to the operator's pages."""


@operator.command("add")
@click.argument("email")
def operator_add(email: str) -> None:
    """Let EMAIL sign in; a known one gets a new password and is signed out everywhere.

    The password is asked for twice, or read as one line from standard input.
    """
    address = require_email(email)
    database = open_database(load_settings())
    is_new = add_operator(database, address, _read_password())
    click.echo(f"added {address}" if is_new else f"changed {address}: a new password, signed out everywhere")


@operator.command("list")
def operator_list() -> None:
    """Show who may sign in."""
    rows = [
        (
            str(one.id),
            one.email,
            f"{one.created_at:%Y-%m-%d %H:%M}",
            f"{one.signed_in_at:%Y-%m-%d %H:%M}" if one.signed_in_at else "never",
        )
        for one in list_operators(open_database(load_settings()))
    ]
    print_table(("id", "e-mail", "added (UTC)", "last signed in"), rows)


@operator.command("remove")
@click.argument("email")
def operator_remove(email: str) -> None:
    """Let EMAIL sign in no longer, and end all their sessions."""
    remove_operator(open_database(load_settings()), email)
    click.echo(f"removed {email}")


def _read_password() -> str:
    if not sys.stdin.isatty():
        try:
            return sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError:
            raise BadInput("the password is not UTF-8 text") from None
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise BadInput("the two passwords differ")
    return password
