"""Running: the pages, the sender and the errands, as one process or as several."""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

import click
from flask import Flask
from waitress.server import create_server

from tool.app import Parts, create_app
from tool.cli.opening import open_parts
from tool.errands import Runner
from tool.errors import BadInput
from tool.logs import configure_logs
from tool.passback.sender import Sender
from tool.registration.keys import ensure_signing_key
from tool.registration.platforms import adopt_file_platforms
from tool.settings import load_settings
from tool.worker import in_threads, make_runner, make_sender, only_sender, seed_errands

WEB_THREADS = 8
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


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
    if no_sender:
        serve_pages(create_app(parts), host, port)
        return
    with only_sender(settings), in_threads(*make_loops(parts)):
        serve_pages(create_app(parts), host, port)


@click.command()
def worker() -> None:
    """Send scores until stopped."""
    configure_logs()
    settings = load_settings()
    parts = open_parts(settings)
    with only_sender(settings):
        sender, runner = make_loops(parts)

        def stop() -> None:
            runner.stop()
            sender.stop()

        _stop_at_signals(stop)
        with in_threads(runner):
            click.echo("Passback sends.")
            sender.run()


def make_loops(parts: Parts) -> tuple[Sender, Runner]:
    """Everything that works beside the pages."""
    sender = make_sender(parts.settings, parts.database, parts.platforms, parts.outbound, parts.bell)
    runner = make_runner(parts.settings, parts.database, parts.platforms, parts.outbound)
    seed_errands(parts.database)
    return sender, runner


def serve_pages(app: Flask, host: str, port: int) -> None:
    try:
        server = create_server(app, host=host, port=port, threads=WEB_THREADS, ident=None)
    except OSError as error:
        raise BadInput(f"{host}:{port} cannot be used ({error.strerror})", "Choose another --port.") from error
    _exit_at_signals()
    click.echo(f"Passback on {app.config['TOOL_ORIGIN']}")
    server.run()


def _exit_at_signals() -> None:
    def leave(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    for number in STOP_SIGNALS:
        signal.signal(number, leave)


def _stop_at_signals(stop: Callable[[], object]) -> None:
    """To be called before other threads are started. A thread waits for the signal, since a handler would run in the
    middle of anything, also where the lock is held that `stop` needs."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)

    def wait() -> None:
        signal.sigwait(STOP_SIGNALS)
        stop()

    threading.Thread(target=wait, name="signals", daemon=True).start()
