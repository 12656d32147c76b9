"""Tables on the terminal, and in whatever reads what a command printed."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

# Wide enough for whole ids: what is printed is read by scripts too.
TABLE_COLUMNS = 200


def print_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A line for each row; cut short nowhere but on a terminal."""
    table = Table(*headings)
    for row in rows:
        # As plain text: a name in square brackets is no markup.
        table.add_row(*map(Text, row))
    console = Console()
    if not console.is_terminal:
        console.width = TABLE_COLUMNS
    console.print(table)
