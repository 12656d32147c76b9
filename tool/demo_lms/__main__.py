"""`python -m tool.demo_lms`: serves the pretend LMS on this machine until it is told to stop."""

import signal
import sys
from types import FrameType

import click

from tool.demo_lms.lms import Lms
from tool.demo_lms.manners import MANNERS
from tool.demo_lms.moods import Mood
from tool.demo_lms.server import create_lms
from tool.demo_lms.serving import NotLoopback, address_of, bind, serve


@click.command()
@click.option("--port", default=9000, show_default=True, help="0 takes a free one.")
@click.option("--tool", "tool_url", default="http://localhost:8000", show_default=True, help="Where the tool is.")
@click.option(
    "--manner",
    default="canvas",
    show_default=True,
    type=click.Choice(list(MANNERS)),
    help="The LMS to imitate.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
def main(port: int, tool_url: str, manner: str, host: str) -> None:
    """A pretend LMS for trying Passback."""
    try:
        listener = bind(host, port)
    except (NotLoopback, OSError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    base_url = address_of(listener)
    app = create_lms(base_url=base_url, tool_url=tool_url, manner=manner)
    lms: Lms = app.extensions["demo_lms.parts"]

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Requests that a mood keeps waiting would hold up the end.
        lms.moods.change(Mood())
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    click.echo(f"demo LMS on {base_url}")
    serve(app, listener)


if __name__ == "__main__":
    main()
