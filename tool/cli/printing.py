"""Tables on the terminal, and in whatever reads what a command printed."""

import shutil
import sys
from collections.abc import Iterable

import click
from prettytable import PrettyTable, TableStyle

# No cell of a table that is too wide for its terminal becomes narrower than this.
NARROWEST = 20
PADDING, EDGE = 3, 1


def print_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A line for each row. On a terminal the longest column takes several lines where it must; elsewhere nothing is
    broken, since what is printed is read by scripts too."""
    columns = list(headings)
    lines = [[_printable(cell) for cell in row] for row in rows]
    table = PrettyTable(columns, align="l")
    table.set_style(TableStyle.SINGLE_BORDER)
    table.add_rows(lines)
    if sys.stdout.isatty():
        widths = {cells[0]: max(map(len, cells)) for cells in zip(columns, *lines, strict=True)}
        surplus = EDGE + sum(width + PADDING for width in widths.values()) - shutil.get_terminal_size().columns
        widest = max(widths, key=lambda heading: widths[heading])
        if surplus > 0:
            table.max_width = {widest: max(NARROWEST, widths[widest] - surplus)}
    click.echo(table.get_string())


def _printable(text: str) -> str:
    """A name may hold anything: nothing of it commands the terminal."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
