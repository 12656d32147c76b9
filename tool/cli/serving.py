"""Serving: the pages, and with SQLite the sender and the errands in the same process."""

from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from tool.app import BODY_BYTES, create_app
from tool.cli.draining import listen_for_signals, serve_until_told
from tool.cli.opening import open_parts, tell_environment
from tool.cli.sending import working
from tool.errors import BadInput
from tool.logs import configure_logs
from tool.registration.keys import ensure_signing_key
from tool.registration.platforms import adopt_file_platforms
from tool.settings import Settings, load_settings
from tool.worker import only_sender

WEB_THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--no-sender", is_flag=True, help="Only pages; scores are sent by `passback worker` elsewhere.")
def serve(host: str, port: int, no_sender: bool) -> None:
    """Serve the pages, and with SQLite send the scores too."""
    configure_logs()
    settings = load_settings()
    parts = open_parts(settings)
    ensure_signing_key(parts.database, settings)
    adopt_file_platforms(parts.database, settings.platforms)
    app = create_app(parts)
    if no_sender:
        serve_pages(app, open_door(app, host, port), told=settings)
        return
    with only_sender(settings):
        sockets = open_door(app, host, port)
        with working(parts) as stop:
            serve_pages(app, sockets, told=settings, at_stop=stop)


def open_door(app: Flask, host: str, port: int) -> dict[int, Any]:
    """The address is ours, and whoever knocks waits until `serve_pages`. Before anything is sent: with its first score
    the LMS asks for our key set, and were nobody there, it would refuse us. BadInput when somebody else has it."""
    sockets: dict[int, Any] = {}
    try:
        # What proxies say is passed on: `tool.sources` believes it of `trusted_proxies` only, all else never asks.
        options = {"threads": WEB_THREADS, "ident": None, "clear_untrusted_proxy_headers": False}
        # Somewhat more than the app takes, which says no in a page of its own; far more is not even received.
        options["max_request_body_size"] = 2 * BODY_BYTES
        create_server(app, map=sockets, host=host, port=port, **options)
    except OSError as error:
        raise BadInput(f"{host}:{port} cannot be used ({error.strerror})", "Choose another --port.") from error
    return sockets


def serve_pages(
    app: Flask,
    sockets: dict[int, Any],
    *,
    told: Settings | None = None,
    at_stop: Callable[[], bool] = lambda: True,
) -> None:
    """Until a signal, and then until everybody who is in is answered; `at_stop` as `serve_until_told` has it. With
    settings, what they allow is said."""
    signals = listen_for_signals(sockets)
    if told is not None:
        tell_environment(told)
    click.echo(f"Passback on {app.config['TOOL_ORIGIN']}")
    serve_until_told(sockets, signals, at_stop)
