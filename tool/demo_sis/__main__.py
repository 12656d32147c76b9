"""`python -m tool.demo_sis`: serves the pretend SIS on this machine until it is told to stop."""

import signal
import sys
from types import FrameType

import click

from tool.demo_sis.moods import Mood
from tool.demo_sis.server import create_sis
from tool.demo_sis.serving import NotLoopback, address_of, bind, serve
from tool.demo_sis.settings import WORDS, SisSettings, change_settings
from tool.demo_sis.sis import Sis


@click.command()
@click.option("--port", default=9100, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--version", default="1.2", show_default=True, type=click.Choice(WORDS["version"]), help="Of OneRoster.")
@click.option("--auth", default="oauth2", show_default=True, type=click.Choice(WORDS["auth"]), help="Who may come in.")
@click.option("--ids", default="ours", show_default=True, type=click.Choice(WORDS["ids"]), help="Whose ids are kept.")
@click.option("--lax", is_flag=True, help="Take what Google's conformance suite sends.")
def main(port: int, host: str, lax: bool, **words: str) -> None:
    """A pretend SIS for trying Passback."""
    try:
        listener = bind(host, port)
    except (NotLoopback, OSError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    base_url = address_of(listener)
    app = create_sis(base_url=base_url, settings=change_settings(SisSettings(is_strict=not lax), {**words}))
    sis: Sis = app.extensions["demo_sis.parts"]

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Requests that a mood keeps waiting would hold up the end.
        sis.moods.change(Mood())
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    click.echo(f"demo SIS on {base_url}")
    serve(app, listener)


if __name__ == "__main__":
    main()
